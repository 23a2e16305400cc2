/// The keys of one object of a pipeline file that have not been read yet, with the object's place.
struct ConfigFields {
  private var entries: [ConfigValue.Entry]
  let line: Int
  let path: String
  private let file: String

  init(_ entries: [ConfigValue.Entry], line: Int, path: String, file: String) {
    self.entries = entries
    self.line = line
    self.path = path
    self.file = file
  }

  func path(of key: String) -> String {
    let name = key.count <= 60 ? key : key.prefix(60) + "..."
    return path.isEmpty ? name : "\(path).\(name)"
  }

  /// An error about the object as a whole.
  func error(_ reason: PipelineError.Reason) -> PipelineError {
    PipelineError(file: file, line: line, path: path, reason: reason)
  }

  func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

  func value(of key: String) -> ConfigValue? { entries.first { $0.key == key }?.value }

  /// Adds a key, or replaces it.
  mutating func set(_ entry: ConfigValue.Entry) {
    entries.removeAll { $0.key == entry.key }
    entries.append(entry)
  }

  /// Adds the keys of another object that it does not have.
  mutating func add(_ others: [ConfigValue.Entry]) {
    let known = Set(entries.map(\.key))  // a hostile file has a hundred thousand keys
    entries += others.filter { !known.contains($0.key) }
  }

  /// Removes and returns a key; `nil` if the object does not have it.
  mutating func take(_ key: String) -> ConfigValue.Entry? {
    entries.firstIndex { $0.key == key }.map { entries.remove(at: $0) }
  }

  /// Removes a key and reads its value.
  mutating func take<Value>(
    _ key: String, _ read: (ConfigValue) throws(ParameterError) -> Value
  ) throws(PipelineError) -> Value? {
    guard let entry = take(key) else { return nil }
    return try located(entry, read)
  }

  /// Reads a value and adds its place to any error.
  func located<Value>(
    _ entry: ConfigValue.Entry, _ read: (ConfigValue) throws(ParameterError) -> Value
  ) throws(PipelineError) -> Value {
    do throws(ParameterError) {
      return try read(entry.value)
    } catch {
      throw PipelineError(
        file: file, line: entry.line, path: path(of: entry.writtenAs ?? entry.key), reason: .value(error.text))
    }
  }

  /// Throws if a key has not been taken: it is probably a typo and would silently have no effect.
  func refuseRest(of owner: String, known: [String]) throws(PipelineError) {
    guard let entry = entries.first else { return }
    let nearest = nearestName(to: entry.key, among: known)
    throw PipelineError(
      file: file, line: entry.line, path: path(of: entry.key), reason: .unknownKey(owner: owner, nearest: nearest))
  }
}

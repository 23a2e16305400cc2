/// The keys of one object of a pipeline file that are still to be read, and where it stands.
struct ConfigFields {
  private var entries: [ConfigValue.Entry]
  private let line: Int
  private let path: String
  private let file: String

  init(_ entries: [ConfigValue.Entry], line: Int, path: String, file: String) {
    self.entries = entries
    self.line = line
    self.path = path
    self.file = file
  }

  /// The place of one key of the object.
  func path(of key: String) -> String {
    let name = key.count <= 60 ? key : key.prefix(60) + "..."
    return path.isEmpty ? name : "\(path).\(name)"
  }

  /// An error of the object as a whole.
  func error(_ reason: PipelineError.Reason) -> PipelineError {
    PipelineError(file: file, line: line, path: path, reason: reason)
  }

  /// Takes a key out, or `nil` where the object does not have it.
  mutating func take(_ key: String) -> ConfigValue.Entry? {
    entries.firstIndex { $0.key == key }.map { entries.remove(at: $0) }
  }

  /// Takes a key out and reads its value.
  mutating func take<Value>(
    _ key: String, _ read: (ConfigValue) throws(ParameterError) -> Value
  ) throws(PipelineError) -> Value? {
    guard let entry = take(key) else { return nil }
    return try located(entry, read)
  }

  /// Reads a value; what is wrong with it is said with its place.
  func located<Value>(
    _ entry: ConfigValue.Entry, _ read: (ConfigValue) throws(ParameterError) -> Value
  ) throws(PipelineError) -> Value {
    do throws(ParameterError) {
      return try read(entry.value)
    } catch {
      throw PipelineError(file: file, line: entry.line, path: path(of: entry.key), reason: .value(error.text))
    }
  }

  /// Every key must have been taken: one that is left is a slip, and would silently change nothing.
  func refuseRest(of owner: String, known: [String]) throws(PipelineError) {
    guard let entry = entries.first else { return }
    let nearest = nearestName(to: entry.key, among: known)
    throw PipelineError(
      file: file, line: entry.line, path: path(of: entry.key), reason: .unknownKey(owner: owner, nearest: nearest))
  }
}

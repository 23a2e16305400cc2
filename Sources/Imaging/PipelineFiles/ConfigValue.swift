internal import Platform
internal import SystemPackage

/// A value of a JSON or YAML pipeline file, with its line.
package struct ConfigValue: Sendable {
  package enum Content: Sendable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([ConfigValue])
    case object([Entry])
  }

  /// A key of an object, the key's line, and its value.
  package struct Entry: Sendable {
    package var key: String
    package var line: Int
    package var value: ConfigValue
  }

  package var content: Content
  /// Line in the file, from 1.
  package var line: Int
  /// A scalar as the file writes it; empty for a list or an object.
  package var source = ""

  /// Whether it is null, false, or an empty list or object.
  var isNone: Bool {
    switch content {
    case .null, .flag(false): true
    case .list(let values): values.isEmpty
    case .object(let entries): entries.isEmpty
    case .flag, .number, .text: false
    }
  }

  /// A short text for messages: `"abc"`, `-3`, `a list of 3`.
  package var description: String {
    switch content {
    case .null: "null"
    case .flag(let flag): String(flag)
    case .number(let number): format(number)
    case .text(let text): quoted(text)
    case .list(let values): "a list of \(values.count)"
    case .object: "an object"
    }
  }
}

extension ConfigValue {
  func number(in limits: ClosedRange<Double>) throws(ParameterError) -> Double {
    guard case .number(let number) = content, number.isFinite else {
      throw ParameterError("must be a number, not \(description)")
    }
    guard limits.contains(number) else { throw ParameterError("must be \(text(of: limits)), not \(format(number))") }
    return number
  }

  func integer(in limits: ClosedRange<Int>) throws(ParameterError) -> Int {
    guard case .number(let number) = content, let integer = Int(exactly: number) else {
      throw ParameterError("must be a whole number, not \(description)")
    }
    guard limits.contains(integer) else {
      throw ParameterError(
        "must be \(text(of: Double(limits.lowerBound)...Double(limits.upperBound))), not \(integer)")
    }
    return integer
  }

  func range(in limits: ClosedRange<Double>, lowest: Double?) throws(ParameterError) -> ClosedRange<Double> {
    guard case .list(let values) = content else {
      guard case .number = content else { throw ParameterError("must be a number or two, not \(description)") }
      let number = try number(in: limits)
      let other = lowest ?? -number
      guard limits.contains(other) else { throw ParameterError("must be two numbers, not one") }
      return min(other, number)...max(other, number)
    }
    guard values.count == 2 else { throw ParameterError("must be a number or two, not \(description)") }
    let (low, high) = (try values[0].number(in: limits), try values[1].number(in: limits))
    guard low <= high else {
      throw ParameterError("must have the lower number first, not [\(format(low)), \(format(high))]")
    }
    return low...high
  }

  /// A single number x means x ... x.
  func fixedOrRange(in limits: ClosedRange<Double>) throws(ParameterError) -> ClosedRange<Double> {
    guard case .number = content else { return try range(in: limits, lowest: nil) }
    let number = try number(in: limits)
    return number...number
  }

  func integers(in limits: ClosedRange<Int>, lowest: Int) throws(ParameterError) -> ClosedRange<Int> {
    if case .list(let values) = content, values.count == 2 {
      let (low, high) = (try values[0].integer(in: limits), try values[1].integer(in: limits))
      guard low <= high else { throw ParameterError("must have the lower number first, not [\(low), \(high)]") }
      return low...high
    }
    if case .list = content { throw ParameterError("must be a whole number or two, not \(description)") }
    let number = try integer(in: limits)
    return min(lowest, number)...max(lowest, number)
  }

  func flag() throws(ParameterError) -> Bool {
    guard case .flag(let flag) = content else { throw ParameterError("must be true or false, not \(description)") }
    return flag
  }

  func choice<Choice: RawRepresentable<String> & CaseIterable>() throws(ParameterError) -> Choice {
    guard case .text(let text) = content, let choice = Choice(rawValue: text) else {
      let names = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
      throw ParameterError("must be \(names), not \(description)")
    }
    return choice
  }

  /// "0 or more", "at most 1", "between 0 and 1", "finite".
  private func text(of limits: ClosedRange<Double>) -> String {
    switch (limits.lowerBound > -1e15, limits.upperBound < 1e15) {
    case (true, true): "between \(format(limits.lowerBound)) and \(format(limits.upperBound))"
    case (true, false): "\(format(limits.lowerBound)) or more"
    case (false, true): "at most \(format(limits.upperBound))"
    case (false, false): "finite"
    }
  }
}

/// The keys of one object of a pipeline file that have not been read yet, with the object's place.
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

  func path(of key: String) -> String {
    let name = key.count <= 60 ? key : key.prefix(60) + "..."
    return path.isEmpty ? name : "\(path).\(name)"
  }

  /// An error about the object as a whole.
  func error(_ reason: PipelineError.Reason) -> PipelineError {
    PipelineError(file: file, line: line, path: path, reason: reason)
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
      throw PipelineError(file: file, line: entry.line, path: path(of: entry.key), reason: .value(error.text))
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

/// The text of a small handwritten file.
enum ConfigText {
  /// More than any pipeline needs. A wrong file is rejected before it fills memory.
  static let byteLimit = 1 << 20

  /// Reads the whole of `file`, which may also be a pipe.
  static func read(_ file: String) throws(PipelineError.Reason) -> String {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try File.readToEnd(FilePath(text: file), limit: byteLimit)
    } catch {
      switch error.cause {
      case .tooLarge: throw .tooLarge(byteLimit: byteLimit)
      case .system(let errno): throw .unreadable(errno.description)
      default: throw .unreadable(error.reason)
      }
    }
    return try decode(bytes)
  }

  static func decode(_ bytes: [UInt8]) throws(PipelineError.Reason) -> String {
    guard bytes.count <= byteLimit else { throw .tooLarge(byteLimit: byteLimit) }
    guard !bytes.isEmpty else { throw .empty }
    // NUL is valid UTF-8, but it indicates a binary file.
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else { throw .notText }
    return text.first == "\u{FEFF}" ? String(text.dropFirst()) : text
  }
}

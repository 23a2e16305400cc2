internal import Yams

/// Turns JSON or YAML into values with their lines. YAML contains JSON, so one parser reads both.
struct ConfigParser {
  private static let depthLimit = 64
  private static let countLimit = 100_000

  private let file: String
  private var count = 0

  static func parse(_ text: String, file: String) throws(PipelineError) -> ConfigValue {
    var parser = ConfigParser(file: file)
    try parser.refuseReferences(in: text)
    guard let node = try parser.compose(text) else { throw parser.error(.empty) }
    return try parser.value(of: node, depth: 0)
  }

  private init(file: String) {
    self.file = file
  }

  private func error(_ reason: PipelineError.Reason, line: Int? = nil) -> PipelineError {
    PipelineError(file: file, line: line, path: "", reason: reason)
  }

  /// A few aliases of aliases stand for more values than any memory holds, and directives may be many; neither has a use
  /// in a pipeline, so both are refused before parsing.
  private func refuseReferences(in text: String) throws(PipelineError) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      if line.utf8.first == UInt8(ascii: "%") {
        throw error(.syntax("directives (%) are not supported"), line: index + 1)
      }
      if mayHoldAlias(line.utf8) { throw error(.alias, line: index + 1) }
    }
  }

  /// Whether, where a value may begin, there is an asterisk and a name. What looks like a comment is left out only where
  /// no quote follows: it may stand in a quoted text that goes on to end in this line.
  private func mayHoldAlias(_ line: Substring.UTF8View) -> Bool {
    let lastQuote = line.lastIndex { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") } ?? line.startIndex
    var canBegin = true
    var previous: UInt8 = 0x20
    for index in line.indices {
      let byte = line[index]
      if byte == UInt8(ascii: "#"), isBlank(previous), index >= lastQuote { return false }
      if previous == UInt8(ascii: "*"), canBegin, isNameByte(byte) { return true }
      if byte != UInt8(ascii: "*") { canBegin = isBlank(byte) || "[{,:?-".utf8.contains(byte) }
      previous = byte
    }
    return false
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private func isNameByte(_ byte: UInt8) -> Bool { !isBlank(byte) && !",]}*\r".utf8.contains(byte) }

  private func compose(_ text: String) throws(PipelineError) -> Node? {
    do {
      return try Yams.compose(yaml: text, .default, .default, .utf8)
    } catch let error as YamlError {
      throw translated(error, text)
    } catch {
      throw self.error(.syntax(String(describing: error)))
    }
  }

  private func translated(_ error: YamlError, _ text: String) -> PipelineError {
    switch error {
    case .parser(_, let problem, let mark, _) where problem.hasPrefix("Maximum nesting level"):
      self.error(.tooDeep(limit: Self.depthLimit), line: mark.line)
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      self.error(.syntax(problem), line: mark.line)
    case .duplicatedKeysInMapping(let keys, let context):
      self.error(.duplicateKey(keys.first ?? ""), line: context.mark.line)
    case .reader(let problem, let offset, _, _):
      self.error(.syntax(problem), line: offset.map { 1 + text.prefix($0).count { $0.isNewline } })
    default: self.error(.syntax(error.description))
    }
  }

  private mutating func value(of node: Node, depth: Int) throws(PipelineError) -> ConfigValue {
    let line = node.mark?.line ?? 1
    count += 1
    guard count <= Self.countLimit else { throw error(.tooManyValues(limit: Self.countLimit), line: line) }
    guard depth <= Self.depthLimit else { throw error(.tooDeep(limit: Self.depthLimit), line: line) }
    switch node {
    case .scalar(let scalar): return ConfigValue(content: content(of: scalar), line: line)
    case .sequence(let sequence):
      var values: [ConfigValue] = []
      for item in sequence { values.append(try value(of: item, depth: depth + 1)) }
      return ConfigValue(content: .list(values), line: line)
    case .mapping(let mapping):
      var entries: [ConfigValue.Entry] = []
      for (key, item) in mapping { entries.append(try entry(key, item, depth: depth + 1)) }
      return ConfigValue(content: .object(entries), line: line)
    case .alias: throw error(.alias, line: line)
    }
  }

  private mutating func entry(_ key: Node, _ item: Node, depth: Int) throws(PipelineError) -> ConfigValue.Entry {
    let line = key.mark?.line ?? 1
    guard case .scalar(let scalar) = key else { throw error(.syntax("a key must be a text"), line: line) }
    return ConfigValue.Entry(key: scalar.string, line: line, value: try value(of: item, depth: depth))
  }

  /// What a word stands for, as Albumentations' YAML reader takes it; quoted, always a text.
  private func content(of scalar: Node.Scalar) -> ConfigValue.Content {
    guard scalar.style == .plain || scalar.style == .any else { return .text(scalar.string) }
    switch scalar.string.lowercased() {
    case "", "~", "null": return .null
    case "true", "yes", "on": return .flag(true)
    case "false", "no", "off": return .flag(false)
    default: return number(scalar.string).map { .number($0) } ?? .text(scalar.string)
    }
  }

  /// Decimal only: Swift's own reading would also take "inf", "nan" and "0x10".
  private func number(_ text: String) -> Double? {
    text.utf8.allSatisfy("0123456789+-.eE".utf8.contains) ? Double(text) : nil
  }
}

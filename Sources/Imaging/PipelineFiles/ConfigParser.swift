/// Parses JSON or YAML into values with line numbers. YAML is a superset of JSON, so one parser reads both.
///
/// Aliases and directives are refused: nested aliases can expand to more values than fit in memory, and a pipeline needs
/// neither.
package struct ConfigParser: ~Copyable {
  private static let depthLimit = 64
  private static let countLimit = 100_000

  private let file: String
  private var events: YAMLEvents
  private var count = 0

  package static func parse(_ text: String, file: String) throws(PipelineError) -> ConfigValue {
    var parser = try ConfigParser(text, file: file)
    return try parser.document()
  }

  private init(_ text: String, file: String) throws(PipelineError) {
    self.file = file
    do {
      events = try YAMLEvents(text)
    } catch {
      throw PipelineError(error, in: file)
    }
  }

  private func error(_ reason: PipelineError.Reason, line: Int? = nil) -> PipelineError {
    PipelineError(file: file, line: line, path: "", reason: reason)
  }

  private mutating func next() throws(PipelineError) -> (event: YAMLEvents.Event, line: Int) {
    do {
      return try events.next()
    } catch {
      throw PipelineError(error, in: file)
    }
  }

  /// The value of the only document.
  private mutating func document() throws(PipelineError) -> ConfigValue {
    _ = try next()  // the start of the stream
    let start = try next()
    guard case .documentStart(let hasDirectives) = start.event else { throw error(.empty) }
    if hasDirectives { throw error(.syntax("directives (%) are not supported"), line: start.line) }
    let first = try next()
    let value = try value(first.event, line: first.line, depth: 0)
    _ = try next()  // the end of the document
    let end = try next()
    guard case .streamEnd = end.event else {
      throw error(.syntax("a second document begins here"), line: end.line)
    }
    return value
  }

  /// The value that begins with `event`.
  private mutating func value(
    _ event: YAMLEvents.Event, line: Int, depth: Int
  ) throws(PipelineError) -> ConfigValue {
    count += 1
    guard count <= Self.countLimit else { throw error(.tooManyValues(limit: Self.countLimit), line: line) }
    guard depth <= Self.depthLimit else { throw error(.tooDeep(limit: Self.depthLimit), line: line) }
    switch event {
    case .scalar(let text, let isPlain):
      return ConfigValue(content: content(of: text, isPlain: isPlain), line: line, source: text)
    case .sequenceStart: return ConfigValue(content: .list(try items(depth: depth + 1)), line: line)
    case .mappingStart: return ConfigValue(content: .object(try entries(line: line, depth: depth + 1)), line: line)
    case .alias: throw error(.alias, line: line)
    case .sequenceEnd, .mappingEnd, .documentStart, .documentEnd, .streamStart, .streamEnd:
      throw error(.syntax("a value is missing"), line: line)
    }
  }

  private mutating func items(depth: Int) throws(PipelineError) -> [ConfigValue] {
    var items: [ConfigValue] = []
    while true {
      let (event, line) = try next()
      if case .sequenceEnd = event { return items }
      items.append(try value(event, line: line, depth: depth))
    }
  }

  private mutating func entries(line: Int, depth: Int) throws(PipelineError) -> [ConfigValue.Entry] {
    var entries: [ConfigValue.Entry] = []
    var keys: Set<String> = []
    while true {
      let (event, keyLine) = try next()
      switch event {
      case .mappingEnd: return entries
      case .scalar(let key, _):
        guard keys.insert(key).inserted else { throw error(.duplicateKey(key), line: line) }
        let item = try next()
        entries.append(
          ConfigValue.Entry(key: key, line: keyLine, value: try value(item.event, line: item.line, depth: depth)))
      case .alias: throw error(.alias, line: keyLine)
      default: throw error(.syntax("a key must be a text"), line: keyLine)
      }
    }
  }

  /// The value of a plain scalar as Albumentations' YAML reader resolves it; a quoted scalar is always text.
  private func content(of text: String, isPlain: Bool) -> ConfigValue.Content {
    guard isPlain else { return .text(text) }
    switch text.lowercased() {
    case "", "~", "null": return .null
    case "true", "yes", "on": return .flag(true)
    case "false", "no", "off": return .flag(false)
    default: return number(text).map { .number($0) } ?? .text(text)
    }
  }

  /// Decimal only: `Double.init` would also accept "inf", "nan" and "0x10".
  private func number(_ text: String) -> Double? {
    text.utf8.allSatisfy("0123456789+-.eE".utf8.contains) ? Double(text) : nil
  }
}

extension PipelineError {
  fileprivate init(_ failure: YAMLEvents.Failure, in file: String) {
    switch failure {
    case .syntax(let problem, let line): self.init(file: file, line: line, path: "", reason: .syntax(problem))
    case .outOfMemory: self.init(file: file, line: nil, path: "", reason: .outOfMemory)
    }
  }
}

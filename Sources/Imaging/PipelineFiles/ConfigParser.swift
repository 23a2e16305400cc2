/// Parses JSON or YAML into values with line numbers. YAML is a superset of JSON, so one parser reads both.
///
/// An alias (`*name`) stands for the value that was named (`&name`) before it, `<<` for the keys of another object. Both
/// count as often as they are used, because nested aliases can expand to more values than fit in memory.
package struct ConfigParser: ~Copyable {
  private static let depthLimit = 64
  private static let countLimit = 100_000

  /// A value with a name, and what it adds wherever the name is used.
  private struct Anchor {
    var value: ConfigValue
    var count: Int
    var height: Int
  }

  private let file: String
  private var events: YAMLEvents
  private var anchors: [String: Anchor] = [:]
  private var count = 0
  /// The deepest level of the value that is being read.
  private var deepest = 0

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

  private mutating func next() throws(PipelineError) -> (event: YAMLEvents.Event, line: Int, anchor: String?) {
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
    let value = try value(try next(), depth: 0)
    _ = try next()  // the end of the document
    let end = try next()
    guard case .streamEnd = end.event else {
      throw error(.syntax("a second document begins here"), line: end.line)
    }
    return value
  }

  private typealias Start = (event: YAMLEvents.Event, line: Int, anchor: String?)

  /// The value that begins with an event.
  private mutating func value(_ start: Start, depth: Int) throws(PipelineError) -> ConfigValue {
    try grow(by: 1, to: depth, line: start.line)
    guard let name = start.anchor else { return try unnamed(start, depth: depth) }
    if case .alias = start.event { return try expansion(of: name, line: start.line, depth: depth) }
    let (outer, before) = (deepest, count)
    deepest = depth
    let value = try unnamed(start, depth: depth)
    anchors[name] = Anchor(value: value, count: count - before, height: deepest - depth)
    deepest = max(outer, deepest)
    return value
  }

  private mutating func expansion(of name: String, line: Int, depth: Int) throws(PipelineError) -> ConfigValue {
    guard let anchor = anchors[name] else { throw error(.unknownAnchor(name), line: line) }
    try grow(by: anchor.count, to: depth + anchor.height, line: line)
    return anchor.value
  }

  /// Counts values that are about to be read or repeated.
  private mutating func grow(by values: Int, to depth: Int, line: Int) throws(PipelineError) {
    count += values
    deepest = max(deepest, depth)
    guard count <= Self.countLimit else { throw error(.tooManyValues(limit: Self.countLimit), line: line) }
    guard depth <= Self.depthLimit else { throw error(.tooDeep(limit: Self.depthLimit), line: line) }
  }

  private mutating func unnamed(_ start: Start, depth: Int) throws(PipelineError) -> ConfigValue {
    let line = start.line
    switch start.event {
    case .scalar(let text, let isPlain):
      return ConfigValue(content: content(of: text, isPlain: isPlain), line: line, source: text)
    case .sequenceStart: return ConfigValue(content: .list(try items(depth: depth + 1)), line: line)
    case .mappingStart: return ConfigValue(content: .object(try entries(line: line, depth: depth + 1)), line: line)
    case .alias, .sequenceEnd, .mappingEnd, .documentStart, .documentEnd, .streamStart, .streamEnd:
      throw error(.syntax("a value is missing"), line: line)
    }
  }

  private mutating func items(depth: Int) throws(PipelineError) -> [ConfigValue] {
    var items: [ConfigValue] = []
    while true {
      let start = try next()
      if case .sequenceEnd = start.event { return items }
      items.append(try value(start, depth: depth))
    }
  }

  private mutating func entries(line: Int, depth: Int) throws(PipelineError) -> [ConfigValue.Entry] {
    var entries: [ConfigValue.Entry] = []
    var inherited: [ConfigValue] = []
    var keys: Set<String> = []
    while true {
      let (event, keyLine, _) = try next()
      switch event {
      case .mappingEnd:
        for object in inherited { try inherit(object, into: &entries, &keys) }
        return entries
      case .scalar(let key, let isPlain):
        let item = try value(try next(), depth: depth)
        if key == "<<", isPlain {
          inherited.append(item)
        } else {
          guard keys.insert(key).inserted else { throw error(.duplicateKey(key), line: line) }
          entries.append(ConfigValue.Entry(key: key, line: keyLine, value: item))
        }
      default: throw error(.syntax("a key must be a text"), line: keyLine)
      }
    }
  }

  /// Adds the keys of `object`, or of each in a list, that are not there yet.
  private func inherit(
    _ object: ConfigValue, into entries: inout [ConfigValue.Entry], _ keys: inout Set<String>
  ) throws(PipelineError) {
    switch object.content {
    case .object(let others): for other in others where keys.insert(other.key).inserted { entries.append(other) }
    case .list(let objects): for object in objects { try inherit(object, into: &entries, &keys) }
    default: throw error(.syntax("<< must name an object, or a list of objects"), line: object.line)
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

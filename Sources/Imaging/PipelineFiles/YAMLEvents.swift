internal import CYAML

/// The events of a YAML text in order, as libyaml reports them.
///
/// Owns libyaml's parser and the bytes that it reads. The parser holds pointers into itself and into the bytes, so both
/// live at fixed addresses until `deinit`.
@safe struct YAMLEvents: ~Copyable {
  enum Event {
    case scalar(String, isPlain: Bool)
    case sequenceStart, sequenceEnd
    case mappingStart, mappingEnd
    case documentStart(hasDirectives: Bool), documentEnd
    /// Stands for the value that was given this name.
    case alias(String)
    case streamStart, streamEnd
  }

  enum Failure: Error {
    /// The text is not YAML: libyaml's words, and the line from 1.
    case syntax(String, line: Int)
    case outOfMemory
  }

  private let bytes: UnsafeMutableBufferPointer<UInt8>
  private let parser: UnsafeMutablePointer<yaml_parser_t>

  init(_ text: String) throws(Failure) {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    guard unsafe yaml_parser_initialize(parser) == 1 else {  // it fails for want of memory alone
      unsafe parser.deallocate()
      throw .outOfMemory
    }
    unsafe self.parser = parser
    unsafe bytes = .allocate(capacity: text.utf8.count)
    _ = unsafe bytes.initialize(from: text.utf8)
    unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe bytes.deallocate()
  }

  /// The next event, the line that it begins on, from 1, and the name that it gives to its value (`&name`).
  mutating func next() throws(Failure) -> (event: Event, line: Int, anchor: String?) {
    var event = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure }
    defer { unsafe yaml_event_delete(&event) }
    return unsafe (Self.translated(event), Int(event.start_mark.line) + 1, Self.anchor(of: event))
  }

  private static func anchor(of event: yaml_event_t) -> String? {
    let name: UnsafeMutablePointer<UInt8>?
    switch unsafe event.type {
    case YAML_SCALAR_EVENT: unsafe name = event.data.scalar.anchor
    case YAML_SEQUENCE_START_EVENT: unsafe name = event.data.sequence_start.anchor
    case YAML_MAPPING_START_EVENT: unsafe name = event.data.mapping_start.anchor
    case YAML_ALIAS_EVENT: unsafe name = event.data.alias.anchor
    default: return nil
    }
    guard let name = unsafe name else { return nil }
    return unsafe String(cString: name)
  }

  private static func translated(_ event: yaml_event_t) -> Event {
    switch unsafe event.type {
    case YAML_SCALAR_EVENT:
      let scalar = unsafe event.data.scalar
      let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      return unsafe .scalar(String(decoding: bytes, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
    case YAML_SEQUENCE_START_EVENT: return .sequenceStart
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_MAPPING_START_EVENT: return .mappingStart
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    case YAML_DOCUMENT_START_EVENT:
      let start = unsafe event.data.document_start
      return unsafe .documentStart(
        hasDirectives: start.version_directive != nil || start.tag_directives.start != start.tag_directives.end)
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_ALIAS_EVENT: return unsafe .alias(anchor(of: event) ?? "")
    case YAML_STREAM_START_EVENT: return .streamStart
    default: return .streamEnd
    }
  }

  private var failure: Failure {
    if unsafe parser.pointee.error == YAML_MEMORY_ERROR { return .outOfMemory }
    let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "it cannot be read"
    // The reader, which checks the encoding, knows an offset; all else a line.
    let line =
      unsafe parser.pointee.error == YAML_READER_ERROR
      ? bytes.prefix(parser.pointee.problem_offset).count { $0 == UInt8(ascii: "\n") }
      : Int(parser.pointee.problem_mark.line)
    return .syntax(problem, line: line + 1)
  }
}

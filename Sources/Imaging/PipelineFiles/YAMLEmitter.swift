internal import CYAML

/// Writes a YAML document by libyaml, value by value.
///
/// Owns libyaml's emitter, which holds pointers into itself and to the collected bytes, so it lives at a fixed address
/// until `deinit`.
@safe package struct YAMLEmitter: ~Copyable {
  package struct OutOfMemory: Error {}

  package enum Style { case block, flow }

  private final class Output {
    var bytes: [UInt8] = []
  }

  private let emitter: UnsafeMutablePointer<yaml_emitter_t>
  private let output = Output()

  /// The document that `body` writes: one value.
  package static func document(
    _ body: (borrowing YAMLEmitter) throws(OutOfMemory) -> Void
  ) throws(OutOfMemory) -> [UInt8] {
    let emitter = try YAMLEmitter()
    unsafe try emitter.emit { unsafe yaml_stream_start_event_initialize(&$0, YAML_UTF8_ENCODING) }
    unsafe try emitter.emit { unsafe yaml_document_start_event_initialize(&$0, nil, nil, nil, 1) }
    try body(emitter)
    unsafe try emitter.emit { unsafe yaml_document_end_event_initialize(&$0, 1) }
    unsafe try emitter.emit { unsafe yaml_stream_end_event_initialize(&$0) }
    return emitter.output.bytes
  }

  private init() throws(OutOfMemory) {
    let emitter = UnsafeMutablePointer<yaml_emitter_t>.allocate(capacity: 1)
    guard unsafe yaml_emitter_initialize(emitter) == 1 else {  // it fails for want of memory alone
      unsafe emitter.deallocate()
      throw OutOfMemory()
    }
    unsafe self.emitter = emitter
    unsafe yaml_emitter_set_output(
      emitter,
      { context, bytes, count in
        guard let context = unsafe context else { return 0 }
        let output = unsafe Unmanaged<Output>.fromOpaque(context).takeUnretainedValue()
        unsafe output.bytes.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
        return 1
      }, Unmanaged.passUnretained(output).toOpaque())
    unsafe yaml_emitter_set_unicode(emitter, 1)
    unsafe yaml_emitter_set_width(emitter, -1)  // long values stay on their line
  }

  deinit {
    unsafe yaml_emitter_delete(emitter)
    unsafe emitter.deallocate()
  }

  /// A text, quoted unless every reader takes it for one as it is.
  package func text(_ text: String) throws(OutOfMemory) { try scalar(text, isPlain: Self.isPlain(text)) }

  /// A number as its text, `true`, `null` or whatever else must not be quoted.
  package func word(_ text: String) throws(OutOfMemory) { try scalar(text, isPlain: true) }

  /// An object: in `body`, texts and values alternate.
  package func mapping(_ style: Style = .block, _ body: () throws(OutOfMemory) -> Void) throws(OutOfMemory) {
    unsafe try emit {
      unsafe yaml_mapping_start_event_initialize(
        &$0, nil, nil, 1, style == .flow ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE)
    }
    try body()
    unsafe try emit { unsafe yaml_mapping_end_event_initialize(&$0) }
  }

  package func sequence(_ style: Style = .block, _ body: () throws(OutOfMemory) -> Void) throws(OutOfMemory) {
    unsafe try emit {
      unsafe yaml_sequence_start_event_initialize(
        &$0, nil, nil, 1, style == .flow ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE)
    }
    try body()
    unsafe try emit { unsafe yaml_sequence_end_event_initialize(&$0) }
  }

  private func scalar(_ text: String, isPlain: Bool) throws(OutOfMemory) {
    var bytes = Array(text.utf8)
    bytes.append(0)  // so that there is an address even for an empty text
    let count = Int32(bytes.count - 1)
    unsafe try emit { event in
      unsafe bytes.withUnsafeBufferPointer { buffer in
        unsafe yaml_scalar_event_initialize(
          &event, nil, nil, buffer.baseAddress, count, isPlain ? 1 : 0, 1, YAML_ANY_SCALAR_STYLE)
      }
    }
  }

  /// Both calls fail for want of memory; an event out of place would be a mistake of the caller's.
  private func emit(_ initialize: (inout yaml_event_t) -> Int32) throws(OutOfMemory) {
    var event = unsafe yaml_event_t()
    guard unsafe initialize(&event) == 1, unsafe yaml_emitter_emit(emitter, &event) == 1 else {
      let isMemory = unsafe emitter.pointee.error == YAML_MEMORY_ERROR || emitter.pointee.error == YAML_NO_ERROR
      precondition(isMemory, "YAML events in an order that is no document")
      throw OutOfMemory()
    }
  }

  /// Words that some version of YAML takes for something else than a text.
  private static let words: Set<String> = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]

  /// What begins with a letter is never a number or a date.
  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first.properties.isAlphabetic else { return false }
    return !words.contains(text.lowercased())
  }
}

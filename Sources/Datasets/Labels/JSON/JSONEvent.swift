internal import CJSON

/// What a reader of JSON meets next.
///
/// Wraps memory of the reader: an event is valid only while it is handled, so nobody keeps one.
@safe struct JSONEvent {
  enum Kind {
    case null, flag, number, text, key, objectBegin, objectEnd, listBegin, listEnd

    /// Whether it is a value, or where one begins.
    var beginsValue: Bool {
      switch self {
      case .null, .flag, .number, .text, .objectBegin, .listBegin: true
      case .key, .objectEnd, .listEnd: false
      }
    }
  }

  let kind: Kind
  private let event: cjson_event

  init(_ event: cjson_event) {
    kind = unsafe Self.kind(event.kind)
    unsafe self.event = event
  }

  private static func kind(_ kind: cjson_kind) -> Kind {
    switch kind {
    case CJSON_NULL: .null
    case CJSON_NUMBER: .number
    case CJSON_TEXT: .text
    case CJSON_KEY: .key
    case CJSON_OBJECT_BEGIN: .objectBegin
    case CJSON_OBJECT_END: .objectEnd
    case CJSON_LIST_BEGIN: .listBegin
    case CJSON_LIST_END: .listEnd
    default: .flag
    }
  }

  /// Of the file, from 1.
  var line: Int { unsafe Int(event.line) }

  var flag: Bool { unsafe event.kind == CJSON_TRUE }

  /// The value of a number, which may be `nan` or infinite.
  var number: Double { unsafe event.number }

  /// A text or a key, or a number as it is written. Single surrogates become U+FFFD.
  var text: String { unsafe String(decoding: bytes, as: UTF8.self) }

  /// As `text`, in UTF-8.
  var utf8: [UInt8] { unsafe Array(bytes) }

  private var bytes: UnsafeBufferPointer<UInt8> {
    unsafe UnsafeBufferPointer(start: event.bytes, count: event.byte_count)
  }
}

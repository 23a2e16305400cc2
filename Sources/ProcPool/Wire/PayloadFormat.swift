/// The payload of a `Codable` value: one value, in memory order, as both ends run the same binary.
///
/// A value is a tag and what the tag says follows. Small integers are their own tag. A container states its length, so
/// that a reader steps over what it does not want; keys are their texts. Arrays of plain numbers are one stretch of
/// memory. `some` stands before the value of an optional in an optional. There are no reserved words.
package enum PayloadFormat {
  package static func encode<Value: Encodable>(_ value: Value) throws -> [UInt8] {
    var buffer = ByteBuffer()
    try appendEncoded(value, to: &buffer)
    return buffer.withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) } }
  }

  package static func decode<Value: Decodable>(_ type: Value.Type = Value.self, from bytes: [UInt8]) throws -> Value {
    unsafe try decoded(type, from: bytes.span.bytes)
  }
}

/// Appends `value` behind what the buffer holds; where this throws, the buffer is as before.
func appendEncoded<Value: Encodable>(_ value: Value, to buffer: inout ByteBuffer) throws {
  let segment = PayloadSegment()
  let start = buffer.count
  swap(&buffer, &segment.bytes)
  defer { swap(&buffer, &segment.bytes) }
  do {
    let root = PayloadEncoder(segment: segment)
    try root.encodeRoot(value)
    try segment.flatten(from: start)
  } catch {
    segment.bytes.truncate(to: start)
    throw error
  }
}

/// The value that all of `bytes` are, which may come from a stranger.
func decoded<Value: Decodable>(_ type: Value.Type, from bytes: RawSpan) throws -> Value {
  try unsafe bytes.withUnsafeBytes { memory in
    let source = unsafe PayloadSource(memory)
    defer { source.close() }
    guard let value = source.value(at: 0, limit: source.count), value.end == source.count else {
      throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "The bytes are not one value."))
    }
    return try PayloadDecoder(source: source, value: value, type: type).decode(type, from: value, under: nil)
  }
}

/// How a value begins.
enum PayloadTag: UInt8 {
  case null, no, yes
  /// A type that encoded nothing: an empty container of either kind.
  case empty
  /// The value of an optional in an optional follows.
  case some
  /// A byte with the length, then UTF-8.
  case shortText

  // Numbers, of as many bytes as their names say bits.
  case int8 = 0x10
  case int16, int32, int64, int128
  case uint8, uint16, uint32, uint64, uint128
  case float16, float32, float64

  // Seven bytes with the length, then:
  /// UTF-8.
  case longText = 0x20
  /// Values.
  case list
  /// Keys and values, no key twice.
  case keyed
  /// Keys and values, perhaps one key twice: the last counts.
  case keyedUnchecked
  /// The tag of a number, then the memory of as many as fit.
  case numbers

  /// The byte itself, less 128, is the integer: -64...127.
  case smallInteger = 0x40

  init?(byte: UInt8) {
    if byte >= Self.smallInteger.rawValue {
      self = .smallInteger
    } else {
      self.init(rawValue: byte)
    }
  }

  /// Bytes of a number behind its tag.
  var numberWidth: Int? {
    switch self {
    case .int8, .uint8: 1
    case .int16, .uint16, .float16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    case .int128, .uint128: 16
    default: nil
    }
  }

  /// The tag and a length that is known, or becomes known later.
  func header(byteCount: Int) -> UInt64 { UInt64(rawValue) | UInt64(byteCount) << 8 }
}

/// The index of an element or, where it has none, the name of a superclass's value in a coding path.
struct PayloadKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  static let superclass = PayloadKey(stringValue: "super")

  init(stringValue: String) {
    self.stringValue = stringValue
    intValue = nil
  }

  init(intValue: Int) {
    stringValue = "Index \(intValue)"
    self.intValue = intValue
  }
}

extension CodingKey {
  /// The key of a text in a payload; a type that knows only numbers is asked for the number.
  static func named(_ text: String) -> Self? { Self(stringValue: text) ?? Int(text).flatMap { Self(intValue: $0) } }
}

/// The payload of a `Codable` value, in memory order, as both ends run the same binary.
///
/// A value is a tag, followed by what the tag says. Small integers are their own tag. A container states its length, so
/// that a reader can step over parts; keys are their texts. Arrays of plain numbers are one stretch of memory. `some`
/// stands before the value of an optional inside an optional. No text is reserved, unlike "$null" in a property list.
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

/// Appends `value`; if this throws, the buffer is as before.
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

/// Decodes the one value that `bytes` hold. They may come from a damaged worker, so every position is checked.
///
/// Invariant: the pointer to them does not outlive this call, as `source` is closed before, whatever a decoder has
/// kept.
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

/// The first byte of a value.
enum PayloadTag: UInt8 {
  case null, no, yes
  /// A value that encoded nothing: an empty container of either kind.
  case empty
  /// Followed by the value of an optional inside an optional.
  case some
  /// Followed by a byte with the length, then UTF-8.
  case shortText

  // Numbers, of the width in their names.
  case int8 = 0x10
  case int16, int32, int64, int128
  case uint8, uint16, uint32, uint64, uint128
  case float16, float32, float64

  // Followed by seven bytes with the length, then:
  /// UTF-8.
  case longText = 0x20
  /// Values.
  case list
  /// Keys and values, each key once.
  case keyed
  /// Keys and values, perhaps with a key twice: the last one counts.
  case keyedUnchecked
  /// The tag of a number, then numbers side by side.
  case numbers

  /// The byte minus 128 is the integer: -64...127.
  case smallInteger = 0x40

  init?(byte: UInt8) {
    if byte >= Self.smallInteger.rawValue {
      self = .smallInteger
    } else {
      self.init(rawValue: byte)
    }
  }

  /// The bytes of a number that follow its tag.
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

  /// The tag and the length in one word, with the tag in the lowest byte, so first in memory.
  func header(byteCount: Int) -> UInt64 { UInt64(rawValue) | UInt64(byteCount) << 8 }
}

/// A key for coding paths: the index of an element, or "super" for a superclass.
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
  /// The key with a text; types that know only numbers are asked for the number.
  static func named(_ text: String) -> Self? { Self(stringValue: text) ?? Int(text).flatMap { Self(intValue: $0) } }
}

internal import FoundationEssentials

/// Encodes and decodes the values of one type.
///
/// Bitwise-copyable values, arrays of them, `String` and `Data` are copied as they lie in memory; any other `Codable`
/// type goes through `PayloadFormat`. The inlinable part is compiled where the type is known, so that a number costs no
/// more than its copy.
///
/// Invariant: memory is copied only for types of which `_isPOD` says that bytes are all there is to a value. Each copy
/// has the size of the type, and a payload that is too short is refused.
///
/// `_isPOD` is exported by the standard library but underscored, so not promised. `BitwiseCopyable` cannot replace it:
/// `Value` need not conform, and a marker protocol cannot be tested at run time. If a compiler took it away, `false` in
/// its place would send the same values through `PayloadFormat`, correctly and more slowly. No payload outlives its
/// pool, and both ends are one binary, so nothing old could be misread.
@usableFromInline
struct PayloadCodec<Value: Codable> {
  private let encodeOther: (_ value: Value, _ buffer: inout ByteBuffer) throws -> Void
  private let decodeOther: (_ bytes: RawSpan) throws -> Value

  @usableFromInline
  init() {
    if let direct = Value.self as? any DirectPayload.Type, direct.isDirect {
      encodeOther = { value, buffer in (value as? any DirectPayload)?.appendMemory(to: &buffer) }
      decodeOther = { bytes in try cast(direct.init(payload: bytes)) }
    } else {
      encodeOther = { value, buffer in try appendEncoded(value, to: &buffer) }
      decodeOther = { bytes in try decoded(Value.self, from: bytes) }
    }
  }

  @inlinable
  func append(_ value: Value, to buffer: inout ByteBuffer) throws {
    if _isPOD(Value.self) {
      unsafe withUnsafeBytes(of: value) { unsafe buffer.append($0.bytes) }
    } else {
      try appendOther(value, to: &buffer)
    }
  }

  @inlinable
  func value(of payload: RawSpan) throws -> Value {
    guard _isPOD(Value.self) else { return try otherValue(of: payload) }
    guard payload.byteCount >= MemoryLayout<Value>.size else { throw PayloadError() }
    return unsafe withUnsafeTemporaryAllocation(of: Value.self, capacity: 1) { room in
      unsafe payload.withUnsafeBytes {
        unsafe UnsafeMutableRawBufferPointer(room).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: $0.prefix(MemoryLayout<Value>.size)))
      }
      return unsafe room[0]
    }
  }

  @usableFromInline
  func appendOther(_ value: Value, to buffer: inout ByteBuffer) throws { try encodeOther(value, &buffer) }

  @usableFromInline
  func otherValue(of payload: RawSpan) throws -> Value { try decodeOther(payload) }
}

/// A payload whose bytes do not fit its type.
@usableFromInline
struct PayloadError: Error {
  @usableFromInline
  init() {}
}

/// A type whose values are, or own, one stretch of plain memory.
private protocol DirectPayload {
  /// Whether that holds for this type: for an array, it depends on the elements.
  static var isDirect: Bool { get }
  func appendMemory(to buffer: inout ByteBuffer)
  init(payload: RawSpan) throws
}

extension Array: DirectPayload {
  static var isDirect: Bool { _isPOD(Element.self) }

  func appendMemory(to buffer: inout ByteBuffer) { unsafe withUnsafeBytes { unsafe buffer.append($0.bytes) } }

  init(payload: RawSpan) throws {
    let stride = MemoryLayout<Element>.stride
    guard stride > 0, payload.byteCount % stride == 0 else { throw PayloadError() }
    let total = payload.byteCount / stride
    unsafe self.init(unsafeUninitializedCapacity: total) { elements, count in
      unsafe payload.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(elements).copyMemory(from: $0) }
      count = total
    }
  }
}

extension String: DirectPayload {
  static var isDirect: Bool { true }

  func appendMemory(to buffer: inout ByteBuffer) {
    var text = self
    text.withUTF8 { unsafe buffer.append(UnsafeRawBufferPointer($0).bytes) }
  }

  init(payload: RawSpan) { self = text(payload) }
}

extension Data: DirectPayload {
  static var isDirect: Bool { true }

  func appendMemory(to buffer: inout ByteBuffer) { unsafe withUnsafeBytes { unsafe buffer.append($0.bytes) } }

  init(payload: RawSpan) { self = unsafe payload.withUnsafeBytes { unsafe Data($0) } }
}

private func cast<Value>(_ value: Any?) throws -> Value {
  guard let value = value as? Value else { throw PayloadError() }
  return value
}

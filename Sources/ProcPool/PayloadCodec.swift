internal import FoundationEssentials

/// How values of one type become bytes and values again, chosen once per pool.
///
/// Bitwise-copyable values, arrays of them, `String` and `Data` are copied as they lie in memory; any other `Codable`
/// type goes through a binary property list, which keeps every number exactly.
struct PayloadCodec<Value: Codable> {
  let encode: (_ value: Value, _ buffer: inout ByteBuffer) throws -> Void
  let decode: (_ bytes: RawSpan) throws -> Value

  init() {
    if let direct = Value.self as? any DirectPayload.Type, direct.isDirect {
      encode = { value, buffer in (value as? any DirectPayload)?.append(to: &buffer) }
      decode = { bytes in try cast(direct.init(payload: bytes)) }
    } else if _isPOD(Value.self) {
      encode = { value, buffer in buffer.append(memoryOf: value) }
      decode = { bytes in
        try load(bytes)
      }
    } else {
      encode = { value, buffer in
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .binary
        // A property list must be a list or a dictionary at the top.
        buffer.append(try encoder.encode([value]).bytes)
      }
      decode = { bytes in
        try cast(PropertyListDecoder().decode([Value].self, from: Data(payload: bytes)).first)
      }
    }
  }
}

/// A payload that is not what its type says.
struct PayloadError: Error {}

/// A type whose values are, or own, one stretch of plain memory.
private protocol DirectPayload {
  /// Whether it is so for this type: of an array, it depends on the elements.
  static var isDirect: Bool { get }
  func append(to buffer: inout ByteBuffer)
  init(payload: RawSpan) throws
}

extension Array: DirectPayload {
  static var isDirect: Bool { _isPOD(Element.self) }

  func append(to buffer: inout ByteBuffer) { unsafe withUnsafeBytes { unsafe buffer.append($0.bytes) } }

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

  func append(to buffer: inout ByteBuffer) {
    var text = self
    text.withUTF8 { unsafe buffer.append(UnsafeRawBufferPointer($0).bytes) }
  }

  init(payload: RawSpan) { self = text(payload) }
}

extension Data: DirectPayload {
  static var isDirect: Bool { true }

  func append(to buffer: inout ByteBuffer) { unsafe withUnsafeBytes { unsafe buffer.append($0.bytes) } }

  init(payload: RawSpan) { self = unsafe payload.withUnsafeBytes { unsafe Data($0) } }
}

private func cast<Value>(_ value: Any?) throws -> Value {
  guard let value = value as? Value else { throw PayloadError() }
  return value
}

/// Loads a value of a type that the caller knows to be plain memory, wherever it lies.
private func load<Value>(_ bytes: RawSpan) throws -> Value {
  guard bytes.byteCount == MemoryLayout<Value>.size else { throw PayloadError() }
  return unsafe withUnsafeTemporaryAllocation(of: Value.self, capacity: 1) { room in
    unsafe bytes.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(room).copyMemory(from: $0) }
    return unsafe room[0]
  }
}

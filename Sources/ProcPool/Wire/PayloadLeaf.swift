internal import FoundationEssentials

/// A type with a form of its own, which needs neither a container nor an encoder.
protocol PayloadLeaf: Codable, SendableMetatype {
  /// Whether that is its only form; an array may also be a list.
  static var isScalar: Bool { get }
  /// The value, or nil if it is something else or does not fit.
  static func read(_ value: PayloadValue, in source: PayloadSource) -> Self?
  func append(to bytes: inout ByteBuffer)
}

extension PayloadLeaf {
  static var isScalar: Bool { true }
}

/// `type` as a leaf. A table, since a dynamic cast to a protocol is slow for types that do not conform.
func payloadLeaf(_ type: (some Any).Type) -> (any PayloadLeaf.Type)? { leaves[ObjectIdentifier(type)] }

private let leaves: [ObjectIdentifier: any PayloadLeaf.Type] = {
  let scalars: [any PayloadLeaf.Type] = [Bool.self, String.self, Data.self]
  let numbers: [any PayloadNumber.Type] = [
    Int.self, Int8.self, Int16.self, Int32.self, Int64.self, Int128.self,
    UInt.self, UInt8.self, UInt16.self, UInt32.self, UInt64.self, UInt128.self,
    Float16.self, Float.self, Double.self,
  ]
  func array<Number: PayloadNumber>(_ type: Number.Type) -> any PayloadLeaf.Type { [Number].self }
  let all = scalars + numbers.map { $0 } + numbers.map { array($0) }
  return Dictionary(uniqueKeysWithValues: all.map { (ObjectIdentifier($0), $0) })
}()

extension Bool: PayloadLeaf {
  static func read(_ value: PayloadValue, in source: PayloadSource) -> Bool? {
    switch value.tag {
    case .no: false
    case .yes: true
    default: nil
    }
  }

  func append(to bytes: inout ByteBuffer) { bytes.append(self ? .yes : .no) }
}

extension String: PayloadLeaf {
  static func read(_ value: PayloadValue, in source: PayloadSource) -> String? {
    guard value.tag == .shortText || value.tag == .longText else { return nil }
    return source.text(value.start..<value.end)
  }

  func append(to bytes: inout ByteBuffer) {
    var text = self
    text.withUTF8 { utf8 in
      if let short = UInt8(exactly: utf8.count) {
        bytes.append(.shortText)
        bytes.append(memoryOf: short)
      } else {
        bytes.append(memoryOf: PayloadTag.longText.header(byteCount: utf8.count))
      }
      unsafe bytes.append(UnsafeRawBufferPointer(utf8).bytes)
    }
  }
}

extension Data: PayloadLeaf {
  /// Arrays of other numbers are read element by element.
  static var isScalar: Bool { false }

  static func read(_ value: PayloadValue, in source: PayloadSource) -> Data? {
    guard value.tag == .numbers, source.numberTag(of: value) == .uint8 else { return nil }
    return unsafe source.withBytes(value.start + 1..<value.end) { unsafe Data($0) }
  }

  func append(to bytes: inout ByteBuffer) {
    unsafe withUnsafeBytes { unsafe bytes.append(numbers: $0, .uint8) }
  }
}

extension Array: PayloadLeaf where Element: PayloadNumber {
  static var isScalar: Bool { false }

  static func read(_ value: PayloadValue, in source: PayloadSource) -> [Element]? {
    guard value.tag == .numbers, source.numberTag(of: value) == Element.tag else { return nil }
    return unsafe source.withBytes(value.start + 1..<value.end) { memory in
      // Invariant: the length is a multiple of the element's size, and any bits are a valid element.
      let total = memory.count / MemoryLayout<Element>.stride
      return unsafe [Element](unsafeUninitializedCapacity: total) { elements, count in
        unsafe UnsafeMutableRawBufferPointer(elements).copyMemory(from: memory)
        count = total
      }
    }
  }

  func append(to bytes: inout ByteBuffer) {
    unsafe withUnsafeBytes { unsafe bytes.append(numbers: $0, Element.tag) }
  }
}

extension ByteBuffer {
  mutating func append(_ tag: PayloadTag) { append(memoryOf: tag.rawValue) }

  /// Appends numbers as they lie in memory; the other end has the same byte order.
  mutating func append(numbers memory: UnsafeRawBufferPointer, _ tag: PayloadTag) {
    append(memoryOf: PayloadTag.numbers.header(byteCount: memory.count + 1))
    append(tag)
    unsafe append(memory.bytes)
  }
}

/// A number of fixed width of which any bits are a valid value, so that arrays of them are copied as they lie in
/// memory.
protocol PayloadNumber: PayloadLeaf, BitwiseCopyable {
  /// The tag of its elements that an array of these numbers has.
  static var tag: PayloadTag { get }
}

extension PayloadNumber where Self: FixedWidthInteger {
  static var tag: PayloadTag {
    switch (bitWidth, isSigned) {
    case (8, true): .int8
    case (16, true): .int16
    case (32, true): .int32
    case (64, true): .int64
    case (8, false): .uint8
    case (16, false): .uint16
    case (32, false): .uint32
    case (64, false): .uint64
    case (_, let isSigned): isSigned ? .int128 : .uint128
    }
  }

  /// Appends the number in the fewest bytes that hold it.
  func append(to bytes: inout ByteBuffer) {
    if let number = Int64(exactly: self) {
      bytes.append(integer: number)
    } else if let number = UInt64(exactly: self) {
      bytes.append(.uint64, number)
    } else if let number = Int128(exactly: self) {
      bytes.append(.int128, number)
    } else {
      bytes.append(.uint128, UInt128(truncatingIfNeeded: self))
    }
  }

  static func read(_ value: PayloadValue, in source: PayloadSource) -> Self? {
    func exact<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) -> Self? {
      source.load(type, at: value.start).flatMap { Self(exactly: $0) }
    }
    return switch value.tag {
    case .smallInteger: source.load(UInt8.self, at: value.start).flatMap { Self(exactly: Int($0) - 128) }
    case .int8: exact(Int8.self)
    case .int16: exact(Int16.self)
    case .int32: exact(Int32.self)
    case .int64: exact(Int64.self)
    case .int128: exact(Int128.self)
    case .uint8: exact(UInt8.self)
    case .uint16: exact(UInt16.self)
    case .uint32: exact(UInt32.self)
    case .uint64: exact(UInt64.self)
    case .uint128: exact(UInt128.self)
    default: nil
    }
  }
}

extension PayloadNumber where Self: BinaryFloatingPoint {
  static var tag: PayloadTag {
    switch MemoryLayout<Self>.size {
    case 2: .float16
    case 4: .float32
    default: .float64
    }
  }

  func append(to bytes: inout ByteBuffer) { bytes.append(Self.tag, self) }

  static func read(_ value: PayloadValue, in source: PayloadSource) -> Self? {
    // Without a conversion, which would make a signalling NaN quiet.
    if value.tag == tag { return source.load(Self.self, at: value.start) }
    return switch value.tag {
    case .float16: source.load(Float16.self, at: value.start).flatMap { converted($0) }
    case .float32: source.load(Float.self, at: value.start).flatMap { converted($0) }
    case .float64: source.load(Double.self, at: value.start).flatMap { converted($0) }
    case .int128: finite(Int128.read(value, in: source))
    case .uint128: finite(UInt128.read(value, in: source))
    case .uint64: finite(UInt64.read(value, in: source))
    default: finite(Int64.read(value, in: source))
    }
  }

  /// Rounded to nearest; nil for a finite number out of range.
  private static func converted(_ number: some BinaryFloatingPoint) -> Self? {
    let result = Self(number)
    return result.isInfinite && number.isFinite ? nil : result
  }

  private static func finite(_ number: (some BinaryInteger)?) -> Self? {
    number.map { Self($0) }.flatMap { $0.isFinite ? $0 : nil }
  }
}

extension Int: PayloadNumber {}
extension Int8: PayloadNumber {}
extension Int16: PayloadNumber {}
extension Int32: PayloadNumber {}
extension Int64: PayloadNumber {}
extension Int128: PayloadNumber {}
extension UInt: PayloadNumber {}
extension UInt8: PayloadNumber {}
extension UInt16: PayloadNumber {}
extension UInt32: PayloadNumber {}
extension UInt64: PayloadNumber {}
extension UInt128: PayloadNumber {}
extension Float16: PayloadNumber {}
extension Float: PayloadNumber {}
extension Double: PayloadNumber {}

extension ByteBuffer {
  fileprivate mutating func append(integer: Int64) {
    if integer >= -64, integer <= 127 {
      append(memoryOf: UInt8(integer + 128))
    } else if let number = Int16(exactly: integer) {
      append(.int16, number)
    } else if let number = Int32(exactly: integer) {
      append(.int32, number)
    } else {
      append(.int64, integer)
    }
  }

  fileprivate mutating func append(_ tag: PayloadTag, _ number: some BitwiseCopyable) {
    append(tag)
    append(memoryOf: number)
  }
}

internal import CProcPool
internal import Glibc

/// Where a value lies in a payload. A `smallInteger` is only a tag: `start` is the tag's own position.
struct PayloadValue {
  var tag: PayloadTag
  /// After the tag and the length.
  var start: Int
  var end: Int
}

/// A key and its value in a keyed container.
struct PayloadEntry {
  var key: Range<Int>
  var value: PayloadValue
}

/// The bytes of a payload. Every read checks its position, as the bytes may come from a damaged worker.
///
/// Invariant: `memory` is valid until `close`, which `decoded` calls before the bytes go out of scope. A decoder that
/// outlives it finds an empty payload.
@safe
final class PayloadSource {
  private var memory: UnsafeRawBufferPointer
  var depth = StackDepth()

  init(_ memory: UnsafeRawBufferPointer) { unsafe self.memory = memory }

  var count: Int { unsafe memory.count }

  func close() { unsafe memory = UnsafeRawBufferPointer(start: nil, count: 0) }

  func load<Value: BitwiseCopyable>(_ type: Value.Type = Value.self, at offset: Int) -> Value? {
    guard offset >= 0, offset <= count - MemoryLayout<Value>.size else { return nil }
    return unsafe memory.loadUnaligned(fromByteOffset: offset, as: Value.self)
  }

  func withBytes<Result>(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
    guard range.lowerBound >= 0, range.upperBound <= count else { return nil }
    return unsafe body(UnsafeRawBufferPointer(rebasing: memory[range]))
  }

  /// Whether the bytes at `range` equal `utf8`.
  func holds(_ utf8: UnsafeBufferPointer<UInt8>, at range: Range<Int>) -> Bool {
    guard range.count == utf8.count, range.lowerBound >= 0, range.upperBound <= count else { return false }
    guard let start = unsafe memory.baseAddress, let other = utf8.baseAddress else { return range.isEmpty }
    return unsafe range.isEmpty || memcmp(start + range.lowerBound, other, range.count) == 0
  }

  func text(_ range: Range<Int>) -> String? {
    unsafe withBytes(range) { unsafe String(validating: $0, as: UTF8.self) } ?? nil
  }
}

extension PayloadSource {
  /// The value at `offset`; nil if no valid one ends at or before `limit`.
  func value(at offset: Int, limit: Int) -> PayloadValue? {
    guard offset < limit, let byte: UInt8 = load(at: offset), let tag = PayloadTag(byte: byte) else { return nil }
    let start = offset + 1
    switch tag {
    case .smallInteger: return PayloadValue(tag: tag, start: offset, end: start)
    case .null, .no, .yes, .empty: return PayloadValue(tag: tag, start: start, end: start)
    case .some: return optional(at: offset, limit: limit)
    case .shortText:
      guard let length: UInt8 = load(at: start) else { return nil }
      return bounded(PayloadValue(tag: tag, start: start + 1, end: start + 1 + Int(length)), limit)
    case .longText, .list, .keyed, .keyedUnchecked, .numbers:
      guard let header: UInt64 = load(at: offset) else { return nil }
      return checked(PayloadValue(tag: tag, start: offset + 8, end: offset + 8 + Int(header >> 8)), limit)
    default:
      return bounded(PayloadValue(tag: tag, start: start, end: start + (tag.numberWidth ?? 0)), limit)
    }
  }

  /// The value behind a `some`; any other value is its own content.
  func content(of value: PayloadValue) -> PayloadValue? {
    guard value.tag == .some else { return value }
    // A further `some` ends where this one does. Following the whole chain here would make reading it quadratic.
    if load(UInt8.self, at: value.start) == PayloadTag.some.rawValue {
      return PayloadValue(tag: .some, start: value.start + 1, end: value.end)
    }
    return self.value(at: value.start, limit: value.end)
  }

  /// The value behind all its `some` tags.
  func innermost(of value: PayloadValue) -> PayloadValue? {
    var inner = value
    while inner.tag == .some {
      guard let next = content(of: inner) else { return nil }
      inner = next
    }
    return inner
  }

  /// The key and value at `offset` of a keyed container.
  func entry(at offset: Int, limit: Int) -> PayloadEntry? {
    guard let first: UInt8 = load(at: offset) else { return nil }
    var start = offset + 1
    var length = Int(first)
    if first == longKey {
      guard let word: UInt64 = load(at: start), let long = Int(exactly: word), long < limit else { return nil }
      (start, length) = (start + 8, long)
    }
    guard let value = value(at: start + length, limit: limit) else { return nil }
    return PayloadEntry(key: start..<start + length, value: value)
  }

  private func optional(at offset: Int, limit: Int) -> PayloadValue? {
    var inner = offset
    while inner < limit, load(UInt8.self, at: inner) == PayloadTag.some.rawValue { inner += 1 }
    guard let end = value(at: inner, limit: limit)?.end else { return nil }
    return PayloadValue(tag: .some, start: offset + 1, end: end)
  }

  private func bounded(_ value: PayloadValue, _ limit: Int) -> PayloadValue? { value.end <= limit ? value : nil }

  /// `numbers` must begin with the tag of a number and hold whole numbers.
  private func checked(_ value: PayloadValue, _ limit: Int) -> PayloadValue? {
    guard value.end <= limit, value.tag == .numbers else { return bounded(value, limit) }
    guard value.end > value.start, let width = numberWidth(of: value) else { return nil }
    return (value.end - value.start - 1) % width == 0 ? value : nil
  }
}

extension PayloadSource {
  /// The tag of the elements of `numbers`.
  func numberTag(of value: PayloadValue) -> PayloadTag? {
    load(UInt8.self, at: value.start).flatMap { PayloadTag(rawValue: $0) }
  }

  /// The width of the elements of `numbers`; nil for any other value.
  func numberWidth(of value: PayloadValue) -> Int? {
    value.tag == .numbers ? numberTag(of: value)?.numberWidth : nil
  }
}

/// Stands for a key's length of 255 or more, which then follows in eight bytes. Such keys are rare.
let longKey = UInt8.max

/// Whether the calling thread's stack has room for one more level of a nested value.
struct StackDepth {
  /// Left for errors, `deinit`s and whatever else runs at the deepest level.
  private static let reserve: UInt = 128 << 10

  private let lowest = UInt(cprocpool_stack_bottom()) + reserve

  var isExhausted: Bool { UInt(cprocpool_stack_position()) < lowest }
}

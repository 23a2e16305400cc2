internal import Glibc

/// Bytes that are appended at one end and consumed at the other, in memory that is reused.
///
/// Invariant: `base` points to `capacity` allocated bytes, of which those from `head` to `tail` are initialised, and
/// `0 <= head <= tail <= capacity`. All pointers are made from these in this file, and none outlives its call.
@safe
@usableFromInline
struct ByteBuffer: ~Copyable {
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private var head = 0
  private var tail = 0

  /// Above this, memory is freed as soon as it is empty: room for an image of some megabytes, whose page faults would
  /// cost more than copying it, is kept.
  private static let keptCapacity = 16 << 20
  private static let smallCapacity = 131_072

  init(capacity: Int = 4096) {
    unsafe base = .allocate(byteCount: capacity, alignment: 16)
    self.capacity = capacity
  }

  deinit { unsafe base.deallocate() }

  var count: Int { tail - head }
  var isEmpty: Bool { head == tail }

  /// Calls `body` with the unconsumed bytes.
  func withBytes<Result: ~Copyable, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe UnsafeRawBufferPointer(start: base + head, count: count).bytes)
  }

  /// The first bytes as a value.
  func front<Value: BitwiseCopyable>(as type: Value.Type = Value.self) -> Value {
    precondition(MemoryLayout<Value>.size <= count, "as many bytes as the value has")
    return unsafe (base + head).loadUnaligned(as: Value.self)
  }

  /// The bytes from `offset` on as a value.
  func value<Value: BitwiseCopyable>(at offset: Int, as type: Value.Type) -> Value {
    precondition(offset >= 0 && offset + MemoryLayout<Value>.size <= count, "as many bytes as the value has")
    return unsafe (base + head + offset).loadUnaligned(as: Value.self)
  }

  mutating func consume(_ byteCount: Int) {
    head += byteCount
    if head == tail { removeAll() }
  }

  /// Removes what was appended after the first `newCount` bytes.
  mutating func truncate(to newCount: Int) {
    precondition(newCount <= count, "no more than there is")
    tail = head + newCount
  }

  mutating func removeAll() {
    (head, tail) = (0, 0)
    if capacity > Self.keptCapacity { shrink() }
  }

  /// Frees the memory of a large payload.
  private mutating func shrink() {
    unsafe base.deallocate()
    unsafe base = .allocate(byteCount: Self.smallCapacity, alignment: 16)
    capacity = Self.smallCapacity
  }

  @usableFromInline
  mutating func append(_ other: RawSpan) {
    let byteCount = other.byteCount
    let room = unsafe reserve(byteCount)
    unsafe other.withUnsafeBytes { source in
      if let start = source.baseAddress { unsafe room.copyMemory(from: start, byteCount: byteCount) }
    }
    tail += byteCount
  }

  /// Appends the bytes of a value.
  mutating func append<Value>(memoryOf value: Value) {
    let room = unsafe reserve(MemoryLayout<Value>.size)
    unsafe withUnsafeBytes(of: value) { source in
      if let start = source.baseAddress { unsafe room.copyMemory(from: start, byteCount: source.count) }
    }
    tail += MemoryLayout<Value>.size
  }

  /// Overwrites bytes that were appended before, from `offset` on.
  mutating func replace<Value: BitwiseCopyable>(at offset: Int, with value: Value) {
    precondition(offset + MemoryLayout<Value>.size <= count, "inside what was appended")
    unsafe (base + head + offset).storeBytes(of: value, as: Value.self)
  }

  /// Reads once from `descriptor` into the free memory, of which there is at least `atLeast`: by default, what a pipe
  /// holds.
  /// - Returns: the result of `read`.
  mutating func fill(from descriptor: Int32, atLeast: Int = 65_536) -> Int {
    let start = unsafe reserve(atLeast)
    let room = capacity - tail
    let received = retryingOnInterrupt { unsafe read(descriptor, start, room) }
    if received > 0 { tail += received }
    return received
  }

  /// Writes once to `descriptor` and consumes what was written.
  /// - Returns: the result of `write`.
  mutating func drain(to descriptor: Int32) -> Int {
    let sent = retryingOnInterrupt { unsafe write(descriptor, base + head, count) }
    if sent > 0 { consume(sent) }
    return sent
  }

  /// Where the next `byteCount` bytes go. Moves the bytes to the front or grows the memory if they do not fit.
  private mutating func reserve(_ byteCount: Int) -> UnsafeMutableRawPointer {
    if tail + byteCount > capacity { makeRoom(byteCount) }
    return unsafe base + tail
  }

  private mutating func makeRoom(_ byteCount: Int) {
    let used = count
    // Moving pays only if it frees at least half of the memory; else it would soon be needed again.
    if used + byteCount <= capacity / 2 {
      unsafe memmove(base, base + head, used)
    } else {
      let newCapacity = max(capacity * 2, used + byteCount)
      let larger = UnsafeMutableRawPointer.allocate(byteCount: newCapacity, alignment: 16)
      unsafe preferHugePages(UnsafeMutableRawBufferPointer(start: larger, count: newCapacity))
      unsafe larger.copyMemory(from: base + head, byteCount: used)
      unsafe base.deallocate()
      unsafe base = larger
      capacity = newCapacity
    }
    (head, tail) = (0, used)
  }
}

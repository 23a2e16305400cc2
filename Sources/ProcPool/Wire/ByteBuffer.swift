internal import Glibc

/// Bytes that are appended at one end and consumed at the other, in memory that is reused.
@safe
@usableFromInline
struct ByteBuffer: ~Copyable {
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private var head = 0
  private var tail = 0

  /// Larger memory is given back when it has become empty: room for an image, which would cost more page faults than copying.
  private static let keptCapacity = 16 << 20
  private static let smallCapacity = 131_072

  init(capacity: Int = 4096) {
    unsafe base = .allocate(byteCount: capacity, alignment: 16)
    self.capacity = capacity
  }

  deinit { unsafe base.deallocate() }

  var count: Int { tail - head }
  var isEmpty: Bool { head == tail }

  /// Calls `body` with the bytes not yet consumed.
  func withBytes<Result: ~Copyable, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe UnsafeRawBufferPointer(start: base + head, count: count).bytes)
  }

  /// The first bytes as a bitwise-copyable value.
  func front<Value: BitwiseCopyable>(as type: Value.Type = Value.self) -> Value {
    precondition(MemoryLayout<Value>.size <= count, "as many bytes as the value has")
    return unsafe (base + head).loadUnaligned(as: Value.self)
  }

  /// The bytes behind the first `offset` as a bitwise-copyable value.
  func value<Value: BitwiseCopyable>(at offset: Int, as type: Value.Type) -> Value {
    precondition(offset >= 0 && offset + MemoryLayout<Value>.size <= count, "as many bytes as the value has")
    return unsafe (base + head + offset).loadUnaligned(as: Value.self)
  }

  mutating func consume(_ byteCount: Int) {
    head += byteCount
    if head == tail { removeAll() }
  }

  /// Takes back what was appended behind the first `newCount` bytes.
  mutating func truncate(to newCount: Int) {
    precondition(newCount <= count, "no more than there is")
    tail = head + newCount
  }

  mutating func removeAll() {
    (head, tail) = (0, 0)
    if capacity > Self.keptCapacity { shrink() }
  }

  /// Gives back what a large payload took; the next one has its memory made anew.
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

  /// Appends the memory of a bitwise-copyable value.
  mutating func append<Value>(memoryOf value: Value) {
    let room = unsafe reserve(MemoryLayout<Value>.size)
    unsafe withUnsafeBytes(of: value) { source in
      if let start = source.baseAddress { unsafe room.copyMemory(from: start, byteCount: source.count) }
    }
    tail += MemoryLayout<Value>.size
  }

  /// Writes over bytes appended before, `offset` bytes behind the front.
  mutating func replace<Value: BitwiseCopyable>(at offset: Int, with value: Value) {
    precondition(offset + MemoryLayout<Value>.size <= count, "inside what was appended")
    unsafe (base + head + offset).storeBytes(of: value, as: Value.self)
  }

  /// Reads once from `descriptor` into the free memory, of which there is at least `atLeast`.
  /// - Returns: what `read` returned.
  mutating func fill(from descriptor: Int32, atLeast: Int = 65_536) -> Int {
    let start = unsafe reserve(atLeast)
    let room = capacity - tail
    let received = retryingOnInterrupt { unsafe read(descriptor, start, room) }
    if received > 0 { tail += received }
    return received
  }

  /// Writes once to `descriptor` and consumes what it took.
  /// - Returns: what `write` returned.
  mutating func drain(to descriptor: Int32) -> Int {
    let sent = retryingOnInterrupt { unsafe write(descriptor, base + head, count) }
    if sent > 0 { consume(sent) }
    return sent
  }

  /// Where `byteCount` more bytes fit, after moving or growing the memory where they do not.
  private mutating func reserve(_ byteCount: Int) -> UnsafeMutableRawPointer {
    if tail + byteCount > capacity { makeRoom(byteCount) }
    return unsafe base + tail
  }

  private mutating func makeRoom(_ byteCount: Int) {
    let used = count
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

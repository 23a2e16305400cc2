internal import Glibc

/// Slots of memory that a process shares with every child forked after it was made, for data too large for a pipe.
///
/// The process that made the arena hands out its slots and takes them back. Tasks and results name a slot, and the
/// process that has the name may read and write the slot. Slots are reused: freshly mapped memory costs a page fault
/// for every 4 KiB, forty times as much as copying them.
///
/// ```swift
/// let arena = try SharedArena(slotCount: 8, slotByteCount: 6 << 20)
/// let pool = try Pool(PoolOptions(workers: 2)) { (slot: SharedSlot) in
///   arena.withMutableBytes(of: slot) { bytes in invert(&bytes) }
///   return slot.byteCount
/// }
/// ```
@safe
public final class SharedArena {
  /// Number of slots.
  public let slotCount: Int
  /// Bytes in each slot.
  public let slotByteCount: Int
  private let slotStride: Int
  private let mapping: SharedMapping
  private let ownerPID = getpid()
  /// The free slots, in the process that made the arena. A stack: the slot released last may still be in a cache.
  private var free: [Int]
  private var isFree: [Bool]

  /// Maps the slots; their bytes are zero. Make the arena before the processes that are to share it are forked.
  /// - Throws: `PoolError.systemCall` if there is no memory for it.
  public init(slotCount: Int, slotByteCount: Int) throws(PoolError) {
    precondition(slotCount >= 1 && slotByteCount >= 0, "an arena has at least one slot")
    self.slotCount = slotCount
    self.slotByteCount = slotByteCount
    slotStride = roundedToCacheLines(slotByteCount)
    mapping = try SharedMapping.populated(byteCount: byteCount(slotCount, of: slotStride))
    free = Array((0..<slotCount).reversed())
    isFree = Array(repeating: true, count: slotCount)
  }

  /// Number of free slots. Only the process that made the arena may ask.
  public var freeCount: Int {
    preconditionOwner()
    return free.count
  }

  /// Takes a free slot, of which `byteCount` bytes, or all, will be used. Its bytes are those that its last user left.
  /// Only the process that made the arena may call this.
  /// - Returns: `nil` if no slot is free.
  public func acquire(byteCount: Int? = nil) -> SharedSlot? {
    preconditionOwner()
    let byteCount = byteCount ?? slotByteCount
    precondition(byteCount >= 0 && byteCount <= slotByteCount, "more bytes than a slot has")
    guard let number = free.popLast() else { return nil }
    isFree[number] = false
    return SharedSlot(number: number, byteCount: byteCount)
  }

  /// Whether a slot is in use and has no more bytes than a slot of this arena. Ask this of a slot that a result names
  /// if the worker is not to be trusted. Only the process that made the arena may ask.
  public func isInUse(_ slot: SharedSlot) -> Bool {
    preconditionOwner()
    return isFree.indices.contains(slot.number) && !isFree[slot.number] && (0...slotByteCount).contains(slot.byteCount)
  }

  /// Gives a slot back. No process may use it any more; one that has ended does not. Only the process that made the
  /// arena may call this.
  public func release(_ slot: SharedSlot) {
    preconditionOwner()
    precondition(!isFree[slot.number], "the slot is free already")
    isFree[slot.number] = true
    free.append(slot.number)
  }

  /// Calls `body` with the used bytes of a slot. Any process that shares the arena may call this.
  public func withBytes<Result: ~Copyable, Failure: Error>(
    of slot: SharedSlot, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try mapping.withBytes(range(of: slot), body)
  }

  /// Calls `body` with the used bytes of a slot, for writing. Any process that shares the arena may call this; the
  /// program must see to it that no other process uses the slot at the same time.
  public func withMutableBytes<Result: ~Copyable, Failure: Error>(
    of slot: SharedSlot, _ body: (inout MutableRawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try mapping.withMutableBytes(range(of: slot), body)
  }

  /// Enters all slots into the page table of the calling process, so that the first touch of a page costs no fault.
  /// Call it in a pool's initializer; the process that made the arena need not.
  /// - Throws: `PoolError.systemCall`.
  public func prefault() throws(PoolError) { try mapping.populate() }

  private func range(of slot: SharedSlot) -> Range<Int> {
    precondition(slot.number >= 0 && slot.number < slotCount, "the arena has no such slot")
    precondition(slot.byteCount >= 0 && slot.byteCount <= slotByteCount, "more bytes than a slot has")
    let start = slot.number * slotStride
    return start..<start + slot.byteCount
  }

  /// A child has a copy of the free list, which is out of date at once.
  private func preconditionOwner() {
    precondition(getpid() == ownerPID, "only the process that made an arena hands out its slots")
  }
}

/// Names a slot of a ``SharedArena`` in tasks and results. It is a number, not the memory.
public struct SharedSlot: Codable, Hashable, Sendable, BitwiseCopyable {
  /// The slot's number in its arena, from 0.
  public let number: Int
  /// How many of its first bytes are in use.
  public var byteCount: Int

  init(number: Int, byteCount: Int) { (self.number, self.byteCount) = (number, byteCount) }
}

internal import Glibc

/// Slots of memory that a process shares with every child forked after it was made, for what is too large for a pipe.
///
/// The process that made the arena hands out its slots and takes them back; tasks and results name a slot, and whoever is
/// named one may read and write it. Slots are reused: memory that has just been mapped costs a page fault for every 4 KiB,
/// forty times the copying.
///
///     let arena = try SharedArena(slotCount: 8, slotByteCount: 6 << 20)
///     let pool = try Pool(options) { (slot: SharedSlot) in arena.withMutableBytes(of: slot) { invert(&$0) } }
@safe
public final class SharedArena {
  /// Number of slots.
  public let slotCount: Int
  /// Room in each of them.
  public let slotByteCount: Int
  private let slotStride: Int
  private let mapping: SharedMapping
  private let ownerPID = getpid()
  /// Numbers of the slots not in use, in the process that made the arena; the one to be handed out next is last. It is
  /// the one that came back last, since part of it may still lie in a cache.
  private var free: [Int]
  private var isFree: [Bool]

  /// Maps the slots; their bytes are zero. Call it before the processes are forked that are to share them.
  /// - Throws: `PoolError.systemCall` where there is no memory for it.
  public init(slotCount: Int, slotByteCount: Int) throws(PoolError) {
    precondition(slotCount >= 1 && slotByteCount >= 0, "an arena has at least one slot")
    self.slotCount = slotCount
    self.slotByteCount = slotByteCount
    slotStride = roundedToCacheLines(slotByteCount)
    mapping = try SharedMapping.populated(byteCount: byteCount(slotCount, of: slotStride))
    free = Array((0..<slotCount).reversed())
    isFree = Array(repeating: true, count: slotCount)
  }

  /// Slots that are not in use. Only the process that made the arena knows.
  public var freeCount: Int {
    preconditionOwner()
    return free.count
  }

  /// Takes a slot of which `byteCount` bytes, or all, will be used; their values are those that the last user left.
  /// Only the process that made the arena may call it.
  /// - Returns: `nil` where all slots are in use.
  public func acquire(byteCount: Int? = nil) -> SharedSlot? {
    preconditionOwner()
    let byteCount = byteCount ?? slotByteCount
    precondition(byteCount >= 0 && byteCount <= slotByteCount, "a slot has less room")
    guard let number = free.popLast() else { return nil }
    isFree[number] = false
    return SharedSlot(number: number, byteCount: byteCount)
  }

  /// Whether a slot is one of this arena that is in use, with no more bytes than it has: to be asked of one that a result
  /// names, where the worker may have gone mad. Only the process that made the arena knows.
  public func isInUse(_ slot: SharedSlot) -> Bool {
    preconditionOwner()
    return isFree.indices.contains(slot.number) && !isFree[slot.number] && (0...slotByteCount).contains(slot.byteCount)
  }

  /// Gives a slot back, which nobody may use any longer. After the end of a worker that had been named the slot, that is
  /// so as well. Only the process that made the arena may call it.
  public func release(_ slot: SharedSlot) {
    preconditionOwner()
    precondition(!isFree[slot.number], "the slot has been given back already")
    isFree[slot.number] = true
    free.append(slot.number)
  }

  /// Calls `body` with the bytes of the slot that are in use. Any process that shares the arena may call it.
  public func withBytes<Result: ~Copyable, Failure: Error>(
    of slot: SharedSlot, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try mapping.withBytes(range(of: slot), body)
  }

  /// Calls `body` with the bytes of the slot that are in use, to be written to. Any process that shares the arena may call
  /// it; that no other uses the slot meanwhile is the business of who hands it out.
  public func withMutableBytes<Result: ~Copyable, Failure: Error>(
    of slot: SharedSlot, _ body: (inout MutableRawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try mapping.withMutableBytes(range(of: slot), body)
  }

  /// Enters all slots into the page table of the calling process, so that its first touch of each page costs no fault: for
  /// the initializer of a pool. The process that made the arena has no need of it.
  /// - Throws: `PoolError.systemCall`.
  public func prefault() throws(PoolError) { try mapping.populate() }

  private func range(of slot: SharedSlot) -> Range<Int> {
    precondition(slot.number >= 0 && slot.number < slotCount, "the arena has no such slot")
    precondition(slot.byteCount >= 0 && slot.byteCount <= slotByteCount, "a slot has less room")
    let start = slot.number * slotStride
    return start..<start + slot.byteCount
  }

  /// A child has a copy of the list of free slots, and it would be out of date at once.
  private func preconditionOwner() {
    precondition(getpid() == ownerPID, "only the process that made an arena hands out its slots")
  }
}

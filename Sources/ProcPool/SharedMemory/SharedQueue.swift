// How processes that can be killed at any instruction share a queue without a lock.
//
// The memory holds, in this order: whether the queue is closed; the counter of tickets; the signals `freed` and `ready`; a
// word of state per slot; a head per slot (bytes in use, deliveries, the user's header); the slots.
//
// Slot and head belong to the process that the slot's state names, and to nobody while it is free or published. A state
// changes by one compare-and-exchange, which at once says what the slot is now and who has it (`SlotState`). Hence:
//
//   - Two processes never have the same slot, since only one of two exchanges from the same state succeeds; and an
//     exchange cannot take an old state for a new one, since a ticket comes once.
//   - What a producer wrote is seen by the consumer: it was written before the exchange to `published`, the consumer read
//     after its exchange from there. The next producer in turn writes after the exchange to `free`.
//   - Messages of one producer are taken in the order in which it published them: its tickets grow, and `takeOldest` says
//     why an older one is not overlooked.
//
// The counter of tickets is only added to. A ticket whose drawer died is missing, and nobody waits for it: the oldest
// message is the one with the oldest ticket there is, not the one with the next ticket.
//
// A process that dies leaves a slot that names it, or nothing. `reclaim` makes of `reserved` `free`, as half a message is
// none, and of `taken` `published` with the same ticket. It is called when the process has ended and before its number can
// be given to another process that uses the queue; so these states are nobody else's to change, and it cannot fail.
//
// Sleeping: producers sleep on `freed`, the consumer on `ready` (`SharedSignal`). The signal is raised after the exchange it
// tells of; a process that dies between the two leaves sleepers, and `reclaim` wakes all of them, whatever it finds.
//
// Closing: `closed` goes from 0 to 1, for ever. A producer reserves first and then looks whether the queue is closed, and
// if so abandons the slot; the consumer looks whether it is closed first, and then whether all slots are free. In the one
// order of these sequentially consistent operations, either the producer sees the queue closed or the consumer sees the slot
// reserved. So after the consumer has been told of the end no message comes. A slot abandoned, or one reclaimed, may be
// the last thing that the consumer waits for, so both raise `ready`, too.

internal import Glibc
internal import Synchronization

/// A bounded queue of messages from many processes to one, in memory shared with every child forked after it was made.
///
/// A producer reserves a slot, writes into it and publishes it; the consumer takes the oldest message, reads it where it
/// lies and releases it. Where all slots are in use producers wait. Messages of one producer come in their order.
///
/// A process may be killed at any time. Once `reclaim` has been told, what it was writing is dropped and what it was reading
/// is delivered again, to whoever consumes in its place. Every process that has the queue, and every thread, may produce;
/// at any one time one consumes. Who reserves or takes looks through the slots, so tens of them are a good number.
///
/// Unchecked `Sendable`, as the compiler cannot know that all that is shared are atomic words and slots with one owner each.
@safe
public final class SharedQueue<Header: BitwiseCopyable>: @unchecked Sendable {
  /// Messages that the queue has room for, those being written or read included.
  public let slotCount: Int
  /// Room in each of them, the header apart.
  public let slotByteCount: Int
  private let mapping: SharedMapping
  private let layout: QueueLayout
  private let slots: SlotTable
  private let closed: UnsafeMutablePointer<Atomic<UInt32>>
  private let tickets: UnsafeMutablePointer<Atomic<UInt64>>
  private let freed: SharedSignal
  private let ready: SharedSignal
  /// Where this process looks first for a free slot.
  private let nextSlot = Atomic<Int>(0)

  /// Maps the queue. Call it before the processes are forked that are to share it.
  /// - Throws: `PoolError.systemCall` where there is no memory for it.
  public init(slotCount: Int, slotByteCount: Int) throws(PoolError) {
    precondition(slotCount >= 1 && slotByteCount >= 0, "a queue has at least one slot")
    self.slotCount = slotCount
    self.slotByteCount = slotByteCount
    layout = QueueLayout(slotCount: slotCount, slotByteCount: slotByteCount, header: Header.self)
    mapping = try SharedMapping.populated(byteCount: layout.byteCount)
    // Zeroes are an atomic zero, an empty queue and free slots.
    let base = unsafe mapping.base
    unsafe closed = (base + QueueLayout.closed).bindMemory(to: Atomic<UInt32>.self, capacity: 1)
    unsafe tickets = (base + QueueLayout.tickets).bindMemory(to: Atomic<UInt64>.self, capacity: 1)
    unsafe freed = SharedSignal(word: (base + QueueLayout.freed).bindMemory(to: Atomic<UInt32>.self, capacity: 1))
    unsafe ready = SharedSignal(word: (base + QueueLayout.ready).bindMemory(to: Atomic<UInt32>.self, capacity: 1))
    unsafe slots = SlotTable(
      words: (base + QueueLayout.states).bindMemory(to: Atomic<UInt64>.self, capacity: slotCount), count: slotCount)
  }

  // MARK: Producers

  /// Reserves a slot without waiting.
  /// - Returns: `nil` where all are in use.
  /// - Throws: `closed`.
  public func tryReserve() throws(SharedQueueError) -> Reservation? {
    let process = getpid()
    guard let slot = try reserveSlot(for: process) else { return nil }
    return Reservation(queue: self, slot: slot, owner: process)
  }

  /// Reserves a slot, and waits for one where all are in use.
  /// - Parameter timeoutSeconds: how long to wait at most; by default for ever. While it waits, the parent of a pool notices
  ///   neither signals nor deaths, so there it needs a limit.
  /// - Throws: `closed` or `timedOut`.
  public func reserve(timeoutSeconds: Double? = nil) throws(SharedQueueError) -> Reservation {
    let process = getpid()
    let slot = try wait(for: freed, timeoutSeconds) { () throws(SharedQueueError) in try reserveSlot(for: process) }
    return Reservation(queue: self, slot: slot, owner: process)
  }

  private func reserveSlot(for process: Int32) throws(SharedQueueError) -> Int? {
    if isClosed { throw .closed }
    guard let slot = slots.reserve(from: nextSlot.load(ordering: .relaxed), by: process) else { return nil }
    if isClosed {
      abandon(slot, by: process)
      throw .closed
    }
    nextSlot.store(slot + 1 < slotCount ? slot + 1 : 0, ordering: .relaxed)
    return slot
  }

  func publish(_ slot: Int, byteCount: Int, header: Header, by process: Int32) {
    precondition(byteCount >= 0 && byteCount <= slotByteCount, "a slot has less room")
    storeHead(of: slot, SlotHead(byteCount: byteCount, returnedCount: 0))
    unsafe (mapping.base + layout.header(slot)).storeBytes(of: header, as: Header.self)
    let ticket = Ticket(unsafe tickets.pointee.wrappingAdd(1, ordering: .relaxed).newValue)
    let old = SlotState.reserved(owner: process)
    // It is published once, by the process that reserved it, unless somebody wrote over the word: then it is lost.
    if let new = old.published(ticket, by: process) { _ = slots.change(slot, from: old, to: new) }
    ready.raise()
  }

  func abandon(_ slot: Int, by process: Int32) {
    slots.free(slot, by: process)
    freed.raise()
    ready.raise()
  }

  // MARK: The consumer

  /// Takes the oldest message, and waits for one where there is none.
  /// - Parameter timeoutSeconds: how long to wait at most; by default for ever. While it waits, the parent of a pool notices
  ///   neither signals nor deaths, so there it needs a limit.
  /// - Returns: `nil` once the queue is closed and no message can come any more.
  /// - Throws: `timedOut`, or `damaged` in place of a message that makes no sense; the next call gives the next one.
  public func take(timeoutSeconds: Double? = nil) throws(SharedQueueError) -> Message? {
    let process = getpid()
    let taken = try wait(for: ready, timeoutSeconds) { () throws(SharedQueueError) in takeSlot(for: process) }
    guard case .slot(let slot) = taken else { return nil }
    let head = head(of: slot)
    guard (0...slotByteCount).contains(head.byteCount) else {
      release(slot, by: process)
      throw .damaged
    }
    let header = unsafe (mapping.base + layout.header(slot)).loadUnaligned(as: Header.self)
    return Message(queue: self, slot: slot, owner: process, head: head, header: header)
  }

  private enum Taken {
    case slot(Int)
    case end
  }

  private func takeSlot(for process: Int32) -> Taken? {
    let wasClosed = isClosed
    if let slot = slots.takeOldest(by: process) { return .slot(slot) }
    return wasClosed && slots.isIdle(but: process) ? .end : nil
  }

  func release(_ slot: Int, by process: Int32) {
    slots.free(slot, by: process)
    freed.raise()
  }

  // MARK: Any process

  /// Ends the queue: from now on `reserve` throws, and `take` gives `nil` once it has given what was published, or reserved,
  /// before. Idempotent.
  public func close() {
    unsafe closed.pointee.store(1, ordering: .sequentiallyConsistent)
    freed.raise()
    ready.raise()
  }

  /// Whether `close` has been called.
  public var isClosed: Bool { unsafe closed.pointee.load(ordering: .sequentiallyConsistent) != 0 }

  /// Gives back what a dead process had: slots that it had reserved become free, messages that it had taken and not released
  /// are delivered again, before all younger ones. Wakes who waits.
  ///
  /// To be called for every process that used the queue and ended without being asked to, by the process that knows: in
  /// `PoolOptions.onWorkerEnd`. It must have ended, and no process may have been forked since that could have been given
  /// the same number.
  /// - Returns: how many slots became free, and how many messages will be delivered again.
  @discardableResult
  public func reclaim(deadPID: Int32) -> (freedCount: Int, returnedCount: Int) {
    precondition(deadPID > 0 && deadPID != getpid(), "a process that runs has not died")
    var (freedCount, returnedCount) = (0, 0)
    for slot in 0..<slotCount {
      let old = slots.state(of: slot)
      guard let new = old.reclaimed(from: deadPID) else { continue }
      if case .published = new {
        var head = head(of: slot)
        head.returnedCount &+= 1
        storeHead(of: slot, head)
        returnedCount += 1
      } else {
        freedCount += 1
      }
      // Nobody else changes what belongs to the dead.
      _ = slots.change(slot, from: old, to: new)
    }
    freed.wakeAll()
    ready.wakeAll()
    return (freedCount, returnedCount)
  }

  // MARK: Memory

  func withBytes<Result: ~Copyable, Failure: Error>(
    of slot: Int, first byteCount: Int, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let start = layout.payload(slot)
    return try mapping.withBytes(start..<start + byteCount, body)
  }

  func withMutableBytes<Result: ~Copyable, Failure: Error>(
    of slot: Int, _ body: (inout MutableRawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let start = layout.payload(slot)
    return try mapping.withMutableBytes(start..<start + slotByteCount, body)
  }

  /// Enters all slots into the page table of the calling process, so that its first touch of each page costs no fault: for
  /// the initializer of a pool. The process that made the queue has no need of it.
  /// - Throws: `PoolError.systemCall`.
  public func prefault() throws(PoolError) { try mapping.populate() }

  private func head(of slot: Int) -> SlotHead { unsafe (mapping.base + layout.head(slot)).load(as: SlotHead.self) }

  private func storeHead(of slot: Int, _ head: SlotHead) {
    unsafe (mapping.base + layout.head(slot)).storeBytes(of: head, as: SlotHead.self)
  }

  // MARK: Waiting

  /// Tries until there is something, and sleeps in between until `signal` is raised.
  private func wait<Result>(
    for signal: SharedSignal, _ timeoutSeconds: Double?, _ attempt: () throws(SharedQueueError) -> Result?
  ) throws(SharedQueueError) -> Result {
    if let result = try attempt() { return result }
    let deadline = timeoutSeconds.map { monotonicNanoseconds() + nanoseconds(inSeconds: $0) }
    while true {
      let seen = signal.announceWaiter()
      if let result = try attempt() { return result }
      let now = monotonicNanoseconds()
      if let deadline, now >= deadline { throw .timedOut }
      // A worker looks now and then whether it has a parent: without one nobody may be left who moves the queue.
      signal.sleep(on: seen, nanoseconds: min(deadline.map { $0 - now } ?? .max, 1_000_000_000))
      OrphanWatch.leaveIfOrphaned()
    }
  }
}

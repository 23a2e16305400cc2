// How processes that can be killed at any instruction share a queue without a lock: the invariant of this file's unsafe
// code.
//
// The memory holds, in this order: whether the queue is closed; the ticket counter; the signals `freed` and `ready`; a
// word of state per slot; a head per slot (bytes used, deliveries, the user's header); the slots.
//
// Slot and head belong to the process that the slot's state names, and to none while it is free or published. A state
// changes by one compare-and-exchange, which says at once what the slot is now and who owns it (`SlotState`). Hence:
//
//   - No two processes own the same slot, since only one of two exchanges from the same state succeeds. And no exchange
//     mistakes an old state for a new one, since each ticket occurs once.
//   - The consumer sees what the producer wrote: the producer wrote it before its exchange to `published`, and the
//     consumer reads after its exchange from there. The next producer writes after the exchange to `free`.
//   - Messages of one producer are taken in the order in which it published them: its tickets grow, and `takeOldest`
//     explains why an older one is not overlooked.
//
// The ticket counter only grows. If a process dies with a ticket that it has drawn, that ticket is missing, and nothing
// waits for it: the oldest message is the one with the oldest ticket present, not the one with the next number.
//
// A process that dies leaves a slot that names it, or nothing. `reclaim` turns `reserved` into `free`, as half a
// message is none, and `taken` into `published` with the same ticket. It is called after the process has ended and
// before its number can be reused by another process that uses the queue. No other process may change these states, so
// it cannot fail.
//
// Sleeping: producers sleep on `freed`, the consumer on `ready` (`SharedSignal`). A signal is raised after the exchange
// that it announces. A process that dies between the two leaves sleepers behind; `reclaim` wakes all of them in any
// case.
//
// Closing: `closed` goes from 0 to 1 and stays there. A producer reserves first and then checks `closed`, and if it is
// set abandons the slot; the consumer checks `closed` first and then whether all slots are free. These operations are
// sequentially consistent, so in their single order either the producer sees the queue closed or the consumer sees the
// slot reserved. So no message arrives after the consumer has been told of the end. A slot abandoned or reclaimed may
// be the last thing that the consumer waits for, so both raise `ready`, too.

internal import Glibc
internal import Synchronization

/// A bounded queue of messages from many processes to one, in memory shared with every child forked after it was made.
///
/// A producer reserves a slot, writes into it and publishes it; the consumer takes the oldest message, reads it in
/// place and releases it. If all slots are in use, producers wait. Messages of one producer arrive in order.
///
/// Any process may be killed at any time. After `reclaim`, the message that it was writing is dropped, and the one that
/// it was reading is delivered again to the next consumer. Every process that shares the queue, and every thread, may
/// produce; one at a time may consume. Reserving and taking scan all slots, so tens of slots are a good number.
///
/// Unchecked `Sendable`, as the compiler cannot know that only atomic words and slots with one owner each are shared.
/// The pointers lie in `mapping`, which lives as long as this object; the head of the file says who may write what.
@safe
public final class SharedQueue<Header: BitwiseCopyable>: @unchecked Sendable {
  /// Number of slots, those being written or read included.
  public let slotCount: Int
  /// Bytes in each slot, without the header.
  public let slotByteCount: Int
  private let mapping: SharedMapping
  private let layout: QueueLayout
  private let slots: SlotTable
  private let closed: UnsafeMutablePointer<Atomic<UInt32>>
  private let tickets: UnsafeMutablePointer<Atomic<UInt64>>
  private let freed: SharedSignal
  private let ready: SharedSignal
  /// Where this process looks first for a free slot: the one after its last, which is most likely free.
  private let nextSlot = Atomic<Int>(0)

  /// Maps the queue. Make it before the processes that are to share it are forked.
  /// - Throws: `PoolError.systemCall` if there is no memory for it.
  public init(slotCount: Int, slotByteCount: Int) throws(PoolError) {
    precondition(slotCount >= 1 && slotByteCount >= 0, "a queue has at least one slot")
    self.slotCount = slotCount
    self.slotByteCount = slotByteCount
    layout = QueueLayout(slotCount: slotCount, slotByteCount: slotByteCount, header: Header.self)
    mapping = try SharedMapping.populated(byteCount: layout.byteCount)
    // Zeroes are an open queue, ticket 0, signals without a waiter and free slots.
    unsafe closed = mapping.word(at: QueueLayout.closed, UInt32.self)
    unsafe tickets = mapping.word(at: QueueLayout.tickets)
    unsafe freed = SharedSignal(word: mapping.word(at: QueueLayout.freed, UInt32.self))
    unsafe ready = SharedSignal(word: mapping.word(at: QueueLayout.ready, UInt32.self))
    unsafe slots = SlotTable(
      words: mapping.pointer(at: QueueLayout.states, to: Atomic<UInt64>.self, count: slotCount), count: slotCount)
  }

  // MARK: Producers

  /// Reserves a slot without waiting.
  /// - Returns: `nil` if all slots are in use.
  /// - Throws: `closed`.
  public func tryReserve() throws(SharedQueueError) -> Reservation? {
    let process = getpid()
    guard let slot = try reserveSlot(for: process) else { return nil }
    return Reservation(queue: self, slot: slot, owner: process)
  }

  /// Reserves a slot, and waits for one if all are in use.
  /// - Parameter timeoutSeconds: how long to wait at most; by default forever. While it waits, the parent of a pool
  ///   notices neither signals nor deaths, so set a limit there.
  /// - Throws: `closed` or `timedOut`.
  public func reserve(timeoutSeconds: Double? = nil) throws(SharedQueueError) -> Reservation {
    let process = getpid()
    let slot = try wait(for: freed, timeoutSeconds) { () throws(SharedQueueError) in try reserveSlot(for: process) }
    return Reservation(queue: self, slot: slot, owner: process)
  }

  private func reserveSlot(for process: Int32) throws(SharedQueueError) -> Int? {
    if isClosed { throw .closed }
    // `nextSlot` is a hint, so relaxed is enough.
    guard let slot = slots.reserve(from: nextSlot.load(ordering: .relaxed), by: process) else { return nil }
    if isClosed {
      abandon(slot, by: process)
      throw .closed
    }
    nextSlot.store(slot + 1 < slotCount ? slot + 1 : 0, ordering: .relaxed)
    return slot
  }

  func publish(_ slot: Int, byteCount: Int, header: Header, by process: Int32) {
    precondition(byteCount >= 0 && byteCount <= slotByteCount, "more bytes than a slot has")
    storeHead(of: slot, SlotHead(byteCount: byteCount, returnedCount: 0))
    let room = unsafe mapping.bytes(at: layout.header(slot), count: MemoryLayout<Header>.size)
    unsafe room.storeBytes(of: header, as: Header.self)
    // Relaxed is enough: the exchange below orders all that the consumer reads, and the ticket is part of it.
    let ticket = Ticket(unsafe tickets.pointee.wrappingAdd(1, ordering: .relaxed).newValue)
    let old = SlotState.reserved(owner: process)
    // Only its owner changes a reserved slot. If the exchange fails, some process overwrote the word, and the message
    // is lost.
    if let new = old.published(ticket, by: process) { _ = slots.change(slot, from: old, to: new) }
    ready.raise()
  }

  func abandon(_ slot: Int, by process: Int32) {
    slots.free(slot, by: process)
    freed.raise()
    ready.raise()
  }

  // MARK: The consumer

  /// Takes the oldest message, and waits for one if there is none.
  /// - Parameter timeoutSeconds: how long to wait at most; by default forever. While it waits, the parent of a pool
  ///   notices neither signals nor deaths, so set a limit there.
  /// - Returns: `nil` once the queue is closed and no message can arrive any more.
  /// - Throws: `timedOut`; or `damaged` in place of a message that some process overwrote; the next call gives the next
  ///   one.
  public func take(timeoutSeconds: Double? = nil) throws(SharedQueueError) -> Message? {
    let process = getpid()
    let taken = try wait(for: ready, timeoutSeconds) { () throws(SharedQueueError) in takeSlot(for: process) }
    guard case .slot(let slot) = taken else { return nil }
    let head = head(of: slot)
    guard (0...slotByteCount).contains(head.byteCount) else {
      release(slot, by: process)
      throw .damaged
    }
    let header = unsafe mapping.bytes(at: layout.header(slot), count: MemoryLayout<Header>.size)
      .loadUnaligned(as: Header.self)
    return Message(queue: self, slot: slot, owner: process, head: head, header: header)
  }

  private enum Taken {
    case slot(Int)
    case end
  }

  /// `closed` is read before the slots: the head of the file says why.
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

  /// Closes the queue: from now on `reserve` throws, and `take` returns `nil` after the messages that were published or
  /// reserved before. Idempotent.
  public func close() {
    unsafe closed.pointee.store(1, ordering: .sequentiallyConsistent)
    freed.raise()
    ready.raise()
  }

  /// Whether `close` has been called.
  public var isClosed: Bool { unsafe closed.pointee.load(ordering: .sequentiallyConsistent) != 0 }

  /// Takes back what a dead process had: slots that it had reserved become free, and messages that it had taken and not
  /// released are delivered again, before all younger ones. Wakes all sleepers.
  ///
  /// Call it for every process that used the queue and ended without being asked to, in the process that learns of the
  /// death: in ``PoolOptions/onWorkerEnd``. The process must have ended, and no process may have been forked since that
  /// could have been given the same number.
  /// - Returns: how many slots became free, and how many messages will be delivered again.
  @discardableResult
  public func reclaim(deadPID: Int32) -> (freedCount: Int, returnedCount: Int) {
    precondition(deadPID > 0 && deadPID != getpid(), "the process id of a dead process")
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
      // No other process changes what belongs to the dead.
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

  /// Enters all slots into the page table of the calling process, so that the first touch of a page costs no fault.
  /// Call it in a pool's initializer; the process that made the queue need not.
  /// - Throws: `PoolError.systemCall`.
  public func prefault() throws(PoolError) { try mapping.populate() }

  private func head(of slot: Int) -> SlotHead {
    unsafe mapping.bytes(at: layout.head(slot), count: MemoryLayout<SlotHead>.size).load(as: SlotHead.self)
  }

  private func storeHead(of slot: Int, _ head: SlotHead) {
    let room = unsafe mapping.bytes(at: layout.head(slot), count: MemoryLayout<SlotHead>.size)
    unsafe room.storeBytes(of: head, as: SlotHead.self)
  }

  // MARK: Waiting

  /// Tries `attempt` until it gives a result, and sleeps in between until `signal` is raised.
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
      // Now and then, a worker checks that its parent lives: if not, perhaps no process is left that moves the queue.
      signal.sleep(on: seen, nanoseconds: min(deadline.map { $0 - now } ?? .max, WaitingWorker.sliceNanoseconds))
      WaitingWorker.goOn()
    }
  }
}

internal import Glibc

extension SharedQueue {
  /// A slot that a producer is writing. Dropping it unpublished gives the slot back.
  public struct Reservation: ~Copyable {
    private let queue: SharedQueue
    private let slot: Int
    private let owner: Int32
    private var isPublished = false

    init(queue: SharedQueue, slot: Int, owner: Int32) { (self.queue, self.slot, self.owner) = (queue, slot, owner) }

    // A copy in a child is not the child's to give back.
    deinit { if !isPublished && getpid() == owner { queue.abandon(slot, by: owner) } }

    /// Calls `body` with all bytes of the slot, which hold what the last message left.
    public mutating func withMutableBytes<Result: ~Copyable, Failure: Error>(
      _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
      try queue.withMutableBytes(of: slot, body)
    }

    /// Delivers the first `byteCount` bytes of the slot and a header to the consumer, even if the queue has been closed
    /// since the slot was reserved.
    public consuming func publish(byteCount: Int, header: Header) {
      isPublished = true
      queue.publish(slot, byteCount: byteCount, header: header, by: owner)
    }
  }
}

extension SharedQueue {
  /// A message that the consumer is reading. `release`, or dropping it, frees the slot. If the consumer dies first, the
  /// message is delivered again after `reclaim`.
  public struct Message: ~Copyable {
    /// The header that the producer published with it.
    public let header: Header
    /// Bytes of the message, without the header.
    public let byteCount: Int
    /// How often the message has been taken, this time included. More than 1 if an earlier consumer died with it, which
    /// may have done all or nothing of its work.
    public let deliveryCount: Int
    private let queue: SharedQueue
    private let slot: Int
    private let owner: Int32
    private var isReleased = false

    init(queue: SharedQueue, slot: Int, owner: Int32, head: SlotHead, header: Header) {
      (self.queue, self.slot, self.owner, self.header) = (queue, slot, owner, header)
      byteCount = head.byteCount
      deliveryCount = max(0, head.returnedCount) &+ 1
    }

    // A copy in a child is not the child's to release.
    deinit { if !isReleased && getpid() == owner { queue.release(slot, by: owner) } }

    /// Calls `body` with the bytes of the message.
    public func withBytes<Result: ~Copyable, Failure: Error>(
      _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
      try queue.withBytes(of: slot, first: byteCount, body)
    }

    /// Gives the slot back to the producers.
    public consuming func release() {
      isReleased = true
      queue.release(slot, by: owner)
    }
  }
}

/// Why a queue gives no slot or message.
public enum SharedQueueError: Error, Hashable, Sendable {
  /// The queue is closed and takes no more messages.
  case closed
  /// The time limit is over.
  case timedOut
  /// A process overwrote the memory of the queue, and a message is lost.
  case damaged
}

extension SharedQueueError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .closed: "the queue is closed"
    case .damaged: "a process wrote over the memory of the queue, and a message is lost"
    case .timedOut: "the queue did not move in the time given"
    }
  }
}

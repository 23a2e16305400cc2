internal import Glibc

extension SharedQueue {
  /// A message that the consumer is reading. Dropping it, or `release`, says that it is done with: the slot is free then.
  /// A consumer that dies before has not done with it.
  public struct Message: ~Copyable {
    /// What the producer said of it.
    public let header: Header
    /// Bytes of the message, the header apart.
    public let byteCount: Int
    /// How often the message has been taken, this time included: more than 1 after the death of a consumer that had it,
    /// which may have done all or nothing of what it was to do.
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

    // The child of a process with a message has a copy that is not its own.
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

internal import Glibc

extension SharedQueue {
  /// A slot that a producer is writing to. Dropping it unpublished gives the slot back.
  public struct Reservation: ~Copyable {
    private let queue: SharedQueue
    private let slot: Int
    private let owner: Int32
    private var isPublished = false

    init(queue: SharedQueue, slot: Int, owner: Int32) { (self.queue, self.slot, self.owner) = (queue, slot, owner) }

    // The child of a process with a reservation has a copy that is not its own.
    deinit { if !isPublished && getpid() == owner { queue.abandon(slot, by: owner) } }

    /// Calls `body` with all bytes of the slot, whose values are those that the last message left.
    public mutating func withMutableBytes<Result: ~Copyable, Failure: Error>(
      _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
      try queue.withMutableBytes(of: slot, body)
    }

    /// Hands the first `byteCount` bytes of the slot, and a header, to the consumer. It succeeds on a queue that has been
    /// closed since the slot was reserved.
    public consuming func publish(byteCount: Int, header: Header) {
      isPublished = true
      queue.publish(slot, byteCount: byteCount, header: header, by: owner)
    }
  }
}

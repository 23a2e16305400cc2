/// Why a queue has nothing to give just now.
public enum SharedQueueError: Error, Hashable, Sendable {
  /// The queue is closed: it takes no more messages.
  case closed
  /// The time given is over.
  case timedOut
  /// A process wrote what makes no sense over the memory of the queue; the message concerned is lost.
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

/// Why a queue has nothing to give just now.
public enum SharedQueueError: Error, Hashable, Sendable {
  /// The queue is closed: it takes no more messages.
  case closed
  /// The time given is over.
  case timedOut
}

extension SharedQueueError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .closed: "the queue is closed"
    case .timedOut: "the queue did not move in the time given"
    }
  }
}

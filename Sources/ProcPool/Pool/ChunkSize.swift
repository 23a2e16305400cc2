/// How many tasks travel in one message to a worker. A number stands for itself: `chunkSize: 10`.
public enum ChunkSize: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// CPython's rule for `map`: ⌈n / (4 · workers)⌉, so that each worker gets about four messages.
  case automatic
  /// So many, at least 1; the last chunk may be shorter.
  case fixed(Int)
  /// As many as take about 0.2 s together, measured as the call goes on, and fewer towards its end.
  case adaptive

  /// A fixed number.
  public init(integerLiteral value: Int) { self = .fixed(value) }

  /// Tasks in the first chunks of a call.
  func first(taskCount: Int, workers: Int) throws(PoolError) -> Int {
    switch self {
    case .automatic: return max(1, defaultChunkSize(taskCount: taskCount, workers: workers))
    case .adaptive: return 1
    case .fixed(let size):
      guard size >= 1 else { throw .invalidArgument("a chunk has at least one task, not \(size)") }
      return size
    }
  }
}

/// CPython's rule for `map`: each worker gets about four chunks.
public func defaultChunkSize(taskCount: Int, workers: Int) -> Int {
  (taskCount + 4 * workers - 1) / (4 * workers)
}

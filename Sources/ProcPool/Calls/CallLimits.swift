/// How the tasks of a call are to be run, as the caller wants it.
@usableFromInline
struct CallLimits {
  var chunkSize: ChunkSize
  /// Seconds that one task may run.
  let timeout: Double?
  /// The workers that may run them; `nil`: all.
  let ranks: Range<Int>?

  @usableFromInline
  init(_ chunkSize: ChunkSize, _ timeout: Double?, _ ranks: Range<Int>?) {
    (self.chunkSize, self.timeout, self.ranks) = (chunkSize, timeout, ranks)
  }

  /// A call that has nothing to do yet.
  func callState(
    taskCount: Int, _ options: PoolOptions, stopsAtFirstError: Bool
  ) throws(PoolError) -> CallState {
    if let timeout, !(timeout > 0) { throw .invalidArgument("a timeout is more than 0 s, not \(timeout)") }
    if let ranks, ranks.isEmpty || ranks.lowerBound < 0 || ranks.upperBound > options.workers {
      throw .invalidArgument("ranks are some of 0 to \(options.workers - 1), not \(ranks)")
    }
    let workers = ranks?.count ?? options.workers
    var call = CallState(
      chunkSize: try chunkSize.first(taskCount: taskCount, workers: workers), stopsAtFirstError: stopsAtFirstError,
      retries: options.retries, isAdaptive: chunkSize == .adaptive)
    call.timeoutSeconds = timeout
    call.ranks = ranks
    return call
  }
}

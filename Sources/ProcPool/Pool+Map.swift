extension Pool {
  /// The results for `items`, in their order.
  ///
  /// Differs from Python: where several tasks fail, the error is that of the lowest index, not of the first to arrive; a
  /// chunk size below 1 is an error, and not a list of nothing. As in Python, a task that throws ends its chunk, and all
  /// other chunks run before the call returns.
  /// - Parameters:
  ///   - chunkSize: tasks per message; by default ⌈n / (4 · workers)⌉.
  ///   - timeout: seconds that one task may run; one that runs longer is stopped and fails, and the others go on.
  ///   - progress: called in this process whenever tasks have ended, after several at once, too.
  /// - Throws: `taskFailed`, or an error of the pool as a whole, after which it is terminated.
  public func map(
    _ items: some Collection<Input>, chunkSize: ChunkSize = .automatic, timeout: Double? = nil,
    progress: Progress? = nil
  ) throws(PoolError) -> [Output] {
    try mapAsync(items, chunkSize: chunkSize, timeout: timeout, progress: progress).get()
  }

  /// `map` without waiting.
  ///
  /// Differs from Python: nothing is handed out before something of the pool is waited for; see `AsyncResult`. As in
  /// Python, the callbacks are not called for an empty input.
  /// - Throws: `invalidArgument` or `notRunning`; a task that fails is the handle's to tell.
  public func mapAsync(
    _ items: some Collection<Input>, chunkSize: ChunkSize = .automatic, timeout: Double? = nil,
    progress: Progress? = nil, callbacks: AsyncResult<[Output]>.Callbacks? = nil
  ) throws(PoolError) -> AsyncResult<[Output]> {
    try collect(
      Array(items), (chunkSize, timeout), progress, callbacks: items.isEmpty ? nil : callbacks, combine: { $0 })
  }

  /// The result for one input.
  ///
  /// Differs from Python: a pool has one body, so there is no function to name.
  /// - Throws: as `map`.
  public func apply(_ input: Input, timeout: Double? = nil) throws(PoolError) -> Output {
    try applyAsync(input, timeout: timeout).get()
  }

  /// `apply` without waiting; see `AsyncResult`.
  /// - Throws: as `mapAsync`.
  public func applyAsync(
    _ input: Input, timeout: Double? = nil, callbacks: AsyncResult<Output>.Callbacks? = nil
  ) throws(PoolError) -> AsyncResult<Output> {
    try collect([input], (1, timeout), nil, callbacks: callbacks, combine: { $0[0] })
  }

  private func collect<Value>(
    _ items: [Input], _ limits: (chunkSize: ChunkSize, timeout: Double?), _ progress: Progress?,
    callbacks: AsyncResult<Value>.Callbacks?, combine: @escaping ([Output]) -> Value
  ) throws(PoolError) -> AsyncResult<Value> {
    var call = try callState(limits.chunkSize, taskCount: items.count, limits.timeout, stopsAtFirstError: true)
    call.available = items.count
    call.isComplete = true
    let handle = AsyncResult<Value>(supervisor, callbacks)
    handle.id = try supervisor.begin(
      call, for: CollectedCall(items, in: self, for: handle, progress: progress, combine: combine))
    return handle
  }

  func callState(
    _ chunkSize: ChunkSize, taskCount: Int, _ timeout: Double?, stopsAtFirstError: Bool
  ) throws(PoolError) -> CallState {
    if let timeout, !(timeout > 0) { throw .invalidArgument("a timeout is more than 0 s, not \(timeout)") }
    var call = CallState(
      chunkSize: try chunkSize.first(taskCount: taskCount, workers: options.workers),
      stopsAtFirstError: stopsAtFirstError, retries: options.retries, isAdaptive: chunkSize == .adaptive)
    call.timeoutSeconds = timeout
    return call
  }
}

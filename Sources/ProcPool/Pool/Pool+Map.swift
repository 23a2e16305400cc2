extension Pool {
  /// The results for `items`, in their order.
  ///
  /// Differs from Python: where several tasks fail, the error is that of the lowest index, not of the first to arrive; a
  /// chunk size below 1 is an error, and not a list of nothing. As in Python, a task that throws ends its chunk, but for the
  /// tasks that a worker with nothing to do has taken over by then, and all other chunks run before the call returns.
  ///
  /// An input or a result of n bytes takes twice that while it travels, in this process and in the worker.
  /// - Parameters:
  ///   - chunkSize: tasks per message; by default ⌈n / (4 · workers)⌉.
  ///   - timeout: seconds that one task may run; one that runs longer is stopped and fails, and the others go on.
  ///   - ranks: the workers that may run its tasks; by default all. Python has no such choice.
  ///   - progress: called in this process whenever tasks have ended, after several at once, too.
  /// - Throws: `taskFailed`, or an error of the pool as a whole, after which it is terminated.
  @inlinable
  public func map(
    _ items: some Collection<Input>, chunkSize: ChunkSize = .automatic, timeout: Double? = nil,
    ranks: Range<Int>? = nil, progress: Progress? = nil
  ) throws(PoolError) -> [Output] {
    try mapAsync(items, chunkSize: chunkSize, timeout: timeout, ranks: ranks, progress: progress).get()
  }

  /// `map` without waiting.
  ///
  /// Differs from Python: nothing is handed out before something of the pool is waited for; see `AsyncResult`. As in
  /// Python, the callbacks are not called for an empty input.
  /// - Throws: `invalidArgument` or `notRunning`; a task that fails is the handle's to tell.
  @inlinable
  public func mapAsync(
    _ items: some Collection<Input>, chunkSize: ChunkSize = .automatic, timeout: Double? = nil,
    ranks: Range<Int>? = nil, progress: Progress? = nil, callbacks: AsyncResult<[Output]>.Callbacks? = nil
  ) throws(PoolError) -> AsyncResult<[Output]> {
    try collect(
      CallInputs(items), CallResults(count: items.count), CallLimits(chunkSize, timeout, ranks), progress,
      callbacks: items.isEmpty ? nil : callbacks)
  }

  /// The result for one input.
  ///
  /// Differs from Python: a pool has one body, so there is no function to name.
  /// - Throws: as `map`.
  @inlinable
  public func apply(
    _ input: Input, timeout: Double? = nil, ranks: Range<Int>? = nil
  ) throws(PoolError) -> Output {
    try applyAsync(input, timeout: timeout, ranks: ranks).get()
  }

  /// `apply` without waiting; see `AsyncResult`.
  /// - Throws: as `mapAsync`.
  @inlinable
  public func applyAsync(
    _ input: Input, timeout: Double? = nil, ranks: Range<Int>? = nil,
    callbacks: AsyncResult<Output>.Callbacks? = nil
  ) throws(PoolError) -> AsyncResult<Output> {
    try collectOne(
      CallInputs(CollectionOfOne(input)), CallResults(count: 1), CallLimits(1, timeout, ranks), callbacks: callbacks)
  }

  @usableFromInline
  func collect(
    _ inputs: CallInputs<Input>, _ results: CallResults<Output>, _ limits: CallLimits,
    _ progress: Progress?, callbacks: AsyncResult<[Output]>.Callbacks?
  ) throws(PoolError) -> AsyncResult<[Output]> {
    let handle = AsyncResult<[Output]>(supervisor, callbacks)
    let call = CollectedCall(inputs, results, for: handle, progress: progress) { $0 }
    handle.id = try begin(call, inputs.count, limits)
    return handle
  }

  @usableFromInline
  func collectOne(
    _ inputs: CallInputs<Input>, _ results: CallResults<Output>, _ limits: CallLimits,
    callbacks: AsyncResult<Output>.Callbacks?
  ) throws(PoolError) -> AsyncResult<Output> {
    let handle = AsyncResult<Output>(supervisor, callbacks)
    let call = CollectedCall(inputs, results, for: handle, progress: nil) { $0[0] }
    handle.id = try begin(call, 1, limits)
    return handle
  }

  private func begin(
    _ receiver: any CallReceiver, _ taskCount: Int, _ limits: CallLimits
  ) throws(PoolError) -> CallID {
    var call = try limits.callState(taskCount: taskCount, options, stopsAtFirstError: true)
    call.available = taskCount
    call.isComplete = true
    return try supervisor.begin(call, for: receiver)
  }
}

extension Pool {
  /// Runs the body on each of `items` and returns the results in their order.
  ///
  /// Differs from Python: where several tasks fail, the error is the one with the lowest index, not the first to
  /// arrive; and a chunk size below 1 is an error, where Python returns a list of `None`. As in Python, a task that
  /// throws ends its chunk (except for tasks that an idle worker has taken over by then), and all other chunks run
  /// before the call returns.
  ///
  /// While it travels, an input or a result of n bytes takes twice that, in this process and in the worker.
  /// - Parameters:
  ///   - items: the inputs.
  ///   - chunkSize: tasks per message; by default ⌈n / (4 · workers)⌉.
  ///   - timeout: seconds that one task may run; a task that runs longer is stopped and fails, and the others go on.
  ///   - ranks: the workers that may run the tasks; by default all. Python has no counterpart.
  ///   - progress: called in this process when tasks have finished, possibly once for several.
  /// - Throws: `taskFailed`, or an error of the pool as a whole, which has then been terminated.
  @inlinable
  public func map(
    _ items: some Collection<Input>, chunkSize: ChunkSize = .automatic, timeout: Double? = nil,
    ranks: Range<Int>? = nil, progress: Progress? = nil
  ) throws(PoolError) -> [Output] {
    try mapAsync(items, chunkSize: chunkSize, timeout: timeout, ranks: ranks, progress: progress).get()
  }

  /// Starts a `map` and returns without waiting for it.
  ///
  /// Differs from Python: tasks are sent only while the program waits for something of the pool; see ``AsyncResult``.
  /// As in Python, callbacks are not called for an empty input.
  /// - Throws: `invalidArgument` or `notRunning`; the handle reports tasks that fail.
  @inlinable
  public func mapAsync(
    _ items: some Collection<Input>, chunkSize: ChunkSize = .automatic, timeout: Double? = nil,
    ranks: Range<Int>? = nil, progress: Progress? = nil, callbacks: AsyncResult<[Output]>.Callbacks? = nil
  ) throws(PoolError) -> AsyncResult<[Output]> {
    try collect(
      CallInputs(items), CallResults(count: items.count), CallLimits(chunkSize, timeout, ranks), progress,
      callbacks: items.isEmpty ? nil : callbacks)
  }

  /// Runs the body on one input.
  ///
  /// Differs from Python: a pool has one body, so there is no function to pass.
  /// - Throws: as `map`.
  @inlinable
  public func apply(
    _ input: Input, timeout: Double? = nil, ranks: Range<Int>? = nil
  ) throws(PoolError) -> Output {
    try applyAsync(input, timeout: timeout, ranks: ranks).get()
  }

  /// Starts an `apply` and returns without waiting for it; see ``AsyncResult``.
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
    handle.id = try start(call, inputs.count, limits)
    return handle
  }

  @usableFromInline
  func collectOne(
    _ inputs: CallInputs<Input>, _ results: CallResults<Output>, _ limits: CallLimits,
    callbacks: AsyncResult<Output>.Callbacks?
  ) throws(PoolError) -> AsyncResult<Output> {
    let handle = AsyncResult<Output>(supervisor, callbacks)
    let call = CollectedCall(inputs, results, for: handle, progress: nil) { $0[0] }
    handle.id = try start(call, 1, limits)
    return handle
  }

  private func start(
    _ receiver: any CallReceiver, _ taskCount: Int, _ limits: CallLimits
  ) throws(PoolError) -> CallID {
    var call = try limits.callState(taskCount: taskCount, options, stopsAtFirstError: true)
    call.available = taskCount
    call.isComplete = true
    return try supervisor.start(call, for: receiver)
  }
}

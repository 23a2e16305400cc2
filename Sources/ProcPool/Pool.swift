/// A pool of forked processes that run one function on many values, as Python's `multiprocessing.Pool` does.
///
/// The workers are forked when the pool is made, so the body and everything that it captures are theirs by inheritance
/// and need no encoding; inputs and results travel through pipes. The process that makes a pool must have one thread,
/// and a pool is used by that thread alone. A worker that dies is replaced: the task that it was running fails alone, or
/// runs again as often as `PoolOptions.retries` allows, and what it had not begun runs elsewhere.
///
///     try Pool.with(PoolOptions(workers: 4), body: { (n: Int) in n * n }) { pool in
///       print(try pool.map([1, 2, 3]))  // [1, 4, 9]
///     }
public final class Pool<Input: Codable, Output: Codable> {
  let supervisor: Supervisor
  let inputCodec = PayloadCodec<Input>()
  let outputCodec = PayloadCodec<Output>()
  private let options: PoolOptions

  /// Forks the workers.
  /// - Parameters:
  ///   - initializer: runs once in each worker, replacements too, before its first task; it is given the rank.
  ///   - body: runs in the workers, once per task.
  /// - Throws: `threadsPresent` or `systemCall`.
  public init(
    _ options: PoolOptions, initializer: @escaping (_ rank: Int) throws -> Void = { _ in },
    body: @escaping (Input) throws -> Output
  ) throws(PoolError) {
    self.options = options
    let (input, output) = (inputCodec, outputCodec)
    supervisor = try Supervisor(options: options, initializer: initializer) { task, result in
      try output.encode(body(input.decode(task)), &result)
    }
  }

  /// Makes a pool, calls `use` with it and terminates it, whatever happens.
  public static func with<Result>(
    _ options: PoolOptions, initializer: @escaping (_ rank: Int) throws -> Void = { _ in },
    body: @escaping (Input) throws -> Output, _ use: (Pool) throws -> Result
  ) throws -> Result {
    let pool = try Pool(options, initializer: initializer, body: body)
    defer { pool.terminate() }
    return try use(pool)
  }

  /// Process ids of the workers, by rank; `nil` for one that is being replaced. No number stands for none: to `kill`,
  /// -1 means every process there is.
  public var workerPIDs: [Int32?] { supervisor.workerPIDs }

  /// The results for `items`, in their order.
  ///
  /// Differs from Python: where several tasks fail, the error is that of the lowest index, not of the first to arrive.
  /// As in Python, a task that throws ends its chunk, and all other chunks run before the call returns.
  /// - Parameter chunkSize: tasks per message; by default ⌈n / (4 · workers)⌉.
  /// - Throws: `taskFailed`, or an error of the pool as a whole, after which it is terminated.
  public func map(_ items: some Collection<Input>, chunkSize: Int? = nil) throws(PoolError) -> [Output] {
    let size = chunkSize ?? defaultChunkSize(taskCount: items.count, workers: options.workers)
    let receiver = OrderedResults(items: Array(items), input: inputCodec, output: outputCodec)
    var call = CallState(chunkSize: max(1, size), stopsAtFirstError: true, retries: options.retries)
    precondition(size >= 1 || items.isEmpty, "a chunk has at least one task")
    call.available = items.count
    call.isComplete = true
    let id = try supervisor.begin(call, for: receiver)
    defer { supervisor.end(id) }
    while supervisor.state.calls[id]?.isFinished == false { try supervisor.turn() }
    return try receiver.results()
  }

  /// The results for `items` as they come, at most `window` ahead of what has been taken from the stream.
  ///
  /// The sequence is consumed as far as the window allows and no further, so it may be infinite. A task that fails is an
  /// outcome of its own and ends nothing.
  /// - Parameters:
  ///   - chunkSize: tasks per message.
  ///   - window: tasks taken from `items` and not yet from the stream; by default 64, or two chunks per worker if more.
  public func imapUnordered<Items: Sequence<Input>>(
    _ items: Items, chunkSize: Int = 1, window: Int? = nil
  ) throws(PoolError) -> UnorderedResults<Input, Output> {
    let smallest = max(chunkSize, 1)
    return try UnorderedResults(
      of: items, in: self, chunkSize: chunkSize, retries: options.retries,
      window: max(smallest, window ?? max(64, 2 * smallest * options.workers)))
  }

  /// No more calls will be made; those in progress go on.
  public func close() { supervisor.state.isClosed = true }

  /// Waits until all work is done and every worker has left.
  /// - Throws: `stillRunning` before `close` or `terminate`.
  public func join() throws(PoolError) {
    guard supervisor.state.isClosed else { throw .stillRunning }
    if !supervisor.isTerminated { try supervisor.join() }
  }

  /// Ends every worker now: SIGTERM, then SIGKILL after the grace of the options. Idempotent.
  public func terminate() { supervisor.terminate() }
}

/// CPython's rule for `map`: each worker gets about four chunks.
public func defaultChunkSize(taskCount: Int, workers: Int) -> Int {
  (taskCount + 4 * workers - 1) / (4 * workers)
}

/// A pool of processes that run one function on many values, as Python's `multiprocessing.Pool` does.
///
/// The workers are forked when the pool is made, so the body and everything that it captures are theirs by inheritance
/// and need no encoding; inputs and results travel through memory and pipes. The process that makes such a pool must have
/// one thread; a program with several gives its pools a `PoolTask` and a `StartMethod` that is not `fork`. A pool is used
/// by one thread at a time, and by no other process: in a fork of the one that made it, every use is the error
/// `wrongProcess`, and letting go of it does nothing. A worker that dies is replaced: the task that it was running fails
/// alone, or runs again as often as `PoolOptions.retries` allows, and what it had not begun runs elsewhere.
///
/// Letting go of a pool ends it: keep it as long as its handles and streams are wanted.
///
/// Differs from Python: the body belongs to the pool, not to a call, and is as it was when the pool was made; a pool has no
/// thread, so its work is handed out and taken back while the program waits for something of it, as `map`, `get`, `next` and
/// `join` do.
///
/// Bitwise-copyable inputs and results, arrays of them, `String` and `Data` are copied as they lie in memory, even where
/// their type has an `encode(to:)` of its own; other types are encoded.
///
///     try Pool.with(PoolOptions(workers: 4), body: { (n: Int) in n * n }) { pool in
///       print(try pool.map([1, 2, 3]))  // [1, 4, 9]
///     }
public final class Pool<Input: Codable, Output: Codable> {
  /// Told how many tasks of a call have ended, and of how many.
  public typealias Progress = (_ ended: Int, _ total: Int) -> Void

  let supervisor: Supervisor
  let options: PoolOptions

  /// Forks the workers. Needs Linux 5.3; where threads come after it, the next worker that has to be replaced ends the pool
  /// with `threadsPresent`.
  ///
  /// Differs from Python: the number of workers has no default, and an initializer that throws ends the next wait with
  /// `initializerFailed` and terminates the pool, where Python forks replacements for ever.
  /// - Parameters:
  ///   - initializer: runs once in each worker, replacements too, before its first task; it is given the rank, a number
  ///     from 0 that a replacement takes over.
  ///   - finalizer: runs once in each worker that leaves because the pool is joined or recycles it, after its last task;
  ///     not in one that is terminated or dies.
  ///   - body: runs in the workers, once per task. What it captures is a copy as of the worker's fork.
  /// - Throws: `invalidArgument`, `threadsPresent` or `systemCall`.
  @inlinable
  public convenience init(
    _ options: PoolOptions, initializer: @escaping (_ rank: Int) throws -> Void = { _ in },
    finalizer: @escaping (_ rank: Int) -> Void = { _ in }, body: @escaping (Input) throws -> Output
  ) throws(PoolError) {
    let (input, output) = (PayloadCodec<Input>(), PayloadCodec<Output>())
    try self.init(options, initializer, finalizer) { task, result in
      try output.append(body(input.value(of: task)), to: &result)
    }
  }

  @usableFromInline
  convenience init(
    _ options: PoolOptions, _ initializer: @escaping (_ rank: Int) throws -> Void,
    _ finalizer: @escaping (_ rank: Int) -> Void, taskBody: @escaping TaskBody
  ) throws(PoolError) {
    try options.startMethod.checkClosures()
    try self.init(options, code: WorkerCode(initializer: initializer, finalizer: finalizer, body: taskBody))
  }

  init(_ options: PoolOptions, code: WorkerCode) throws(PoolError) {
    try StartMethod.checkBootstrap()
    self.options = options
    supervisor = try Supervisor(options: options, code: code)
  }

  /// Letting go of a pool ends it as `terminate` does, whoever still holds handles and streams of it.
  deinit { supervisor.terminate(because: .terminated) }

  /// Makes a pool, calls `use` with it and terminates it, whatever happens, as Python's `with` does: what has not ended by
  /// then never will.
  /// - Throws: as `init`, and whatever `use` throws.
  @inlinable
  public static func with<Result>(
    _ options: PoolOptions, initializer: @escaping (_ rank: Int) throws -> Void = { _ in },
    finalizer: @escaping (_ rank: Int) -> Void = { _ in }, body: @escaping (Input) throws -> Output,
    _ use: (Pool) throws -> Result
  ) throws -> Result {
    let pool = try Pool(options, initializer: initializer, finalizer: finalizer, body: body)
    defer { pool.terminate() }
    return try use(pool)
  }

  /// Process ids of the workers, by rank; `nil` for one that is being replaced. No number stands for none: to `kill`,
  /// -1 means every process there is.
  public var workerPIDs: [Int32?] { supervisor.workerPIDs }

  /// Where the time has gone so far, what became of the workers, and the slowest tasks; at any time, also when the pool has
  /// ended. Python's `Pool` has no such thing.
  public var insights: PoolInsights { supervisor.recorder.snapshot(supervisor.workers) }

  // MARK: Ending

  /// No more calls will be made: they throw `notRunning`. Those in progress go on. Idempotent.
  public func close() { supervisor.state.isClosed = true }

  /// Waits until all work is done and every worker has left. Handles keep their values.
  ///
  /// Differs from Python: nobody but its reader moves a stream of `imap` on, so one that is still held takes no more items;
  /// behind the results that it has, it ends with `notRunning` if there were more.
  /// - Throws: `stillRunning` before `close` or `terminate`.
  public func join() throws(PoolError) {
    guard supervisor.state.isClosed else { throw .stillRunning }
    if !supervisor.isTerminated { try supervisor.join() }
  }

  /// Ends every worker now: SIGTERM, then SIGKILL after the grace of the options. Calls in progress fail with
  /// `terminated`. Idempotent; in a fork of the process that made the pool it does nothing.
  public func terminate() { supervisor.terminate(because: .terminated) }
}

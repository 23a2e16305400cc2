/// A pool of processes that run one function on many values, like Python's `multiprocessing.Pool`.
///
/// The workers are forked when the pool is made. They inherit the body and everything it captures, so neither is
/// encoded; only inputs and results travel, through pipes and shared memory. The process that makes such a pool must
/// have one thread; a program with several uses a ``PoolTask`` and a ``StartMethod`` other than `fork`.
///
/// ```swift
/// try Pool.with(PoolOptions(workers: 4), body: { (n: Int) in n * n }) { pool in
///   print(try pool.map([1, 2, 3]))  // [1, 4, 9]
/// }
/// ```
///
/// A worker that dies is replaced. The task that it was running fails alone, or runs again as often as
/// ``PoolOptions/retries`` allows; tasks that it had not begun run elsewhere.
///
/// One thread at a time uses a pool, in the process that made it. In a fork of that process every use throws
/// `wrongProcess`, and releasing the copy does nothing. Releasing the pool itself terminates it: keep it for as long as
/// its handles and streams are needed.
///
/// Differs from Python: the body belongs to the pool, not to a call, and is the one captured when the pool was made;
/// and a pool has no thread, so it sends tasks and takes results while the program waits for something of it, as `map`,
/// `get`, `next` and `join` do.
///
/// Bitwise-copyable inputs and results, arrays of them, `String` and `Data` are copied as they lie in memory, even if
/// the type has an `encode(to:)` of its own; all other types are encoded.
public final class Pool<Input: Codable, Output: Codable> {
  /// A progress handler: called with how many tasks of a call have finished, and how many there are.
  public typealias Progress = (_ ended: Int, _ total: Int) -> Void

  let supervisor: Supervisor
  let options: PoolOptions

  /// Forks the workers. Needs Linux 5.3. If threads appear later, the next worker that needs a replacement ends the
  /// pool with `threadsPresent`.
  ///
  /// Differs from Python: the number of workers has no default; and an initializer that throws makes the next wait
  /// throw `initializerFailed` and terminates the pool, where Python forks replacements forever.
  /// - Parameters:
  ///   - options: how many workers, and how to run them.
  ///   - initializer: runs once in each worker, replacements included, before its first task. It gets the rank, a
  ///     number from 0 that a replacement inherits.
  ///   - finalizer: runs once, after its last task, in each worker that leaves because the pool is joined or recycles
  ///     it; not in one that is terminated or dies.
  ///   - body: runs in the workers, once per task. What it captures is a copy, taken when the worker was forked.
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

  /// Handles and streams may outlive the pool: they then end with `terminated`.
  deinit { supervisor.terminate(because: .terminated) }

  /// Makes a pool, calls `use` with it and terminates it, whether or not `use` throws, like Python's `with`. Calls that
  /// have not finished by then fail.
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

  /// Process ids of the workers, by rank; `nil` while a worker is being replaced, since no integer is safe to pass to
  /// `kill` in its place: -1 means every process there is.
  public var workerPIDs: [Int32?] { supervisor.workerPIDs }

  /// Where the time has gone so far, how workers ended, and the slowest tasks. Can be read at any time, also after the
  /// end of the pool. Python's `Pool` has no counterpart.
  public var insights: PoolInsights { supervisor.recorder.snapshot(supervisor.workers) }

  // MARK: Ending

  /// Refuses further calls, which throw `notRunning`. Calls in progress go on. Idempotent.
  public func close() { supervisor.state.isClosed = true }

  /// Waits until all work is done and every worker has left. Handles keep their values.
  ///
  /// Differs from Python: only its reader drives a stream of `imap`, so an unfinished stream takes no more items; after
  /// the results it already has, it ends with `notRunning` if items were left.
  /// - Throws: `stillRunning` before `close` or `terminate`.
  public func join() throws(PoolError) {
    guard supervisor.state.isClosed else { throw .stillRunning }
    if !supervisor.isTerminated { try supervisor.join() }
  }

  /// Stops every worker now: SIGTERM, then SIGKILL after ``PoolOptions/terminationGraceSeconds``. Calls in progress
  /// fail with `terminated`. Idempotent; does nothing in a fork of the process that made the pool.
  public func terminate() { supervisor.terminate(because: .terminated) }
}

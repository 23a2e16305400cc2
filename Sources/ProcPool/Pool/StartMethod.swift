internal import Glibc

/// How the workers of a pool are started; Python's `multiprocessing.get_context`.
public enum StartMethod: Hashable, Sendable {
  /// Each worker is a fork of this process, which must have one thread; it inherits the body and everything it
  /// captures.
  case fork
  /// Each worker is a fork of a small server process that `bootstrap()` started before there was any thread, so this
  /// process may have any number of threads. The work is a `PoolTask`. Workers have the environment, standard streams
  /// and global variables that this process had at `bootstrap()`, and its current working directory.
  case forkServer
  /// Each worker runs this program again up to its call of `bootstrap()`. It inherits what `forkServer` names, except
  /// global variables. The work is a `PoolTask`; workers take longest to start.
  case spawn
}

extension StartMethod {
  /// Throws for a pool with a closure, unless its workers are forks of this process.
  func checkClosures() throws(PoolError) {
    guard self != .fork else { return }
    throw .invalidArgument(
      "only forks of this process know its closures: with startMethod .\(self), give the pool a PoolTask")
  }

  /// Throws in a process that was started as a worker and whose `main` has reached a pool instead of `bootstrap()`.
  static func checkBootstrap() throws(PoolError) {
    guard WorkerMarker.isPresent else { return }
    throw .startMethodUnavailable(
      "this process was started as a worker of a pool: ProcPool.bootstrap() must be the first call in main")
  }
}

/// Prepares this program for pools with `StartMethod.forkServer` and `.spawn`. Call it first in `main`, before any
/// thread exists.
///
/// In a process that a pool has started as its worker, it never returns. In any other it starts the fork server, a
/// small process that starts workers on request and ends with this one, and returns. A second call does nothing, unless
/// the server has died: then it starts a new one. A worker may call it again for pools of its own.
///
/// The server and the workers end with the thread that called this: do not leave the main thread by `pthread_exit`.
/// - Throws: `threadsPresent` or `systemCall`.
public func bootstrap() throws(PoolError) {
  becomeWorkerIfStartedAsOne()
  try ForkServer.start()
}

/// The part of `bootstrap()` that concerns a worker, for a program that starts the fork server only when it needs one:
/// call this first in `main`, and `bootstrap()` later, while there is one thread. Does nothing in a process that no pool
/// has started.
package func becomeWorkerIfStartedAsOne() { WorkerMarker.take()?.becomeWorker() }

/// Work that a worker can find by name: a type whose `Codable` state travels to the worker. Pools that start their
/// workers by `StartMethod.forkServer` or `.spawn` need it, because closures cannot travel.
///
/// The type is internal or public and declared at the top level or inside such a type; it may be generic. Other types
/// cannot be named from outside their scope, and a pool refuses them. Differs from Python, where a function has the
/// name and its arguments are the state.
///
/// ```swift
/// struct Scaling: PoolTask {
///   var factor: Int
///
///   func run(_ n: Int) -> Int { n * factor }
/// }
/// ```
///
/// ```swift
/// try ProcPool.bootstrap()  // first in main, before any thread
/// var options = PoolOptions(workers: 4)
/// options.startMethod = .forkServer
/// try Pool.with(options, task: Scaling(factor: 3)) { pool in
///   print(try pool.map([1, 2, 3]))  // [3, 6, 9]
/// }
/// ```
public protocol PoolTask<Input, Output>: Codable {
  /// The input of one task.
  associatedtype Input: Codable
  /// The result of one task.
  associatedtype Output: Codable

  /// Runs once in each worker, replacements included, before its first task; the `initializer` of a pool with a
  /// closure.
  mutating func setUp(rank: Int) throws
  /// Runs once per task. Changes to `self` are kept for later tasks of the same worker.
  mutating func run(_ input: Input) throws -> Output
  /// Runs once in each worker that leaves because the pool is joined or recycles it; the `finalizer` of a pool with a
  /// closure.
  mutating func tearDown(rank: Int)
}

extension PoolTask {
  /// Does nothing.
  public mutating func setUp(rank: Int) {}
  /// Does nothing.
  public mutating func tearDown(rank: Int) {}
}

extension Pool {
  /// Starts workers by the options' start method and gives each one the task.
  /// - Throws: as the initializer that takes a closure; `startMethodUnavailable`; and `invalidArgument` for a task
  ///   whose type has no name outside its file or whose state cannot be encoded.
  public convenience init(_ options: PoolOptions, task: some PoolTask<Input, Output>) throws(PoolError) {
    var code = WorkerCode(running: task)
    if options.startMethod != .fork { code.task = try TaskFile(task) }
    try self.init(options, code: code)
  }

  /// Makes a pool with a task, calls `use` with it and terminates it, whether or not `use` throws.
  /// - Throws: as `init`, and what `use` throws.
  public static func with<Result>(
    _ options: PoolOptions, task: some PoolTask<Input, Output>, _ use: (Pool) throws -> Result
  ) throws -> Result {
    let pool = try Pool(options, task: task)
    defer { pool.terminate() }
    return try use(pool)
  }
}

extension WorkerCode {
  /// The code of a worker that runs `task`; its three closures share the task's state.
  init<Work: PoolTask>(running task: Work) {
    var task = task
    let input = PayloadCodec<Work.Input>()
    let output = PayloadCodec<Work.Output>()
    self.init(initializer: { rank in try task.setUp(rank: rank) }, finalizer: { rank in task.tearDown(rank: rank) }) {
      bytes, result in
      try output.append(task.run(input.value(of: bytes)), to: &result)
    }
  }

  /// The code of a worker that cannot do its work, and reports that as an initializer that throws.
  init(failingWith error: any Error) {
    self.init(initializer: { _ in throw error }, finalizer: { _ in }) { _, _ in throw error }
  }
}

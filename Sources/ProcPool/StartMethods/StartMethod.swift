internal import Glibc

/// How the workers of a pool come to be, as `multiprocessing.get_context` says in Python.
public enum StartMethod: Hashable, Sendable {
  /// Each worker is a fork of this process, which must have one thread; it inherits the body and all that it captures.
  case fork
  /// Each worker is a fork of a process that `bootstrap()` made before there was any thread, so that this process may
  /// have as many as it likes. The work is a `PoolTask`. Workers have the environment, standard streams and global
  /// variables that this process had at `bootstrap()`, and its present working directory.
  case forkServer
  /// Each worker runs the program of this process anew, up to its call of `bootstrap()`: nothing is inherited but what
  /// `forkServer` names, global variables excepted. The work is a `PoolTask`; milliseconds slower than the others.
  case spawn
}

extension StartMethod {
  /// Refuses closures where they cannot go.
  func checkClosures() throws(PoolError) {
    guard self != .fork else { return }
    throw .invalidArgument(
      "a closure is known only to forks of the process that made it: with startMethod .\(self), give the pool a PoolTask"
    )
  }

  /// Refuses to start workers from a worker whose program does not say what it is.
  static func checkBootstrap() throws(PoolError) {
    guard WorkerMarker.isPresent else { return }
    throw .startMethodUnavailable(
      "this process was started as a worker of a pool: ProcPool.bootstrap() must be the first call in main")
  }
}

/// Prepares this program for pools with `StartMethod.forkServer` and `.spawn`. To be called first thing in `main`, before
/// any thread exists.
///
/// In a process that a pool has started as its worker it never returns. In any other it starts the fork server, a small
/// process that waits for pools to ask for workers and ends with this one, and returns; called again, it does nothing, or
/// starts a server anew that has ended. In a worker it may be called again for pools of the worker's own.
///
/// The server and the workers end when the thread ends that called this: in a program whose main thread leaves by
/// `pthread_exit`, do not.
/// - Throws: `threadsPresent` or `systemCall`.
public func bootstrap() throws(PoolError) {
  WorkerMarker.take()?.carryOut()
  try ForkServer.start()
}

internal import Glibc

/// Why a call of a pool gave no results.
public enum PoolError: Error {
  /// A task failed; the other tasks of the call have run. If several failed, this is the one with the lowest index.
  case taskFailed(TaskFailure)
  /// The initializer threw in a worker; the error's description.
  case initializerFailed(rank: Int, text: String)
  /// Workers keep ending with no task to blame: how many in a row, and how the last one ended.
  case workersKeepEnding(count: Int, last: ProcessEnd)
  /// The process has more than one thread, and a fork could hang the child on a lock that another thread holds.
  case threadsPresent(count: Int)
  /// The options' start method cannot start workers; a sentence with the remedy.
  case startMethodUnavailable(String)
  /// The pool is closed or terminated.
  case notRunning
  /// The pool was terminated before the call finished.
  case terminated
  /// `cancel` ended the call.
  case cancelled
  /// The call did not finish within the time given to `get` or `next`; it goes on.
  case timedOut
  /// `successful()` was asked about a call that has not finished.
  case notReady
  /// A callback threw; the type of the error and its description.
  case callbackFailed(String)
  /// The producer of a call's inputs threw.
  case inputFailed(any Error)
  /// An argument is out of range; a sentence.
  case invalidArgument(String)
  /// A callback waited for its own call, or a producer of inputs for the results of its own stream: the wait would
  /// never end.
  case waitsForItself
  /// The pool belongs to the process that this one was forked from.
  case wrongProcess
  /// A result is missing although no task failed: a bug in the pool, which then returns no values rather than a wrong
  /// one.
  case resultMissing(index: Int)
  /// `join` was called before `close` or `terminate`.
  case stillRunning
  /// A signal in ``PoolOptions/stopSignals`` arrived; the pool is terminated.
  case stopped(signal: Int32)
  /// A system call needed to start or watch a worker failed.
  case systemCall(String, errno: Int32)
}

extension PoolError {
  /// Whether the machine was short of a resource that may be free again soon.
  public var isShortage: Bool {
    guard case .systemCall(_, let number) = self else { return false }
    // Too many processes; no memory; too many descriptors in this process; in the system.
    return [EAGAIN, ENOMEM, EMFILE, ENFILE].contains(number)
  }
}

extension PoolError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .taskFailed(let failure): failure.description
    case .initializerFailed(let rank, let text): "the initializer threw in worker \(rank): \(text)"
    case .workersKeepEnding(let count, let last):
      "\(count) workers in a row ended with no task to blame; the last \(last)"
    case .threadsPresent(let count):
      """
      this process has \(count) threads, and a fork could hang its child: make the pool before any thread exists, or call \
      ProcPool.bootstrap() then and use startMethod .forkServer with a PoolTask
      """
    case .startMethodUnavailable(let text): text
    case .notRunning: "the pool is not running"
    case .terminated: "the pool was terminated before the call had ended"
    case .cancelled: "the call was cancelled"
    case .timedOut: "no result within the time given; the call is still running"
    case .notReady: "the call has not ended"
    case .callbackFailed(let text): "a callback threw \(text)"
    case .inputFailed(let error): "the inputs ended with \(error)"
    case .invalidArgument(let text): text
    case .waitsForItself: "a callback or a producer waits for the call that it belongs to, which would never end"
    case .wrongProcess: "the pool belongs to the process that made it, and this one is a fork of that"
    case .resultMissing(let index): "the result of task \(index) is missing: a fault of the pool"
    case .stillRunning: "the pool is still running: close or terminate it first"
    case .stopped(let signal): "stopped by \(signalName(signal))"
    case .systemCall(let name, let errno): "\(name): \(systemText(errno))"
    }
  }
}

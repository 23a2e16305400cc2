internal import CProcPool
internal import Glibc

/// Why a call of a pool did not give its results.
public enum PoolError: Error {
  /// A task failed; the other tasks of the call have run. Where several failed, the one of the lowest index.
  case taskFailed(TaskFailure)
  /// The initializer threw in a worker; its text.
  case initializerFailed(rank: Int, text: String)
  /// Workers end again and again with no task to blame: how many in a row, and how the last one ended.
  case workersKeepEnding(count: Int, last: ProcessEnd)
  /// The process has more than one thread, and a fork now could hang the child on a lock that another thread holds.
  case threadsPresent(count: Int)
  /// Workers cannot be started by the method that the options name; a sentence with the remedy.
  case startMethodUnavailable(String)
  /// The pool was closed or terminated before.
  case notRunning
  /// The pool was terminated before the call had ended.
  case terminated
  /// The call was given up by `cancel`.
  case cancelled
  /// Not ended within the time given to `get` or `next`; the call goes on.
  case timedOut
  /// Asked how a call ended that has not.
  case notReady
  /// A callback threw; the type of the error and its description.
  case callbackFailed(String)
  /// The producer of a call's inputs threw.
  case inputFailed(any Error)
  /// An argument that has no meaning; a sentence.
  case invalidArgument(String)
  /// A callback waited for the call that it belongs to, or a producer of inputs for the results for them: the wait would
  /// never end.
  case waitsForItself
  /// The pool belongs to another process, of which this one is a fork; nothing is done to it.
  case wrongProcess
  /// A result is missing that no task is to blame for; a fault of the pool, which gives none of the values rather than a wrong one.
  case resultMissing(index: Int)
  /// `join` was called before `close` or `terminate`.
  case stillRunning
  /// One of the signals that the pool watches arrived; the pool is terminated.
  case stopped(signal: Int32)
  /// A system call that making a worker needs failed.
  case systemCall(String, errno: Int32)
}

extension PoolError {
  /// Whether the machine had no more of something that it may have again soon.
  public var isShortage: Bool {
    guard case .systemCall(_, let number) = self else { return false }
    return [EAGAIN, ENOMEM, EMFILE, ENFILE].contains(number)
  }
}

/// Why one task gave no result.
public struct TaskFailure: Error, Sendable {
  /// What happened to it.
  public enum Cause: Hashable, Sendable {
    /// The body threw: the type of the error and its description.
    case threw(type: String, text: String)
    /// The worker ended while it ran the task, as often as retries allow.
    case workerEnded(ProcessEnd)
    /// It ran longer than the call allows, in seconds, and was stopped.
    case timedOut(seconds: Double)
    /// An earlier task of its chunk threw, so it was not begun.
    case notRun
  }

  /// Position of the task in its call, from 0.
  public var index: Int
  /// Rank of the worker that had it last.
  public var rank: Int
  /// Process id of that worker.
  public var pid: Int32
  /// How often it was begun.
  public var attempts: Int
  /// What happened.
  public var cause: Cause
  /// The end of what the last worker had written to `stderr`, the C library's stream, when it ended, at most 4 KiB; what the
  /// Swift runtime says of a trap is there. What it wrote to descriptor 2 by itself is not.
  public var output = ""
  /// The error that the body threw, as itself, where its type is `Codable` and `Sendable`.
  public var error: (any Error & Sendable)?

  package init(index: Int, rank: Int, pid: Int32, attempts: Int, cause: Cause) {
    (self.index, self.rank, self.pid) = (index, rank, pid)
    (self.attempts, self.cause) = (attempts, cause)
  }
}

/// How a process ended. In a program that ignores SIGCHLD the kernel tells nobody, and every end is `status(0)`.
public enum ProcessEnd: Hashable, Sendable {
  /// By a signal, such as 9.
  case signal(Int32)
  /// By leaving, with a status; 0 is an end too when there was still work.
  case status(Int32)
  /// It did not say that it was ready in time and was killed.
  case startTimedOut

  init(waitStatus: Int32) {
    let number = cprocpool_signal_or_status(waitStatus)
    self = cprocpool_was_signalled(waitStatus) ? .signal(number) : .status(number)
  }
}

extension ProcessEnd: CustomStringConvertible {
  /// A sentence fragment: "was killed by SIGKILL (9)".
  public var description: String {
    switch self {
    case .signal(let number): "was killed by \(signalName(number)) (\(number))"
    case .status(let status): "exited with status \(status)"
    case .startTimedOut: "did not start in time"
    }
  }
}

extension TaskFailure: CustomStringConvertible {
  /// One sentence with index, rank and pid.
  public var description: String {
    let task = "task \(index)"
    let worker = "worker \(rank) (pid \(pid))"
    switch cause {
    case .threw(let type, let text): return "\(task) threw \(type) in \(worker): \(text)"
    case .workerEnded(let end):
      return "\(task) failed: \(worker) \(end)" + (attempts > 1 ? ", as did \(attempts - 1) before it" : "") + lastWords
    case .timedOut(let seconds): return "\(task) was stopped in \(worker) after \(seconds) s"
    case .notRun: return "\(task) was not run, as an earlier task of its chunk threw"
    }
  }
}

extension TaskFailure {
  /// The last line of the output, behind a colon.
  private var lastWords: String {
    guard let line = output.split(whereSeparator: \.isNewline).last else { return "" }
    return ": \(line.prefix(300))"
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
    case .timedOut: "not ended in the time given; the call goes on"
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

func signalName(_ number: Int32) -> String {
  unsafe cprocpool_signal_name(number).map { unsafe String(cString: $0) } ?? "signal \(number)"
}

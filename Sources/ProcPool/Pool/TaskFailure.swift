internal import CProcPool

/// Why one task gave no result.
public struct TaskFailure: Error, Sendable {
  /// How the task failed.
  public enum Cause: Hashable, Sendable {
    /// The body threw: the type of the error and its description.
    case threw(type: String, text: String)
    /// The worker ended while it ran the task, in every attempt that the retries allow.
    case workerEnded(ProcessEnd)
    /// It ran longer than the call's time limit, in seconds, and was stopped.
    case timedOut(seconds: Double)
    /// An earlier task of its chunk threw, so this one did not start.
    case notRun
  }

  /// Position of the task in its call, from 0.
  public var index: Int
  /// Rank of the last worker that had it.
  public var rank: Int
  /// Process id of that worker.
  public var pid: Int32
  /// How often it started.
  public var attempts: Int
  /// How it failed.
  public var cause: Cause
  /// The last 4 KiB that the worker wrote to `stderr`, the C library's stream, before it ended; what the Swift runtime
  /// prints at a trap is there. What the worker wrote to descriptor 2 directly is not.
  public var output = ""
  /// The error that the body threw, if its type is `Codable` and `Sendable`.
  public var error: (any Error & Sendable)?

  package init(index: Int, rank: Int, pid: Int32, attempts: Int, cause: Cause) {
    (self.index, self.rank, self.pid) = (index, rank, pid)
    (self.attempts, self.cause) = (attempts, cause)
  }
}

extension TaskFailure: CustomStringConvertible {
  /// One sentence that names index, rank and pid.
  public var description: String {
    let task = "task \(index)"
    let worker = "worker \(rank) (pid \(pid))"
    switch cause {
    case .threw(let type, let text): return "\(task) threw \(type) in \(worker): \(text)"
    case .workerEnded(let end):
      return "\(task) failed: \(worker) \(end)" + (attempts > 1 ? ", as did \(attempts - 1) before it" : "")
        + lastOutputLine
    case .timedOut(let seconds): return "\(task) was stopped in \(worker) after \(seconds) s"
    case .notRun: return "\(task) was not run, as an earlier task of its chunk threw"
    }
  }
}

extension TaskFailure {
  /// The last line of the output, after a colon: for a trap, the Swift runtime's message.
  private var lastOutputLine: String {
    guard let line = output.split(whereSeparator: \.isNewline).last else { return "" }
    // A line may be 4 KiB of garbage; the start of it is enough for a sentence.
    return ": \(line.prefix(300))"
  }
}

/// How a process ended. In a program that ignores SIGCHLD the kernel discards the status, and every end is `status(0)`.
public enum ProcessEnd: Hashable, Sendable {
  /// A signal killed it: 9, say.
  case signal(Int32)
  /// It exited with a status; 0 too counts as an end if there was work left.
  case status(Int32)
  /// It was not ready in time and was killed.
  case startTimedOut

  init(waitStatus: Int32) {
    let number = cprocpool_signal_or_status(waitStatus)
    self = cprocpool_was_signalled(waitStatus) ? .signal(number) : .status(number)
  }
}

extension ProcessEnd: CustomStringConvertible {
  /// A clause without a subject: "was killed by SIGKILL (9)".
  public var description: String {
    switch self {
    case .signal(let number): "was killed by \(signalName(number)) (\(number))"
    case .status(let status): "exited with status \(status)"
    case .startTimedOut: "did not start in time"
    }
  }
}

func signalName(_ number: Int32) -> String {
  unsafe cprocpool_signal_name(number).map { unsafe String(cString: $0) } ?? "signal \(number)"
}

/// The end of a worker that was not asked to leave, as ``PoolOptions/onWorkerEnd`` gets it.
public struct WorkerEnd: Hashable, Sendable {
  /// Its rank, which its replacement keeps.
  public var rank: Int
  /// Its process id.
  public var pid: Int32
  /// How it ended.
  public var end: ProcessEnd
  /// Indices of the tasks that fail because of it.
  public var lostTasks: [Int]
  /// The last 4 KiB that it wrote to `stderr`, the C library's stream.
  public var output: String

  package init(rank: Int, pid: Int32, end: ProcessEnd, lostTasks: [Int], output: String) {
    (self.rank, self.pid, self.end) = (rank, pid, end)
    (self.lostTasks, self.output) = (lostTasks, output)
  }
}

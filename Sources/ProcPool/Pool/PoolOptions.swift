/// How a pool is run.
public struct PoolOptions {
  /// Processes that do the work, at least 1.
  public var workers: Int
  /// How the workers come to be.
  public var startMethod = StartMethod.fork
  /// How often a task is run again whose worker ended while it ran it. 0 by default, as its effects are unknown; raise
  /// it for tasks that may be run twice. A task that throws or runs too long is not run again.
  public var retries = 0
  /// Chunks after which a worker leaves and is replaced, for bodies that leak; `nil`: it stays. As in Python, a chunk
  /// counts once, however many tasks it has.
  public var maxTasksPerChild: Int?
  /// Bytes by which the memory of a worker may have grown since it was ready for its first task; then it leaves once it has
  /// done what it was given, a chunk at the least, and is replaced. What it inherited does not count. It is no bound on a
  /// single task.
  public var maxMemoryPerChild: Int?
  /// Which processors the workers may run on; where the kernel refuses, wherever it puts them.
  public var placement = Placement.none
  /// How long a worker may take from its start to the end of the initializer, and the fork server to make it.
  public var startTimeoutSeconds = 30.0
  /// How long a worker that is asked to leave may take from its last answer to the end of the finalizer.
  public var leaveTimeoutSeconds = 30.0
  /// How long `terminate`, a timeout and `cancel` wait after SIGTERM before they send SIGKILL.
  public var terminationGraceSeconds = 0.5
  /// Signals that terminate the pool and end the call in progress with `PoolError.stopped`. Workers ignore SIGINT in any
  /// case: the parent decides.
  public var stopSignals: StopSignals?
  /// Called in the parent when a worker has ended before its time, be it that the pool stopped it because of a timeout or
  /// `cancel`. It must not use the pool, which is in the middle of something; `SharedQueue.reclaim` belongs here.
  public var onWorkerEnd: ((WorkerEnd) -> Void)?

  /// Options for so many workers, and the defaults otherwise. Differs from Python: there is no default number.
  public init(workers: Int) { self.workers = workers }

  /// The kernel's limit of process ids.
  private static let mostWorkers = 1 << 22

  var graceNanoseconds: UInt64 { nanoseconds(inSeconds: terminationGraceSeconds) }

  func check() throws(PoolError) {
    if workers < 1 { throw .invalidArgument("a pool has at least one worker, not \(workers)") }
    if workers > Self.mostWorkers {
      throw .invalidArgument(
        "a pool has at most \(Self.mostWorkers) workers, as many as there are process ids, not \(workers)")
    }
    if let limit = maxTasksPerChild, limit < 1 {
      throw .invalidArgument("maxTasksPerChild is at least 1, not \(limit)")
    }
    if let limit = maxMemoryPerChild, limit < 1 {
      throw .invalidArgument("maxMemoryPerChild is at least 1 byte, not \(limit): no worker could keep to that")
    }
  }
}

/// The end of a worker that was not asked to leave.
public struct WorkerEnd: Hashable, Sendable {
  /// Its rank, which its replacement keeps.
  public var rank: Int
  /// Its process id.
  public var pid: Int32
  /// How it ended.
  public var end: ProcessEnd
  /// Indices of the tasks that are lost for good.
  public var lostTasks: [Int]
  /// The end of what it had written to `stderr`, the C library's stream, at most 4 KiB.
  public var output: String

  package init(rank: Int, pid: Int32, end: ProcessEnd, lostTasks: [Int], output: String) {
    (self.rank, self.pid, self.end) = (rank, pid, end)
    (self.lostTasks, self.output) = (lostTasks, output)
  }
}

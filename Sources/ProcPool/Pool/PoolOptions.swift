/// How to run a pool.
public struct PoolOptions {
  /// Number of worker processes, at least 1.
  public var workers: Int
  /// How the workers are started.
  public var startMethod = StartMethod.fork
  /// How often a task runs again after its worker ended while running it. The default is 0, as the task may have had
  /// effects; raise it for tasks that may run twice. A task that throws or runs too long is not retried.
  public var retries = 0
  /// Chunks after which a worker leaves and is replaced, for bodies that leak; `nil`: never. As in Python, a chunk
  /// counts once, however many tasks it has.
  public var maxTasksPerChild: Int?
  /// Bytes by which a worker's memory may grow after it became ready. Then it finishes the chunks that it has, at least
  /// one, leaves, and is replaced. What it inherited does not count. A single task is not limited.
  public var maxMemoryPerChild: Int?
  /// Bytes that one result may have; `nil`: no limit. A worker that announces more is ended as one that wrote over shared
  /// memory: without a limit, a worker in the wrong hands could fill the parent's memory.
  public var maxResultByteCount: Int?
  /// Whether an error that a body throws arrives as itself if its type is `Codable`; otherwise as text. Turn this off where
  /// a worker may be in the wrong hands: the runtime finds the type by a name from the worker, and can crash on one that
  /// is made up.
  public var decodesErrors = true
  /// Which processors the workers may run on. If the kernel refuses, they run anywhere.
  public var placement = Placement.none
  /// Time limit from the start of a worker to the end of its initializer, and for the fork server to make one.
  public var startTimeoutSeconds = 30.0
  /// Time limit for a worker that is asked to leave, from its last answer to the end of the finalizer.
  public var leaveTimeoutSeconds = 30.0
  /// How long `terminate`, a timeout and `cancel` wait between SIGTERM and SIGKILL.
  public var terminationGraceSeconds = 0.5
  /// Signals that terminate the pool and end the call in progress with `PoolError.stopped`. Workers ignore SIGINT in
  /// any case: the parent alone reacts to it.
  public var stopSignals: StopSignals?
  /// Called in the parent when a worker ended without being asked to leave, also when the pool stopped it for a timeout
  /// or `cancel`. It must not use the pool, which is in the middle of an operation. Call
  /// ``SharedQueue/reclaim(deadPID:)`` here.
  public var onWorkerEnd: ((WorkerEnd) -> Void)?

  /// The defaults, with a number of workers. Differs from Python: that number has no default.
  public init(workers: Int) { self.workers = workers }

  /// The kernel's limit on process ids (PID_MAX_LIMIT).
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
    if let limit = maxResultByteCount, limit < 1 {
      throw .invalidArgument("maxResultByteCount is at least 1, not \(limit)")
    }
  }
}

/// How many tasks travel in one message to a worker. An integer literal is a fixed number: `chunkSize: 10`.
public enum ChunkSize: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// CPython's rule for `map`: ⌈n / (4 · workers)⌉, so each worker gets about four chunks.
  case automatic
  /// This many, at least 1; the last chunk may be shorter.
  case fixed(Int)
  /// As many as take about 0.2 s together, measured during the call, and fewer towards its end.
  case adaptive

  /// A fixed number of tasks.
  public init(integerLiteral value: Int) { self = .fixed(value) }

  /// The number of tasks in the first chunks of a call.
  func first(taskCount: Int, workers: Int) throws(PoolError) -> Int {
    switch self {
    case .automatic: return max(1, defaultChunkSize(taskCount: taskCount, workers: workers))
    case .adaptive: return 1
    case .fixed(let size):
      guard size >= 1 else { throw .invalidArgument("a chunk has at least one task, not \(size)") }
      return size
    }
  }
}

/// CPython's default chunk size for `map`, which gives each worker about four chunks.
public func defaultChunkSize(taskCount: Int, workers: Int) -> Int {
  (taskCount + 4 * workers - 1) / (4 * workers)
}

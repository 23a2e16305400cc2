/// The tasks of one call, and which of them come next.
package struct CallState {
  /// Size of the next chunk.
  package private(set) var chunkSize: Int
  /// Whether the size adapts to how long tasks take.
  private let isAdaptive: Bool
  /// Whether a task that throws ends its chunk.
  package let stopsAtFirstError: Bool
  /// How often a task may run again after its worker ended.
  package let retries: Int
  /// Tasks known so far.
  package var available = 0
  /// Whether no more tasks will come.
  package var isComplete = false
  /// Tasks with a result or a failure.
  package private(set) var finished = 0
  /// Tasks that were assigned and came back: a stack.
  package var requeued: [Range<Int>] = []
  /// Tasks to run again, each only after all tasks that were known when it failed: by then the cause (out of memory, a
  /// stray `kill`) may be gone. Retried at once, 14 of 15 runs with ten random kills lost a task.
  private var postponed: [(task: Int, after: Int)] = []
  /// How often tasks were begun by workers that have ended since.
  package var attempts: [Int: Int] = [:]
  /// Seconds that a task may run.
  package var timeoutSeconds: Double?
  /// The workers that may run the tasks; `nil`: all.
  package var ranks: Range<Int>?
  /// Whether `PoolState.waiting` lists it.
  var isListed = false
  private var next = 0
  /// Running mean of the time a task takes.
  private var taskNanoseconds: Double?

  /// Upper limit of a chunk: the two halves of a claim word have 32 bits each.
  static let largestChunk = 1 << 30
  /// Target time of an adaptive chunk.
  private static let adaptiveNanoseconds = 200_000_000.0

  package init(chunkSize: Int, stopsAtFirstError: Bool, retries: Int, isAdaptive: Bool = false) {
    precondition(chunkSize >= 1, "a chunk has at least one task")
    (self.stopsAtFirstError, self.retries) = (stopsAtFirstError, retries)
    self.chunkSize = min(chunkSize, Self.largestChunk)
    self.isAdaptive = isAdaptive
  }

  /// `count` more tasks have an outcome.
  mutating func countFinished(_ count: Int, nanoseconds: UInt64? = nil) {
    finished += count
    guard isAdaptive, let nanoseconds else { return }
    // One task moves the mean by a tenth, many together by half at most: a burst is one sample, not the truth.
    let each = Double(nanoseconds) / Double(count)
    let mean = taskNanoseconds.map { $0 + (each - $0) * min(0.5, 0.1 * Double(count)) } ?? each
    taskNanoseconds = mean
    // At most an eighth of the rest, so that chunks shrink towards the end and the workers finish together.
    chunkSize = max(1, min(Int(Self.adaptiveNanoseconds / max(mean, 100)), (available - next) / 8, 1 << 20))
  }

  package var isFinished: Bool { isComplete && finished == available }

  /// Whether it has a chunk, or part of one, to assign.
  var isWaiting: Bool { !requeued.isEmpty || !postponed.isEmpty || next < available }

  /// Whether it must be listed as waiting now, and is not yet.
  mutating func markListed() -> Bool {
    guard !isListed && isWaiting else { return false }
    isListed = true
    return true
  }

  /// Whether it has a full chunk of new tasks, or a last short one.
  private var hasNext: Bool { isComplete ? next < available : chunkSize <= available - next }

  package var waitingChunks: Int {
    requeued.count + postponed.count + (available - next - 1 + chunkSize) / chunkSize
  }

  /// The next chunk of this call, whose id is `call`.
  mutating func takeChunk(of call: CallID, orPart: Bool) -> Chunk? {
    takeTasks(orPart: orPart).map {
      Chunk(call: call, tasks: $0, timeoutSeconds: timeoutSeconds, stopsAtFirstError: stopsAtFirstError)
    }
  }

  /// - Parameter orPart: whether part of a chunk is better than none, because the worker is idle.
  private mutating func takeTasks(orPart: Bool) -> Range<Int>? {
    if let tasks = requeued.popLast() { return tasks }
    if let (task, after) = postponed.first, after <= next || !hasNext {
      postponed.removeFirst()
      return task..<task + 1
    }
    guard hasNext || orPart && next < available else { return nil }
    let tasks = next..<min(next + chunkSize, available)
    next = tasks.upperBound
    return tasks
  }

  /// Schedules a task to run again.
  mutating func postpone(_ task: Int) { postponed.append((task, available)) }
}

/// The caller's limits for the tasks of a call.
@usableFromInline
struct CallLimits {
  var chunkSize: ChunkSize
  /// Seconds that one task may run.
  let timeout: Double?
  /// The workers that may run the tasks; `nil`: all.
  let ranks: Range<Int>?

  @usableFromInline
  init(_ chunkSize: ChunkSize, _ timeout: Double?, _ ranks: Range<Int>?) {
    (self.chunkSize, self.timeout, self.ranks) = (chunkSize, timeout, ranks)
  }

  /// The call with its limits, before it has any tasks.
  func callState(
    taskCount: Int, _ options: PoolOptions, stopsAtFirstError: Bool
  ) throws(PoolError) -> CallState {
    if let timeout, !(timeout > 0) { throw .invalidArgument("a timeout is more than 0 s, not \(timeout)") }
    if let ranks, ranks.isEmpty || ranks.lowerBound < 0 || ranks.upperBound > options.workers {
      throw .invalidArgument("ranks are some of 0 to \(options.workers - 1), not \(ranks)")
    }
    let workers = ranks?.count ?? options.workers
    var call = CallState(
      chunkSize: try chunkSize.first(taskCount: taskCount, workers: workers), stopsAtFirstError: stopsAtFirstError,
      retries: options.retries, isAdaptive: chunkSize == .adaptive)
    call.timeoutSeconds = timeout
    call.ranks = ranks
    return call
  }
}

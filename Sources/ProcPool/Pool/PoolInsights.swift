/// Where a pool's time has gone so far, and how its workers ended. Always kept: it costs a few additions per task.
public struct PoolInsights: Sendable {
  /// One rank: its present worker and all earlier ones together.
  public struct Rank: Sendable {
    /// Seconds from the start of a process to its first instruction of ours.
    public var startSeconds = 0.0
    /// Seconds in the initializer.
    public var initializerSeconds = 0.0
    /// Seconds in the body.
    public var workingSeconds = 0.0
    /// Seconds idle.
    public var waitingSeconds = 0.0
    /// Seconds spent copying large results, or waiting for room for them.
    public var sendingSeconds = 0.0
    /// Tasks answered, with or without a value.
    public var taskCount = 0
    /// Bytes of inputs sent to it, headers included.
    public var inputByteCount = 0
    /// Bytes of results received from it, headers included.
    public var resultByteCount = 0
    /// Peak resident memory of any one process of this rank, in bytes, shared pages included.
    public var peakMemoryByteCount = 0
    /// Processes that have held the rank.
    public var processCount = 0
    /// How the processes ended that were not asked to leave, in that order.
    public var ends: [ProcessEnd] = []
  }

  /// One of the slowest tasks.
  public struct SlowTask: Sendable, Hashable {
    /// Its position in its call.
    public var index: Int
    /// How long the body ran.
    public var seconds: Double
    /// Rank of the worker that ran it.
    public var rank: Int
  }

  /// By rank.
  public var ranks: [Rank] = []
  /// The five slowest tasks of all calls, the slowest first.
  public var slowestTasks: [SlowTask] = []

  /// The sum over all ranks, peaks of memory included.
  public var total: Rank {
    ranks.reduce(into: Rank()) { total, rank in
      total.add(rank)
      total.taskCount += rank.taskCount
      total.resultByteCount += rank.resultByteCount
      total.workingSeconds += rank.workingSeconds
      total.peakMemoryByteCount += rank.peakMemoryByteCount
      total.processCount += rank.processCount
      total.ends += rank.ends
    }
  }
}

extension PoolInsights.Rank {
  /// Adds the times and bytes that one process reports of itself.
  fileprivate mutating func add(_ other: Self) {
    inputByteCount += other.inputByteCount
    startSeconds += other.startSeconds
    initializerSeconds += other.initializerSeconds
    waitingSeconds += other.waitingSeconds
    sendingSeconds += other.sendingSeconds
  }
}

/// Keeps the insights of a pool up to date.
struct InsightRecorder {
  private var insights = PoolInsights()
  private var slowestNanoseconds: [(nanoseconds: UInt64, index: Int, rank: Int)] = []
  /// Only tasks slower than this can be among the slowest; 0 until there are five.
  private(set) var slowNanoseconds: UInt64 = 0

  private static let slowTaskCount = 5

  init(rankCount: Int) { insights.ranks = Array(repeating: .init(), count: rankCount) }

  /// The answers of one worker that arrived together: added up first, because each access to the recorder costs an
  /// exclusivity check, a noticeable share of a short task.
  struct Answers {
    /// The recorder's threshold when the answers arrived.
    let slowNanoseconds: UInt64
    private(set) var count = 0
    private(set) var byteCount = 0
    private(set) var nanoseconds: UInt64 = 0
    /// Tasks above that threshold.
    var slow: [(index: Int, nanoseconds: UInt64)] = []

    init(slowNanoseconds: UInt64) { self.slowNanoseconds = slowNanoseconds }

    mutating func add(_ count: Int, byteCount: Int, nanoseconds: UInt64) {
      self.count += count
      self.byteCount += byteCount
      self.nanoseconds &+= nanoseconds
    }
  }

  mutating func answered(_ rank: Int, _ answers: Answers) {
    insights.ranks[rank].taskCount += answers.count
    insights.ranks[rank].resultByteCount += answers.byteCount
    insights.ranks[rank].workingSeconds += Double(answers.nanoseconds) * 1e-9
    for task in answers.slow where task.nanoseconds > slowNanoseconds {
      wasSlow(task.index, rank, nanoseconds: task.nanoseconds)
    }
  }

  /// Inserts a task that exceeded `slowNanoseconds`.
  private mutating func wasSlow(_ index: Int, _ rank: Int, nanoseconds: UInt64) {
    let place = slowestNanoseconds.firstIndex { $0.nanoseconds < nanoseconds } ?? slowestNanoseconds.count
    slowestNanoseconds.insert((nanoseconds, index, rank), at: place)
    if slowestNanoseconds.count > Self.slowTaskCount { slowestNanoseconds.removeLast() }
    if slowestNanoseconds.count == Self.slowTaskCount { slowNanoseconds = slowestNanoseconds.last?.nanoseconds ?? 0 }
  }

  /// Accounts for a process that has been reaped.
  /// - Parameter end: how it ended; `nil` if it left as asked.
  mutating func workerEnded(_ worker: WorkerProcess, _ end: ProcessEnd?) {
    insights.ranks[worker.rank].add(worker.ownInsights)
    insights.ranks[worker.rank].processCount += 1
    insights.ranks[worker.rank].notePeak(worker.peakMemoryByteCount)
    if let end { insights.ranks[worker.rank].ends.append(end) }
  }

  /// The insights as of now, with the living workers' own figures.
  func snapshot(_ workers: [WorkerProcess?]) -> PoolInsights {
    var result = insights
    for case let worker? in workers {
      result.ranks[worker.rank].add(worker.ownInsights)
      result.ranks[worker.rank].processCount += 1
      result.ranks[worker.rank].notePeak(peakMemory(of: worker.pid))
    }
    result.slowestTasks = slowestNanoseconds.map {
      PoolInsights.SlowTask(index: $0.index, seconds: Double($0.nanoseconds) * 1e-9, rank: $0.rank)
    }
    return result
  }
}

extension PoolInsights.Rank {
  fileprivate mutating func notePeak(_ byteCount: Int) { peakMemoryByteCount = max(peakMemoryByteCount, byteCount) }
}

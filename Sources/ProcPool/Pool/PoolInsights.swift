/// Where the time of a pool has gone so far, and what became of its workers. Always kept: it costs a few additions a task.
public struct PoolInsights: Sendable {
  /// One rank: the worker that has it now and all before it.
  public struct Rank: Sendable {
    /// Seconds from the fork of a process to its first instruction of ours.
    public var startSeconds = 0.0
    /// Seconds in the initializer.
    public var initializerSeconds = 0.0
    /// Seconds in the body.
    public var workingSeconds = 0.0
    /// Seconds without anything to do.
    public var waitingSeconds = 0.0
    /// Seconds in handing over results that were large, or for which there was no room yet.
    public var sendingSeconds = 0.0
    /// Tasks that have been answered, well or not.
    public var taskCount = 0
    /// Bytes of inputs that were sent to it, headers included.
    public var inputByteCount = 0
    /// Bytes of results that came from it, headers included.
    public var resultByteCount = 0
    /// The most memory that one process of this rank had at once, in bytes, what it shares with others included.
    public var peakMemoryByteCount = 0
    /// Processes that have had the rank.
    public var processCount = 0
    /// How those ended that did not end because they were asked to, in this order.
    public var ends: [ProcessEnd] = []
  }

  /// One task that took long.
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

  /// All ranks together; of the peak of memory, the sum.
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
  /// Adds what is known of one process.
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
  /// What a task must have taken to be among the slowest.
  private(set) var slowNanoseconds: UInt64 = 0

  private static let slowTaskCount = 5

  init(rankCount: Int) { insights.ranks = Array(repeating: .init(), count: rankCount) }

  /// What one worker has answered at a time.
  struct Answers {
    /// What a task must have taken to be among the slowest.
    let slowNanoseconds: UInt64
    private(set) var count = 0
    private(set) var byteCount = 0
    private(set) var nanoseconds: UInt64 = 0
    /// Tasks that took longer than that.
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

  /// A task that took at least `slowNanoseconds`.
  private mutating func wasSlow(_ index: Int, _ rank: Int, nanoseconds: UInt64) {
    let place = slowestNanoseconds.firstIndex { $0.nanoseconds < nanoseconds } ?? slowestNanoseconds.count
    slowestNanoseconds.insert((nanoseconds, index, rank), at: place)
    if slowestNanoseconds.count > Self.slowTaskCount { slowestNanoseconds.removeLast() }
    if slowestNanoseconds.count == Self.slowTaskCount { slowNanoseconds = slowestNanoseconds.last?.nanoseconds ?? 0 }
  }

  /// A process has ended and been reaped.
  /// - Parameter end: how, where it was not asked to.
  mutating func ended(_ worker: WorkerProcess, _ end: ProcessEnd?) {
    insights.ranks[worker.rank].add(worker.ownInsights)
    insights.ranks[worker.rank].processCount += 1
    insights.ranks[worker.rank].notePeak(worker.peakMemoryByteCount)
    if let end { insights.ranks[worker.rank].ends.append(end) }
  }

  /// As of now, with what the living have to tell.
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

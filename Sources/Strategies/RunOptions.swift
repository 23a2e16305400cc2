internal import Platform
public import ProcPool

/// What the strategies have in common besides the job.
public struct RunOptions {
  /// Processes that work.
  public var ranks: Int
  /// Tasks per message, where an image is read by whoever works on it; `nil`: the copies of one image, or fewer where the
  /// workers would not all have some.
  public var chunkSize: Int?
  /// Ranks that only save; `nil`: as many as the strategy thinks right.
  public var savers: Int?
  /// Which processors the ranks may run on.
  public var placement = Placement.none
  /// What all ranks together may write in a second, in millions of bytes; `nil`: what the disk takes.
  public var writeMegabytesPerSecond: Double?
  /// Processors that there are to work on.
  public var cores = Cores.available
  /// Signals that end the run.
  public var stopSignals: StopSignals?
  /// Called in the main process when a worker has ended before its time.
  public var onWorkerEnd: ((WorkerEnd) -> Void)?

  /// Options for so many processes.
  public init(ranks: Int) { self.ranks = ranks }

  /// Tasks under way, numbers all of them. As many, because one that is run again waits for those known before it: what
  /// struck its worker should be over by then.
  static let window = 4096

  /// Options of a pool of all ranks. A task whose worker dies may run again, as it writes the same bytes under the same
  /// name: by the pool, or by a strategy that knows better when.
  func pool(_ crew: Crew, retries: Int = 1) -> PoolOptions {
    var pool = PoolOptions(workers: crew.ranks)
    pool.retries = retries
    pool.placement = placement
    pool.stopSignals = stopSignals
    pool.onWorkerEnd = onWorkerEnd
    return pool
  }

  /// Tasks per message to one of `workers` that reads for itself.
  func chunkSize(of plan: Plan, workers: Int) -> ChunkSize {
    .fixed(
      chunkSize.map { min($0, max(1, plan.taskCount)) }
        ?? min(plan.tasksPerImage, max(1, defaultChunkSize(taskCount: plan.taskCount, workers: workers))))
  }
}

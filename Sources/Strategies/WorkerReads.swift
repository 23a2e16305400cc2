internal import ProcPool

/// Each worker reads what it works on; the main process hands out numbers of tasks. One decode serves the copies of an
/// image that lie in one chunk.
///
///     main:    task numbers ──▶ workers ──▶ reports
///     worker:  read ─ decode ─ transform ─ encode ─ write
public struct WorkerReads: Strategy {
  /// "worker-reads"
  public static let name = "worker-reads"
  private let options: RunOptions

  /// Tasks under way, numbers all of them. As many, because one that is run again waits for those known before it: what
  /// struck its worker should be over by then.
  private static let window = 4096

  /// So many workers as the options have ranks.
  public init(_ options: RunOptions) { self.options = options }

  /// Runs the tasks in workers forked for the purpose.
  public func run(_ job: AugmentJob, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let unfinished = UnfinishedTasks(job)
    defer { unfinished.removeTemporaryFiles() }
    let runner = TaskRunner(job)  // inherited by fork: each worker has its own
    try Pool.with(
      poolOptions, initializer: { _ in TaskRunner.prepareProcess() }, body: { task in runner.run(task).payload }
    ) { pool in
      let tasks = (0..<job.plan.taskCount).lazy.map { unfinished.begin($0) }
      let outcomes = try pool.imapUnordered(tasks, chunkSize: .fixed(chunkSize(of: job.plan)), window: Self.window)
      while let outcome = try outcomes.next() {
        unfinished.end(outcome.index)
        switch outcome.result {
        case .success(let payload): try each(outcome.index, TaskReport(payload: payload))
        case .failure(let failure):
          unfinished.removeTemporaryFile(of: outcome.index)
          try each(outcome.index, TaskReport(problem: .init(failure)))
        }
      }
    }
  }

  private var poolOptions: PoolOptions {
    var pool = PoolOptions(workers: options.ranks)
    pool.retries = 1  // a task may run again: it writes the same bytes under the same name
    pool.stopSignals = options.stopSignals
    pool.onWorkerEnd = options.onWorkerEnd
    return pool
  }

  private func chunkSize(of plan: Plan) -> Int {
    options.chunkSize.map { min($0, max(1, plan.taskCount)) }
      ?? min(plan.tasksPerImage, max(1, defaultChunkSize(taskCount: plan.taskCount, workers: options.ranks)))
  }
}

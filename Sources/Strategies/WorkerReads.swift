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

  /// So many workers as the options have ranks.
  public init(_ options: RunOptions) { self.options = options }

  /// Runs the tasks in workers forked for the purpose.
  public func run(_ job: AugmentJob, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let unfinished = UnfinishedTasks(job)
    defer { unfinished.removeTemporaryFiles() }
    let runner = try TaskRunner(job, options)  // inherited by fork: each worker has its own
    try Pool.with(options.pool(Self.crew(options)), initializer: runner.begin, body: { runner.run($0).payload }) {
      pool in
      let tasks = (0..<job.plan.taskCount).lazy.map { unfinished.begin($0) }
      let outcomes = try pool.imapUnordered(
        tasks, chunkSize: options.chunkSize(of: job.plan, workers: options.ranks), window: RunOptions.window)
      while let outcome = try outcomes.next() {
        try each(outcome.index, unfinished.end(outcome.index, outcome.result))
      }
    }
  }
}

internal import Datasets
internal import Jobs
internal import ProcPool

/// Forked workers that read the images of their tasks themselves. They get task numbers in chunks of one size and
/// report in the order of completion.
struct ReadingPool {
  let how: RunDescription.How
  let control: RunControl
  /// Tasks per message.
  let chunkSize: Int

  init(_ how: RunDescription.How, _ control: RunControl, chunkSize: Int) {
    (self.how, self.control, self.chunkSize) = (how, control, chunkSize)
  }

  func run(_ run: JobRun<some Job>, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let unfinished = UnfinishedTasks(of: run)
    defer { unfinished.removeTemporaryFiles() }
    let runner = try TaskRunner(run, how)  // inherited by fork: each worker has its own copy
    let options = how.pool(RankRoles(workers: how.ranks), control)
    try Pool.with(options, initializer: runner.begin, body: { runner.make($0).payload }) { pool in
      let tasks = (0..<run.plan.taskCount).lazy.map { unfinished.begin($0) }
      let outcomes = try pool.imapUnordered(
        tasks, chunkSize: .fixed(chunkSize), window: RunDescription.How.window)
      while let outcome = try outcomes.next() {
        try each(outcome.index, unfinished.end(outcome.index, outcome.result))
      }
    }
  }
}

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
    let givenUp = try GivenUpImages(run.plan.grid)
    let runner = try TaskRunner(run, how, givenUp: givenUp)  // inherited by fork: each worker has its own copy
    let options = how.pool(RankRoles(workers: how.ranks), control)
    try Pool.with(options, initializer: runner.beginWorker, body: { runner.make($0).payload }) { pool in
      let tasks = (0..<run.plan.taskCount).lazy.map { unfinished.begin($0) }
      let outcomes = try pool.imapUnordered(
        tasks, chunkSize: .fixed(chunkSize), window: RunDescription.How.window, timeout: how.guards.imageSeconds)
      while let outcome = try outcomes.next() {
        let report = unfinished.end(outcome.index, outcome.result)
        givenUp.note(outcome.index, report)
        try each(outcome.index, report)
      }
    }
  }
}

package import Datasets
package import Jobs

/// As `WorkerReads`, but with the chunks that the original study of object detection gave to Python's
/// `ProcessPoolExecutor`: n / (25 · ranks) tasks, rounded up, whatever images they belong to.
///
///     main:    chunks of task numbers ──▶ workers ──▶ reports
///     worker:  read ─ decode ─ transform ─ encode ─ write
///
/// A chunk may begin amid the copies of an image, which is then decoded by two workers. Where a chunk has fewer tasks
/// than an image has copies, an image is decoded more than once in any case.
package struct Executor: SimulatedStrategy {
  package static let name = "executor"
  package static let summary = "as worker-reads, in chunks of a 25th of a rank's share of the tasks"

  package static func virtualSchedule(_ grid: TaskGrid, _ how: RunDescription.How) -> any VirtualSchedule {
    ListSchedule(grid, workers: how.ranks, chunkSize: chunkSize(grid, how), start: .together)
  }

  private let how: RunDescription.How
  private let control: RunControl

  package init(_ how: RunDescription.How, _ control: RunControl) { (self.how, self.control) = (how, control) }

  package func run(_ run: JobRun<some Job>, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let pool = ReadingPool(how, control, chunkSize: Self.chunkSize(run.plan.grid, how))
    try pool.run(run, each: each)
  }

  /// Chunks per rank in the original study: large enough that few messages are sent, small enough that no rank has much
  /// left when the others are done.
  private static let chunksPerRank = 25

  /// `how.chunkSize`, or that of the original study.
  package static func chunkSize(_ grid: TaskGrid, _ how: RunDescription.How) -> Int {
    guard how.chunkSize == nil else { return how.tasksPerMessage(grid, workers: how.ranks) }
    let chunkCount = chunksPerRank * how.ranks
    return max(1, (grid.taskCount + chunkCount - 1) / chunkCount)
  }
}

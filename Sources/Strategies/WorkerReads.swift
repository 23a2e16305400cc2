package import Datasets
package import Jobs
internal import ProcPool

/// Each worker reads the images of its tasks; the main process hands out task numbers. One decode serves all copies of
/// an image that are in the same chunk.
///
///     main:    task numbers ──▶ workers ──▶ reports
///     worker:  read ─ decode ─ transform ─ encode ─ write
package struct WorkerReads: SimulatedStrategy {
  package static let name = "worker-reads"
  package static let summary = "each rank reads the images that it works on"
  package static func virtualSchedule(_ grid: TaskGrid, _ how: RunDescription.How) -> any VirtualSchedule {
    ListSchedule(grid, workers: how.ranks, chunkSize: how.tasksPerMessage(grid, workers: how.ranks), start: .together)
  }

  private let how: RunDescription.How
  private let control: RunControl

  package init(_ how: RunDescription.How, _ control: RunControl) { (self.how, self.control) = (how, control) }

  package func run(_ run: JobRun<some Job>, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let pool = ReadingPool(how, control, chunkSize: how.tasksPerMessage(run.plan.grid, workers: how.ranks))
    try pool.run(run, each: each)
  }
}

package import Datasets
package import Jobs
internal import ProcPool

/// One process does one task after another: the baseline that the others are measured against.
///
///     main:  read ─ decode ─ transform ─ encode ─ write
package struct Sequential: Strategy {
  /// "sequential"
  package static let name = "sequential"
  package static func roles(_ how: RunDescription.How) -> RankRoles { RankRoles(workers: 1) }

  package static func virtualSchedule(_ grid: TaskGrid, _ how: RunDescription.How) -> any VirtualSchedule {
    ListSchedule(grid, workers: 1, chunkSize: grid.tasksPerImage, start: .none)
  }

  private let how: RunDescription.How
  private let control: RunControl

  /// Ranks and chunks have no meaning here.
  package init(_ how: RunDescription.How, _ control: RunControl) { (self.how, self.control) = (how, control) }

  /// Runs every task in this process.
  package func run(_ run: JobRun<some Job>, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let runner = try TaskRunner(run, how)
    runner.begin(rank: 0)
    for task in 0..<run.plan.taskCount {
      try control.checkSignals()
      try each(task, runner.make(task))
    }
  }
}

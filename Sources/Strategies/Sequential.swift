package import Datasets
package import Jobs
internal import ProcPool

/// One process does all tasks in order: the baseline that the other strategies are measured against. Nothing confines
/// its decoder, and a file that crashes it ends the run.
///
///     main:  read ─ decode ─ transform ─ encode ─ write
package struct Sequential: SimulatedStrategy {
  package static let name = "sequential"
  package static let summary = "one process does everything"
  package static var decodesInWorkers: Bool { false }
  package static func roles(_ how: RunDescription.How) -> RankRoles { RankRoles(workers: 1) }

  package static func virtualSchedule(_ grid: TaskGrid, _ how: RunDescription.How) -> any VirtualSchedule {
    ListSchedule(grid, workers: 1, chunkSize: grid.tasksPerImage, start: .none)
  }

  private let how: RunDescription.How
  private let control: RunControl

  /// `how.ranks` and `how.chunkSize` have no effect.
  package init(_ how: RunDescription.How, _ control: RunControl) { (self.how, self.control) = (how, control) }

  package func run(_ run: JobRun<some Job>, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let runner = try TaskRunner(run, how)
    runner.begin(rank: 0)
    for task in 0..<run.plan.taskCount {
      try control.checkSignals()
      try each(task, runner.make(task))
    }
  }
}

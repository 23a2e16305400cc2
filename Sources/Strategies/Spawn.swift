package import Datasets
package import Jobs
internal import ProcPool

/// As `WorkerReads`, but a worker is this program run again, not a fork: loky's way in the original study of object
/// detection. It inherits nothing, gets the description of the run and the list of images as its first message, and
/// opens the folders itself.
///
///     main:    the run, then task numbers ──▶ workers ──▶ reports
///     worker:  program start ─ the run ─▶ read ─ decode ─ transform ─ encode ─ write
///
/// A worker costs the start of a program, and shares no page with the main process. In return it has nothing of it: no
/// lock, no descriptor, no heap. Workers stay for the next call if there is one, see `SpawnedWorkers`; here there is
/// one, as in the original study, whose every measurement was the only one of its process.
///
/// A limit on the write bandwidth is divided evenly among the ranks, because they share no memory: a rank does not get
/// what another leaves unused.
package struct Spawn: SimulatedStrategy {
  package static let name = "spawn"
  package static let summary = "as worker-reads, but each rank is the program run again, not a fork"

  package static func refusal(of job: any Job.Type) -> String? {
    if let known = JobCatalog.type(named: job.name), known == job { return nil }
    return "the strategy \(name) runs the program again, which knows no job called \(job.name)"
  }

  package static func virtualSchedule(_ grid: TaskGrid, _ how: RunDescription.How) -> any VirtualSchedule {
    ListSchedule(grid, workers: how.ranks, chunkSize: how.tasksPerMessage(grid, workers: how.ranks), start: .together)
  }

  private let how: RunDescription.How
  private let control: RunControl

  package init(_ how: RunDescription.How, _ control: RunControl) { (self.how, self.control) = (how, control) }

  package func run(_ run: JobRun<some Job>, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    try SpawnedWorkers(run, how, control).run(each: each)
  }
}

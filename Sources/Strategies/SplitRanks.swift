internal import Datasets
package import Jobs
internal import ProcPool

/// The main process takes one image after another, and the ranks share the pixels of each, in memory that all see.
///
///     main:  read ─ decode ─▶ transform: hands out steps ─▶ encode ─ write
///     rank:                   a part of each step
///
/// The ranks live from image to image. One that dies is replaced, and its part of the step is done again. A decoder
/// crash ends the run: the price of reading in one process.
package struct SplitRanks: DividingStrategy {
  package static let name = "split-ranks"
  package static let summary = "one image after another; the ranks share the pixels of each"
  package static var decodesInWorkers: Bool { false }

  private let how: RunDescription.How
  private let control: RunControl

  /// The workers are `how.ranks` processes besides the main process. `how.chunkSize` has no effect.
  package init(_ how: RunDescription.How, _ control: RunControl) { (self.how, self.control) = (how, control) }

  package func run(_ run: JobRun<some Job>, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let teams = ProcessTeams(how.pool(Self.roles(how), control))
    let runner = try TaskRunner(run, how, worker: run.worker(sharing: teams.quantizers))
    type(of: runner).prepareReadingProcess()
    for task in 0..<run.plan.taskCount {
      try control.checkSignals()
      let report = runner.make(task)
      if let failure = teams.failure { throw failure }
      try each(task, report.transformed(by: 0..<how.ranks))
    }
  }
}

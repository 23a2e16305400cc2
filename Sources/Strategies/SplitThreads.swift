package import Jobs
internal import Datasets
internal import Imaging
internal import ProcPool

/// One process takes one image after another, and its threads share the pixels of each.
///
///     thread 0:  read ─ decode ─▶ transform, each thread a part ─▶ encode ─ write
///     others:                     transform, each thread a part
///
/// Never forks, because a process with threads must not.
package struct SplitThreads: DividingStrategy {
  package static let name = "split-threads"
  package static let summary = "one process; as many threads as ranks share the pixels of each image"
  package static var decodesInWorkers: Bool { false }

  private let how: RunDescription.How
  private let control: RunControl

  /// `how.chunkSize` and `how.placement` have no effect.
  package init(_ how: RunDescription.How, _ control: RunControl) { (self.how, self.control) = (how, control) }

  package func run(_ run: JobRun<some Job>, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let team = try ThreadTeam(count: how.ranks)
    let worker = run.worker { quantization in
      let quantizer = Quantizer(quantization, team: team)
      return { _ in quantizer }
    }
    let runner = try TaskRunner(run, how, worker: worker)
    runner.begin(rank: 0)
    for task in 0..<run.plan.taskCount {
      try control.checkSignals()
      try each(task, runner.make(task).transformed(by: 0..<how.ranks))
    }
  }
}

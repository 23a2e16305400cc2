internal import Datasets
internal import Imaging
package import Jobs
internal import ProcPool

/// The main process takes one image after another, and the ranks share the pixels of each, in memory that all see.
///
///     main:  read ─ decode ─▶ transform: hands out steps ─▶ encode ─ write
///     rank:                   a part of each step
///
/// The ranks live from image to image. One that dies is replaced, and its part of the step is done again. A decoder
/// crash ends the run: the price of reading in one process.
package struct SplitRanks: Strategy {
  package static let name = "split-ranks"
  package static let summary = "one image after another; the ranks share the pixels of each"
  package static func refusal(of job: any Job.Type) -> String? { indivisibility(of: job) }

  private let how: RunDescription.How
  private let control: RunControl

  /// The workers are `how.ranks` processes besides the main process. `how.chunkSize` has no effect.
  package init(_ how: RunDescription.How, _ control: RunControl) { (self.how, self.control) = (how, control) }

  package func run(_ run: JobRun<some Job>, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let teams = ProcessTeams(how.pool(Self.roles(how), control))
    let worker = run.worker { quantization in
      { pixelCount throws(ImagingError) in
        try teams.quantizer(quantization, pixelCount: pixelCount)
      }
    }
    let runner = try TaskRunner(run, how, worker: worker)
    type(of: runner).prepareReadingProcess()
    for task in 0..<run.plan.taskCount {
      try control.checkSignals()
      let report = runner.make(task)
      if let failure = teams.failure { throw failure }
      try each(task, report.transformed(by: 0..<how.ranks))
    }
  }
}

extension Strategy {
  /// Why a strategy that divides the work on one image cannot do a job.
  static func indivisibility(of job: any Job.Type) -> String? {
    job is any DivisibleJob.Type
      ? nil : "the strategy \(name) divides the work on one image, and that of \(job.name) cannot be divided"
  }
}

extension JobRun {
  /// A worker whose work is shared.
  /// - Requires: a divisible job.
  func worker(sharing quantizers: (QuantizeOptions) -> QuantizerSource) -> Work.Worker {
    func worker(of job: some DivisibleJob) -> Work.Worker? {
      job.makeWorker(sharing: quantizers(job.quantization)) as? Work.Worker
    }
    guard let job = job as? any DivisibleJob, let worker = worker(of: job) else {
      preconditionFailure("the strategy refuses jobs that cannot be divided")
    }
    return worker
  }
}

extension TaskReport {
  /// The report with the transform stage entered for each of `ranks`, which shared it from its begin to its end.
  func transformed(by ranks: Range<Int>) -> TaskReport {
    var report = self
    report.spans = spans.flatMap { span in
      guard span.stage == .transform else { return [span] }
      return ranks.map { StageSpan(stage: .transform, rank: $0, begin: span.begin, end: span.end) }
    }
    return report
  }
}

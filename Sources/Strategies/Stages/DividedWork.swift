internal import Imaging
internal import Jobs

/// A strategy that takes one image after another and divides the work on each among all ranks.
protocol DividingStrategy: Strategy {}

extension DividingStrategy {
  package static func refusal(of job: any Job.Type) -> String? {
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

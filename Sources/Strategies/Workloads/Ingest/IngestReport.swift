package import Datasets
internal import ProcPool

/// The outcome of one task of a run of downloads.
package struct IngestReport: Codable, Sendable {
  package var download: Download
  /// The payload of `task`.
  private var payload: [UInt8]

  init(_ download: Download, _ task: TaskReport) {
    (self.download, payload) = (download, task.payload)
  }

  /// Stage times, bytes, and a problem if not even the fallback could be saved.
  package var task: TaskReport { TaskReport(validating: payload) ?? .malformed }
}

extension IngestReport {
  /// Whether it may be the report on a task. One that is not comes from a process gone wrong.
  func isPlausible(for task: IngestTask) -> Bool {
    download.number == task.number && download.seconds.isFinite && 0...1_000_000 ~= download.attempts
      && 0...1 << 40 ~= download.byteCount
  }
}

/// A task for a worker.
struct IngestTask: Codable {
  /// Number of the image, from 1.
  var number: Int
  /// How an earlier worker was lost over this image, which is then not tried again.
  var loss: String?
}

extension IngestReport {
  /// The report on a task that cost two workers: one over the image, one over its fallback.
  init(lost task: IngestTask, _ problem: TaskReport.Problem, _ options: IngestOptions) {
    var download = Download(number: task.number, url: options.urls[task.number])
    download.reason = task.loss.map { "\($0); \(problem.reason)" } ?? problem.reason
    self.init(download, TaskReport(problem: problem))
  }
}

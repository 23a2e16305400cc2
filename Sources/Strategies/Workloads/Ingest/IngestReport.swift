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
      && download.file.map { Download.number(ofFile: $0) == task.number } ?? true
  }
}

extension IngestReport {
  /// The line of a manifest about it.
  package func entry(id: Int) -> ManifestEntry {
    let task = self.task
    let isMade = download.outcome == .downloaded
    var entry = ManifestEntry(
      id: id, url: download.url, output: download.file ?? Download.stem(download.number),
      isMade ? .made : .failed(download.reason ?? "not downloaded"))
    entry.product = task.product
    // A worker gone wrong may name any file.
    entry.product.files.removeAll { $0.path != download.file }
    entry.milliseconds = 1000 * download.seconds
    if isMade, let reason = download.reason { entry.notes = [reason] }
    return entry
  }
}

/// A task for a worker.
package struct IngestTask: Codable, Sendable {
  /// Number of the image, from 1.
  package var number: Int
  /// A file of this number that is there, of which it is not known what it is.
  var found: String?
  /// How the last worker was lost over this image.
  var loss: String?
  private var lossCount = 0

  package init(number: Int, found: String? = nil) { (self.number, self.found) = (number, found) }

  /// Whether it may be tried again: what killed one worker may have been nothing of the image's, but not two.
  var isHopeful: Bool { lossCount < 2 }
  /// Whether even its fallback was lost.
  var isLost: Bool { lossCount > 2 }

  /// The task after it has cost a worker.
  func lost(to problem: TaskReport.Problem) -> IngestTask {
    var task = self
    task.lossCount = max(lossCount + 1, problem.kind == .tookTooLong ? 2 : 0)
    task.loss = problem.reason
    return task
  }
}

extension IngestReport {
  /// The report on a task that cost a worker over its fallback, too.
  init(lost task: IngestTask, _ problem: TaskReport.Problem, _ options: IngestOptions) {
    var download = Download(number: task.number, url: options.urls[task.number])
    download.reason = task.loss.map { "\($0); \(problem.reason)" } ?? problem.reason
    self.init(download, TaskReport(problem: problem))
  }
}

internal import Datasets
internal import Platform
internal import ProcPool
internal import Strategies

/// Adds up what became of the images of `ingest`, shows progress, and reports failures as they come.
final class IngestTally {
  private(set) var downloads: [Download] = []
  private(set) var times = StageTimes()
  private(set) var writtenByteCount = 0
  private(set) var replacedWorkerCount = 0
  private(set) var wallSeconds = 0.0
  private let opening: IngestOpening
  private let reporter: Reporter
  private var failedCount = 0
  private var beginTime = Clock.seconds

  init(_ opening: IngestOpening, _ reporter: Reporter) {
    (self.opening, self.reporter) = (opening, reporter)
    for failure in opening.failures { reporter.say("\(failure.path): \(failure.reason)", isProblem: true) }
  }

  private var options: IngestOptions { opening.options }

  /// Images that were there.
  var foundCount: Int { opening.foundCount + downloads.count(where: \.wasThere) }

  /// Images that this process or, in shards, others could not download.
  var failureCount: Int { opening.failures.count + failedCount }

  /// Images that were not downloaded, by number.
  var failures: [Download] { sorted.filter { $0.outcome != .downloaded } }

  private var sorted: [Download] { downloads.sorted { $0.number < $1.number } }

  func begin() {
    beginTime = Clock.seconds
    if options.urls.count > 1 && options.urls.count < options.count {
      reporter.say("\(options.urls.count) URLs for \(options.count) images: the list is repeated")
    }
    show()
  }

  func finish() {
    wallSeconds = Clock.seconds - beginTime
    reporter.finish()
  }

  func add(_ report: IngestReport) {
    let (download, task) = (report.download, report.task)
    downloads.append(download)
    times += task.times
    writtenByteCount += task.writtenByteCount
    if download.outcome != .downloaded {
      failedCount += 1
      reporter.say(sentence(download), isProblem: true)
    } else if let reason = download.reason {
      reporter.say("\(download.url): \(reason)")
    }
    show()
  }

  private func show() {
    reporter.show(done: opening.foundCount + downloads.count - failedCount, failed: failureCount)
  }

  /// Tells how to go on after an interruption.
  func tellHowToGoOn() {
    guard downloads.count < opening.tasks.count else { return }
    reporter.say("to go on: \(CommandText.ofThisProcess(with: opening.optionToGoOn))")
  }

  /// Adds a worker that died.
  func add(_ end: WorkerEnd) {
    replacedWorkerCount += 1
    reporter.say("worker \(end.rank) (pid \(end.pid)) \(end.end) and is replaced")
  }

  private func sentence(_ download: Download) -> String {
    let isRefusedFile = download.url.lowercased().hasPrefix("file:") && !options.client.allowsFiles
    let remedy = isRefusedFile ? " (--allow-file-urls)" : ""
    let attempts = download.attempts > 1 ? ", \(download.attempts) times" : ""
    let rest = download.outcome == .synthetic ? "; \(download.file ?? "the file") is noise" : ""
    return "\(download.url): \(download.reason ?? "not downloaded")\(remedy)\(attempts)\(rest)"
  }

  /// One JSON object per image and line, by number.
  func reportText() throws(Failure) -> String {
    var text = ""
    for download in sorted { text += "\(try JSONText.line(download))\n" }
    return text
  }
}

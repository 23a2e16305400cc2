internal import Imaging
internal import Platform
internal import Studies

/// Shows the progress of a run on standard error.
final class Reporter {
  private let total: Int
  private let unit: String
  private let subject: String?
  private let begin = Clock.seconds
  private let status: StatusLine

  /// - Parameters:
  ///   - unit: what is counted, as a plural noun.
  ///   - subject: what messages begin with, if the run is one of several.
  init(total: Int, unit: String = "copies", isQuiet: Bool, of subject: String? = nil) {
    (self.total, self.unit, self.subject) = (total, unit, subject)
    status = StatusLine(isQuiet: isQuiet, begin: begin)
  }

  /// Shows progress, unless it was shown a short time ago.
  func show(done: Int, failed: Int) {
    guard status.isDue else { return }
    let progress = Progress(done: done, failed: failed, total: total, unit: unit, seconds: Clock.seconds - begin)
    if Terminal.isInteractive {
      status.show(bar: progress.bar(columns: Terminal.columns, hasColor: Terminal.hasColor))
    } else {
      status.show(line: progress.line)
    }
  }

  /// Prints a message above the bar.
  func say(_ text: String, isProblem: Bool = false) {
    let prefix = subject.map { text.hasPrefix($0) ? "" : "\($0): " } ?? ""
    status.say(prefix + text, isProblem: isProblem)
  }

  /// Erases the bar.
  func finish() { status.finish() }
}

/// The progress of a run as text.
struct Progress {
  var done: Int
  var failed: Int
  var total: Int
  var unit = "copies"
  var seconds: Double

  private var rate: Double { seconds > 0 ? Double(done) / seconds : 0 }
  private var share: Double { total > 0 ? Double(done) / Double(total) : 0 }
  private var percent: String { "\(NumberText.fixed(100 * share, 0))%" }
  private var left: String { rate > 0 ? "\(NumberText.duration(seconds: Double(total - done) / rate)) left" : "" }
  private var failures: String { failed > 0 ? "\(failed) failed" : "" }

  /// One line for a log.
  var line: String {
    ["\(done)/\(total) \(unit)", percent, "\(NumberText.fixed(rate, 1)) a second", left, failures]
      .filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// A bar with as much text beside it as fits in `columns`; the least important parts are dropped first.
  func bar(columns: Int, hasColor: Bool) -> String {
    Bar.line(
      share: share, parts: ["\(done)/\(total)", percent, failures, left, "\(NumberText.fixed(rate, 1))/s"],
      columns: columns, colors: .init(hasColor: hasColor, alarm: failures))
  }
}

/// Shows the progress of a study on standard error.
final class StudyReporter {
  private let status: StatusLine
  private var lastDone = -1

  init(isQuiet: Bool) { status = StatusLine(isQuiet: isQuiet) }

  /// The callbacks to give to the study.
  var observer: StudyObserver {
    StudyObserver(show: show, say: { self.say($0, isProblem: true) })
  }

  /// Prints a message above the bar.
  func say(_ text: String, isProblem: Bool = false) { status.say(text, isProblem: isProblem) }

  /// Erases the bar.
  func finish() { status.finish() }

  private func show(_ progress: StudyProgress) {
    guard status.isDue else { return }
    let left = progress.secondsLeft.map { "\(NumberText.duration(seconds: $0)) left" } ?? ""
    let failures = progress.failed > 0 ? "\(progress.failed) failed" : ""
    let percent = "\(NumberText.fixed(100 * progress.share, 0))%"
    let count = "\(progress.done)/\(progress.total)"
    guard !Terminal.isInteractive else {
      return status.show(
        bar: Bar.line(
          share: progress.share, parts: [count, percent, failures, left, Terminal.printable(progress.activity)],
          columns: Terminal.columns, colors: .init(hasColor: Terminal.hasColor, alarm: failures)))
    }
    let parts = ["\(count) cells", percent, left, failures, "now \(progress.activity)"]
    let line = parts.filter { !$0.isEmpty }.joined(separator: ", ")
    status.show(line: progress.done == lastDone ? nil : line)
    lastDone = progress.done
  }
}

internal import Imaging
internal import Studies

/// Tells a person how far a study is.
final class StudyReporter {
  private let status: StatusLine
  private var lastDone = -1

  init(isQuiet: Bool) { status = StatusLine(isQuiet: isQuiet) }

  /// For the study.
  var observer: StudyObserver {
    StudyObserver(show: show, say: { self.say($0, isProblem: true) })
  }

  /// Says something that must be read, above the bar.
  func say(_ text: String, isProblem: Bool = false) { status.say(text, isProblem: isProblem) }

  /// Takes the bar away.
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

internal import Experiments

/// Tells a person on standard error how far a study is: a bar on a terminal, a line now and then elsewhere.
final class StudyReporter {
  private let isQuiet: Bool
  private var lastShown = -Double.infinity
  private var lastDone = -1
  private var isBarOnScreen = false

  private static let barInterval = 0.1
  private static let lineInterval = 10.0

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  /// For the study.
  var observer: StudyObserver {
    StudyObserver(show: show, say: { self.say($0, isProblem: true) })
  }

  /// Says something that must be read, above the bar.
  func say(_ text: String, isProblem: Bool = false) {
    guard !isQuiet || isProblem else { return }
    finish()
    Terminal.write("augment-cli: \(Terminal.printable(text))\n")
  }

  /// Takes the bar away.
  func finish() {
    if isBarOnScreen { Terminal.write("\r\u{1B}[K") }
    isBarOnScreen = false
  }

  private func show(_ progress: StudyProgress) {
    guard !isQuiet else { return }
    let now = Terminal.now()
    guard now - lastShown >= (Terminal.isInteractive ? Self.barInterval : Self.lineInterval) else { return }
    lastShown = now
    let left = progress.secondsLeft.map { "\(Number.duration(seconds: $0)) left" } ?? ""
    let failures = progress.failed > 0 ? "\(progress.failed) failed" : ""
    let percent = "\(Number.fixed(100 * progress.share, 0))%"
    let count = "\(progress.done)/\(progress.total)"
    if Terminal.isInteractive {
      let line = Bar.line(
        share: progress.share, parts: [count, percent, failures, left, Terminal.printable(progress.activity)],
        columns: Terminal.columns, colors: .init(hasColor: Terminal.hasColor, alarm: failures))
      Terminal.write("\r\(line)\u{1B}[K")
      isBarOnScreen = true
    } else if progress.done != lastDone {
      lastDone = progress.done
      let parts = ["\(count) cells", percent, left, failures, "now \(progress.activity)"]
      Terminal.write("\(Terminal.printable(parts.filter { !$0.isEmpty }.joined(separator: ", ")))\n")
    }
  }
}

/// Tells a person on standard error how far a run is: a bar on a terminal, a line now and then elsewhere.
final class Reporter {
  private let total: Int
  private let isQuiet: Bool
  private let begin = Terminal.now()
  private var lastShown = 0.0
  private var isBarOnScreen = false

  private static let barInterval = 0.1
  private static let lineInterval = 10.0

  init(total: Int, isQuiet: Bool) { (self.total, self.isQuiet) = (total, isQuiet) }

  /// Notes progress; shows it when it is time to.
  func show(done: Int, failed: Int) {
    guard !isQuiet else { return }
    let now = Terminal.now()
    guard now - max(lastShown, begin) >= (Terminal.isInteractive ? Self.barInterval : Self.lineInterval) else { return }
    lastShown = now
    let progress = Progress(done: done, failed: failed, total: total, seconds: now - begin)
    if Terminal.isInteractive {
      Terminal.write("\r\(progress.bar(columns: Terminal.columns, hasColor: Terminal.hasColor))\u{1B}[K")
      isBarOnScreen = true
    } else {
      Terminal.write("\(progress.line)\n")
    }
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
}

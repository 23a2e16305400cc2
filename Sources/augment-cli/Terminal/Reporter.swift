internal import Platform

/// Tells a person how far a run is.
final class Reporter {
  private let total: Int
  private let begin = Clock.seconds
  private let status: StatusLine

  init(total: Int, isQuiet: Bool) {
    self.total = total
    status = StatusLine(isQuiet: isQuiet, begin: begin)
  }

  /// Notes progress; shows it when it is time to.
  func show(done: Int, failed: Int) {
    guard status.isDue else { return }
    let progress = Progress(done: done, failed: failed, total: total, seconds: Clock.seconds - begin)
    if Terminal.isInteractive {
      status.show(bar: progress.bar(columns: Terminal.columns, hasColor: Terminal.hasColor))
    } else {
      status.show(line: progress.line)
    }
  }

  /// Says something that must be read, above the bar.
  func say(_ text: String, isProblem: Bool = false) { status.say(text, isProblem: isProblem) }

  /// Takes the bar away.
  func finish() { status.finish() }
}

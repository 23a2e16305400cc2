internal import Platform

/// What a command says on standard error while it works: a bar on a terminal, a line now and then elsewhere, and between
/// them what must be read.
final class StatusLine {
  private let isQuiet: Bool
  private var lastShown: Double
  private var isBarOnScreen = false

  private static let barInterval = 0.1
  private static let lineInterval = 10.0

  /// - Parameter begin: from when on intervals are counted; by default the first line comes at once.
  init(isQuiet: Bool, begin: Double = -.infinity) { (self.isQuiet, lastShown) = (isQuiet, begin) }

  /// Whether it is time to show progress again.
  var isDue: Bool {
    guard !isQuiet else { return false }
    return Clock.seconds - lastShown >= (Terminal.isInteractive ? Self.barInterval : Self.lineInterval)
  }

  /// Shows a bar in place of the one before.
  func show(bar: String) {
    lastShown = Clock.seconds
    Terminal.write("\r\(bar)\u{1B}[K")
    isBarOnScreen = true
  }

  /// Shows a line; none where there is nothing new, and then the next is due after the same time.
  func show(line: String?) {
    lastShown = Clock.seconds
    if let line { Terminal.write("\(Terminal.printable(line))\n") }
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

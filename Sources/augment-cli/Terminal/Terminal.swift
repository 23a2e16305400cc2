internal import Glibc
internal import Imaging
internal import Platform
internal import SystemPackage

/// Progress and messages on standard error: a bar on a terminal, else a line every 10 s, with messages in between.
final class StatusLine {
  private let isQuiet: Bool
  private var lastShown: Double
  private var isBarOnScreen = false

  private static let barInterval = 0.1
  private static let lineInterval = 10.0

  /// - Parameter begin: when the first interval starts; by default the first line is due at once.
  init(isQuiet: Bool, begin: Double = -.infinity) { (self.isQuiet, lastShown) = (isQuiet, begin) }

  /// Whether progress should be shown again.
  var isDue: Bool {
    guard !isQuiet else { return false }
    return Clock.seconds - lastShown >= (Terminal.isInteractive ? Self.barInterval : Self.lineInterval)
  }

  /// Replaces the bar on the screen.
  func show(bar: String) {
    lastShown = Clock.seconds
    Terminal.write("\r\(bar)\u{1B}[K")
    isBarOnScreen = true
  }

  /// Prints a progress line, or none for `nil`; either way restarts the interval.
  func show(line: String?) {
    lastShown = Clock.seconds
    if let line { Terminal.write("\(Terminal.printable(line))\n") }
  }

  /// Prints a message above the bar. If quiet, prints only problems.
  func say(_ text: String, isProblem: Bool = false) {
    guard !isQuiet || isProblem else { return }
    finish()
    Terminal.write("augment-cli: \(Terminal.printable(text))\n")
  }

  /// Erases the bar.
  func finish() {
    if isBarOnScreen { Terminal.write("\r\u{1B}[K") }
    isBarOnScreen = false
  }
}

/// A progress bar with text beside it, on one line of a terminal.
enum Bar {
  /// The bar and as many of `parts`, most important first, as fit in `columns`.
  static func line(share: Double, parts: [String], columns: Int, colors: Colors) -> String {
    let width = columns - 1  // a full line would wrap on some terminals
    var shown: [String] = []
    var used = 0
    for part in parts where !part.isEmpty && used + part.count + 2 <= width {
      used += part.count + 2
      shown.append(colors.hasColor && part == colors.alarm ? "\u{1B}[31m\(part)\u{1B}[0m" : part)
    }
    let room = min(40, width - used)
    return (room >= 8 ? "\(drawing(share, room, colors.hasColor))  " : "") + shown.joined(separator: "  ")
  }

  /// Whether to use colours, and which part to show in red.
  struct Colors {
    var hasColor: Bool
    var alarm: String
  }

  /// Draws in eighths of a character cell, so that the bar moves smoothly.
  private static func drawing(_ share: Double, _ cells: Int, _ hasColor: Bool) -> String {
    let eighths = Int(min(max(share, 0), 1) * Double(cells) * 8)
    let full = String(repeating: "█", count: eighths / 8) + ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    let empty = String(repeating: "░", count: max(0, cells - full.count))
    return hasColor ? "\u{1B}[32m\(full)\u{1B}[0m\u{1B}[2m\(empty)\u{1B}[0m" : full + empty
  }
}

/// Messages on standard error, and results on standard output.
enum Terminal {
  /// Whether standard error is a terminal on which a line can be redrawn.
  static let isInteractive = isatty(STDERR_FILENO) == 1 && Program.environment("TERM") != "dumb"
  /// Whether to use colours; follows the NO_COLOR convention.
  static let hasColor = isInteractive && (Program.environment("NO_COLOR") ?? "").isEmpty

  /// Columns of standard error. Read each time, because the window can be resized.
  static var columns: Int { columns(of: STDERR_FILENO) ?? 80 }

  /// Columns for running text on standard output: those of the terminal, clamped to 40...100.
  static var textWidth: Int { min(100, max(40, columns(of: STDOUT_FILENO) ?? 80)) }

  /// Writes all of `text` to standard error, unbuffered. Ignores errors, which could not be reported anywhere.
  static func write(_ text: String) { _ = try? FileDescriptor.standardError.writeAll(text.utf8) }

  /// Writes a result to standard output.
  static func print(_ text: String) throws(Failure) { try print(Array(text.utf8)) }

  /// As above, for what may not be text.
  static func print(_ bytes: [UInt8]) throws(Failure) {
    do {
      try FileDescriptor.standardOutput.writeAll(bytes)
    } catch {
      throw Failure("cannot write to standard output: \(error)")
    }
  }

  /// Escapes control characters and line breaks, because file names are hostile input.
  static func printable(_ line: String) -> String { Imaging.printable(line.unicodeScalars) }

  private static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

}

internal import Glibc
internal import Imaging

/// Standard error as a person sees it, and results on standard output.
enum Terminal {
  /// Whether standard error is a terminal that a line can be redrawn on.
  static let isInteractive = isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb"
  /// Whether colours are wanted: the NO_COLOR convention.
  static let hasColor = isInteractive && (environment("NO_COLOR") ?? "").isEmpty

  /// Columns of standard error now, which a person may change at any time.
  static var columns: Int { columns(of: STDERR_FILENO) ?? 80 }

  /// Columns for running text on standard output.
  static var textWidth: Int { min(100, max(40, columns(of: STDOUT_FILENO) ?? 80)) }

  /// Writes to standard error, all of it, at once; where that fails there is nobody left to tell.
  static func write(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// Writes a result to standard output.
  static func print(_ text: String) throws(Failure) {
    guard write(text, to: STDOUT_FILENO) else {
      throw Failure("cannot write to standard output: \(unsafe String(cString: strerror(errno)))")
    }
  }

  private static func write(_ text: String, to descriptor: Int32) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var sent = 0
      while sent < bytes.count {
        let result = unsafe Glibc.write(descriptor, bytes.baseAddress.map { unsafe $0 + sent }, bytes.count - sent)
        if result < 0 && errno != EINTR { return false }
        sent += max(0, result)
      }
      return true
    }
  }

  /// A line as it may be shown: what a terminal would obey, and what would begin another line, is written as an escape,
  /// for names of files are hostile input.
  static func printable(_ line: String) -> String { Imaging.printable(line.unicodeScalars) }

  /// Seconds of a clock that is never set.
  static func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  private static func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}

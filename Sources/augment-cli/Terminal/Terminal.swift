internal import FoundationEssentials
internal import Glibc
internal import Imaging
internal import Platform
internal import SystemPackage

/// Standard error as a person sees it, and results on standard output.
enum Terminal {
  /// Whether standard error is a terminal that a line can be redrawn on.
  static let isInteractive = isatty(STDERR_FILENO) == 1 && Program.environment("TERM") != "dumb"
  /// Whether colours are wanted: the NO_COLOR convention.
  static let hasColor = isInteractive && (Program.environment("NO_COLOR") ?? "").isEmpty

  /// Columns of standard error now, which a person may change at any time.
  static var columns: Int { columns(of: STDERR_FILENO) ?? 80 }

  /// Columns for running text on standard output.
  static var textWidth: Int { min(100, max(40, columns(of: STDOUT_FILENO) ?? 80)) }

  /// Before anything else is opened: where standard input, output or error is closed, /dev/null takes its number, which
  /// a pipe or file would have got otherwise and text for people would have gone to. Standard output can only be read
  /// then, so that a result that is printed there is an error, as it is where the shell has closed it.
  static func openMissingDescriptors() {
    for number in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(number, F_GETFD) < 0 {
      // The lowest number that is free is this one.
      _ = unsafe open("/dev/null", number == STDERR_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// What the program was called with: a path that is no UTF-8 is written as its text, which gives it back.
  static var arguments: [String] {
    (0..<Int(CommandLine.argc)).dropFirst().compactMap { index in
      unsafe CommandLine.unsafeArgv[index].map {
        unsafe PathText.text(of: Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))))
      }
    }
  }

  /// Writes to standard error, all of it, at once; where that fails there is nobody left to tell.
  static func write(_ text: String) { _ = try? FileDescriptor.standardError.writeAll(text.utf8) }

  /// Writes a result to standard output.
  static func print(_ text: String) throws(Failure) {
    do {
      try FileDescriptor.standardOutput.writeAll(text.utf8)
    } catch {
      throw Failure("cannot write to standard output: \(error)")
    }
  }

  /// A line as it may be shown: what a terminal would obey, and what would begin another line, is written as an escape,
  /// for names of files are hostile input.
  static func printable(_ line: String) -> String { Imaging.printable(line.unicodeScalars) }

  private static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

}

/// The machine that the program runs on.
enum Machine {
  /// Cores that this process may use.
  static let coreCount = ProcessInfo.processInfo.activeProcessorCount
}

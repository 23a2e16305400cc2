internal import CProcPool
internal import Glibc

/// A program with separate standard streams: a fork of the probe that runs `body` and then calls `exit`.
struct Program {
  private let child: Child
  private let errorFile: Int32

  /// - Parameters:
  ///   - errors: its standard error; by default a file.
  ///   - output: its standard output; by default the probe's.
  init(errors: Int32? = nil, output: Int32? = nil, _ body: () throws -> Void) {
    let file = temporaryFile()
    errorFile = file
    child = Child {
      dup2(errors ?? file, STDERR_FILENO)
      if let output { dup2(output, STDOUT_FILENO) }
      try body()
      exit(0)
    }
  }

  var pid: pid_t { child.pid }

  /// Waits for its end.
  /// - Returns: the wait status.
  @discardableResult
  func wait() -> Int32 { child.wait() }

  /// What it has written to its standard error so far.
  var errors: String { contents(of: errorFile) }

  /// The same as lines.
  var errorLines: [Substring] { errors.split(separator: "\n") }
}

/// An unlinked file, open for appending.
func temporaryFile() -> Int32 {
  var path = Array("/tmp/pool-probe-XXXXXX".utf8CString)
  let file = unsafe mkstemp(&path)
  check(file >= 0 && fcntl(file, F_SETFL, O_APPEND) == 0, "no temporary file")
  unsafe unlink(path)
  return file
}

/// The whole text of a file.
func contents(of file: Int32) -> String {
  var bytes = [UInt8](repeating: 0, count: Int(lseek(file, 0, SEEK_END)))
  let count = unsafe pread(file, &bytes, bytes.count, 0)
  return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
}

/// The ends of a close-on-exec pipe.
func pipeEnds() -> (reading: Int32, writing: Int32) {
  var ends: [Int32] = [-1, -1]
  check(unsafe cprocpool_pipe(&ends) == 0, "no pipe")
  return (ends[0], ends[1])
}

/// Reads a pipe until its writing end is closed everywhere.
func readAll(_ descriptor: Int32) -> String {
  var bytes = [UInt8](repeating: 0, count: 65_536)
  var all: [UInt8] = []
  while case let count = unsafe read(descriptor, &bytes, bytes.count), count > 0 { all += bytes.prefix(count) }
  return String(decoding: all, as: UTF8.self)
}

/// Writes to standard error without the C library's stream.
func say(_ text: String) {
  var text = text
  text.withUTF8 { _ = unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

internal import Glibc
package import SystemPackage

/// A file or a pipe that is read or written once, from front to end. Forked processes inherit it.
package final class ByteStream: Sendable {
  /// What people call it.
  package let path: FilePath
  package let number: Int32

  private init(_ path: FilePath, _ number: Int32) { (self.path, self.number) = (path, number) }

  /// Opens a file or a FIFO, for whose writer it waits.
  package convenience init(reading path: FilePath) throws(FileError) {
    let number = try FileError.at(path, .open) { () throws(Errno) in
      try retrying { unsafe path.withPlatformString { unsafe open($0, O_RDONLY | O_CLOEXEC | O_NOCTTY) } }
    }
    self.init(path, number)
  }

  /// Opens a regular file, unless it was changed since. Never blocks: a FIFO is refused.
  package static func regular(
    _ path: FilePath, in folder: Folder, unchangedSince stamp: FileStamp?
  ) throws(FileError) -> ByteStream {
    let file = try RegularFile(path, in: folder)
    if let stamp, file.stamp != stamp { throw FileError(.read, path, .changed) }
    return try copy(of: file.descriptor.number, path)
  }

  /// Standard input, under a number that stays when a worker gets another standard input.
  package static func standardInput() throws(FileError) -> ByteStream {
    try copy(of: STDIN_FILENO, "standard input")
  }

  package static func standardOutput() throws(FileError) -> ByteStream {
    try copy(of: STDOUT_FILENO, "standard output")
  }

  private static func copy(of number: Int32, _ name: FilePath) throws(FileError) -> ByteStream {
    let copy = try FileError.at(name, .open) { () throws(Errno) in
      try retrying { fcntl(number, F_DUPFD_CLOEXEC, 3) }
    }
    return ByteStream(name, copy)
  }

  deinit { close(number) }

  /// Its status, such as its type.
  package var status: Stat? { try? FileDescriptor(rawValue: number).stat() }

  /// Whether a person sits at the other end.
  package var isTerminal: Bool { isatty(number) == 1 }

  /// Writes all bytes; waits for a pipe that is full.
  package func write(_ bytes: [UInt8]) throws(FileError) {
    do {
      try FileDescriptor(rawValue: number).writeAll(bytes)
    } catch {
      throw FileError(.write, path, .system((error as? Errno) ?? .ioError))
    }
  }
}

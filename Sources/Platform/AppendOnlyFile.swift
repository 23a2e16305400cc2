internal import Glibc
package import SystemPackage

/// A file of lines to which one process at a time appends. A durable line is on the disk when `append` returns, and with
/// it all lines before.
///
/// A killed process, a full disk or a power failure may leave a partial last line, which is truncated when the file is
/// opened. Nothing is truncated unless the whole tail could be read.
package struct AppendOnlyFile: ~Copyable {
  private let path: FilePath
  private let descriptor: Descriptor
  /// Bytes of complete lines; the file ends there.
  package private(set) var byteCount: Int

  private static let blockByteCount = 65_536

  /// Opens the file, creating it if necessary.
  /// - Throws: with the cause `.locked` if another process has it open.
  package init(_ path: FilePath, in folder: Folder = .working) throws(FileError) {
    let file = try FileError.at(path, .open) { () throws(Errno) in
      try Descriptor(path, in: folder, O_RDWR | O_CREAT | O_APPEND)
    }
    let isLocked = try FileError.at(path, .lock) { () throws(Errno) in try file.lock(LOCK_EX | LOCK_NB) }
    guard isLocked else { throw FileError(.lock, path, .locked) }
    let byteCount = try FileError.at(path, .read) { () throws(Errno) in try Self.wholeByteCount(file) }
    try FileError.at(path, .write) { () throws(Errno) in try Self.cut(file, to: byteCount) }
    (self.path, self.byteCount) = (path, byteCount)
    descriptor = file
  }

  /// Appends a line in one call, so that readers see complete lines. After an error the file is unchanged.
  package mutating func append(_ line: String, isDurable: Bool = true) throws(FileError) {
    let bytes = Array("\(line)\n".utf8)
    do throws(FileError) {
      try FileError.at(path, .write) { () throws(Errno) in
        try descriptor.write(bytes.span)
        if isDurable { try descriptor.sync() }
      }
    } catch {
      try? Self.cut(descriptor, to: byteCount)  // a line appended to a partial one would be lost with it
      throw error
    }
    byteCount += bytes.count
  }

  private static func cut(_ file: borrowing Descriptor, to byteCount: Int) throws(Errno) {
    if try file.status().size > byteCount { try file.truncate(to: byteCount) }
  }

  /// The offset after the last newline, searched from the end of the file.
  private static func wholeByteCount(_ descriptor: borrowing Descriptor) throws(Errno) -> Int {
    var end = Int(try descriptor.status().size)
    while end > 0 {
      let begin = max(0, end - blockByteCount)
      let block = try descriptor.read(at: begin, count: end - begin)
      // A file that shrank meanwhile has another writer, in spite of the lock.
      guard block.count == end - begin else { throw .ioError }
      if let newline = block.lastIndex(of: UInt8(ascii: "\n")) { return begin + newline + 1 }
      end = begin
    }
    return 0
  }
}

internal import Glibc
package import SystemPackage

/// A file of lines to which one process at a time appends whole ones. Each is on the disk when `append` returns.
///
/// A partial last line is what a killed process, a full disk or a power cut has left: it is cut off when the file is
/// opened. Nothing is cut off unless all of the end of the file could be read.
package struct AppendOnlyFile: ~Copyable {
  private let path: FilePath
  private let descriptor: Descriptor
  /// Bytes of whole lines; the file ends there.
  package private(set) var byteCount: Int

  private static let blockByteCount = 65_536

  /// Opens the file or makes it.
  /// - Throws: with the cause `.locked` where another process has it open.
  package init(_ path: FilePath, in folder: Folder = .working) throws(FileError) {
    let file = try FileError.at(path, .open) { () throws(Errno) in
      try Descriptor(path, in: folder, O_RDWR | O_CREAT | O_APPEND)
    }
    let isLocked = try FileError.at(path, .lock) { () throws(Errno) in try file.lock(LOCK_EX | LOCK_NB) }
    guard isLocked else { throw FileError(.lock, path, .locked) }
    let byteCount = try FileError.at(path, .read) { () throws(Errno) in try Self.wholeByteCount(file) }
    (self.path, self.byteCount) = (path, byteCount)
    descriptor = file
    try cut()
  }

  /// Appends a line, in one call, so that a reader finds whole lines. After an error the file is as before.
  package mutating func append(_ line: String) throws(FileError) {
    let bytes = Array("\(line)\n".utf8)
    do throws(FileError) {
      try FileError.at(path, .write) { () throws(Errno) in
        try descriptor.write(bytes.span)
        try descriptor.sync()
      }
    } catch {
      try? cut()  // a line after a partial one would be lost with it
      throw error
    }
    byteCount += bytes.count
  }

  private func cut() throws(FileError) {
    try FileError.at(path, .write) { () throws(Errno) in
      if try descriptor.status().size > byteCount { try descriptor.truncate(to: byteCount) }
    }
  }

  /// Where the last end of a line is, looked for from the end of the file.
  private static func wholeByteCount(_ descriptor: borrowing Descriptor) throws(Errno) -> Int {
    var end = Int(try descriptor.status().size)
    while end > 0 {
      let begin = max(0, end - blockByteCount)
      let block = try descriptor.read(at: begin, count: end - begin)
      // A file that got shorter meanwhile has another writer, in spite of the lock.
      guard block.count == end - begin else { throw .ioError }
      if let newline = block.lastIndex(of: UInt8(ascii: "\n")) { return begin + newline + 1 }
      end = begin
    }
    return 0
  }
}

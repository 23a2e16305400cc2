internal import Glibc
package import SystemPackage

/// Reads files, which somebody else wrote and may be writing still.
package enum File {
  /// The whole of a regular file of at most `limit` bytes. A file that shrinks meanwhile gives what was there. Never
  /// waits: a FIFO is refused.
  package static func read(
    _ path: FilePath, in folder: Folder = .working, limit: Int = .max
  ) throws(FileError) -> [UInt8] {
    let file = try openRegular(path, folder)
    guard file.byteCount <= limit else {
      throw FileError(.read, path, .tooLarge(byteCount: file.byteCount, limit: limit))
    }
    return try FileError.at(path, .read) { () throws(Errno) in try file.descriptor.read(count: file.byteCount) }
  }

  /// The first bytes of a regular file, at most `count`.
  package static func head(
    _ path: FilePath, in folder: Folder = .working, count: Int
  ) throws(FileError) -> [UInt8] {
    let file = try openRegular(path, folder)
    return try FileError.at(path, .read) { () throws(Errno) in try file.descriptor.read(count: count) }
  }

  /// All that can be read at `path`: a file, one that the kernel makes up while it is read, or a pipe, which is waited for.
  package static func readToEnd(_ path: FilePath, limit: Int = .max - 1) throws(FileError) -> [UInt8] {
    let file = try FileError.at(path, .open) { () throws(Errno) in try Descriptor(path, in: .working, O_RDONLY) }
    let bytes = try FileError.at(path, .read) { () throws(Errno) in try file.readToEnd(limit: limit) }
    guard bytes.count <= limit else { throw FileError(.read, path, .tooLarge(byteCount: bytes.count, limit: limit)) }
    return bytes
  }

  /// The text of a regular file; `nil` where there is none. Any other reason why it cannot be read is an error.
  package static func text(_ path: FilePath, in folder: Folder = .working) throws(FileError) -> String? {
    do throws(FileError) {
      return String(decoding: try read(path, in: folder), as: UTF8.self)
    } catch {
      if error.errno == .noSuchFileOrDirectory { return nil }
      throw error
    }
  }

  private static func openRegular(
    _ path: FilePath, _ folder: Folder
  ) throws(FileError) -> RegularFile {
    // Without O_NONBLOCK a FIFO would be waited for until somebody writes to it.
    let file = try FileError.at(path, .open) { () throws(Errno) in
      try Descriptor(path, in: folder, O_RDONLY | O_NONBLOCK)
    }
    let status = try FileError.at(path, .read) { () throws(Errno) in try file.status() }
    guard status.type == .regular else { throw FileError(.open, path, .notRegular) }
    return RegularFile(descriptor: file, byteCount: Int(status.size))
  }
}

private struct RegularFile: ~Copyable {
  let descriptor: Descriptor
  let byteCount: Int
}

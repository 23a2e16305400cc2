internal import Glibc
package import SystemPackage

/// Reads files that other programs wrote and may still be writing.
package enum File {
  /// Reads a regular file of at most `limit` bytes. A file that shrinks meanwhile gives what was there. Never blocks: a
  /// FIFO is refused.
  /// - Parameter stamp: what the file must still have; `nil`: anything.
  package static func read(
    _ path: FilePath, in folder: Folder = .working, limit: Int = .max, unchangedSince stamp: FileStamp? = nil
  ) throws(FileError) -> [UInt8] {
    let file = try RegularFile(path, in: folder)
    if let stamp, file.stamp != stamp { throw FileError(.read, path, .changed) }
    guard file.byteCount <= limit else {
      throw FileError(.read, path, .tooLarge(byteCount: file.byteCount, limit: limit))
    }
    return try FileError.at(path, .read) { () throws(Errno) in try file.descriptor.read(count: file.byteCount) }
  }

  /// Reads the first bytes of a regular file, at most `count`.
  package static func head(
    _ path: FilePath, in folder: Folder = .working, count: Int
  ) throws(FileError) -> [UInt8] {
    let file = try RegularFile(path, in: folder)
    return try FileError.at(path, .read) { () throws(Errno) in try file.descriptor.read(count: count) }
  }

  /// Reads to the end of a file, a file in /proc, or a pipe, for which it waits.
  package static func readToEnd(_ path: FilePath, limit: Int = .max - 1) throws(FileError) -> [UInt8] {
    let file = try FileError.at(path, .open) { () throws(Errno) in try Descriptor(path, in: .working, O_RDONLY) }
    let bytes = try FileError.at(path, .read) { () throws(Errno) in try file.readToEnd(limit: limit) }
    guard bytes.count <= limit else { throw FileError(.read, path, .tooLarge(byteCount: bytes.count, limit: limit)) }
    return bytes
  }

  /// The text of a regular file; `nil` if it does not exist. Any other reason why it cannot be read is an error.
  package static func text(_ path: FilePath, in folder: Folder = .working) throws(FileError) -> String? {
    do throws(FileError) {
      return String(decoding: try read(path, in: folder), as: UTF8.self)
    } catch {
      if error.errno == .noSuchFileOrDirectory { return nil }
      throw error
    }
  }
}

/// The page cache, for measurements that must find it cold. Only pages that are on the disk already can be dropped.
extension File {
  private static let dropPath = FilePath("/proc/sys/vm/drop_caches")

  /// Drops a file. One that cannot be opened stays.
  package static func dropFromCache(_ path: FilePath, in folder: Folder = .working) {
    // Without O_NONBLOCK, opening a FIFO waits until another process writes to it.
    guard let file = try? Descriptor(path, in: folder, O_RDONLY | O_NONBLOCK) else { return }
    file.dropFromCache()
  }

  /// Whether this user may drop everything.
  package static var mayDropAllFromCache: Bool {
    unsafe dropPath.withPlatformString { unsafe access($0, W_OK) } == 0
  }

  /// Drops everything, if that is permitted.
  package static func dropAllFromCache() {
    guard let file = try? Descriptor(dropPath, in: .working, O_WRONLY) else { return }
    try? file.write("1".utf8.span)
  }
}

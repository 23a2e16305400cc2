internal import Glibc
package import SystemPackage

/// A file that is read piece by piece, because it may be larger than the memory.
package struct RegularFile: ~Copyable {
  let descriptor: Descriptor
  /// As it was opened.
  package let stamp: FileStamp
  let path: FilePath

  /// Opens a file. Never blocks: a FIFO is refused.
  package init(_ path: FilePath, in folder: Folder = .working) throws(FileError) {
    // Without O_NONBLOCK, opening a FIFO waits until another process writes to it.
    let file = try FileError.at(path, .open) { () throws(Errno) in
      try Descriptor(path, in: folder, O_RDONLY | O_NONBLOCK)
    }
    let status = try FileError.at(path, .read) { () throws(Errno) in try file.status() }
    guard status.type == .regular else { throw FileError(.open, path, .notRegular) }
    descriptor = file
    (stamp, self.path) = (FileStamp(status), path)
  }

  package var byteCount: Int { stamp.byteCount }

  /// Reads what comes next.
  /// - Returns: how many bytes; 0 at the end.
  package borrowing func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    let (number, path) = (descriptor.number, path)
    return try FileError.at(path, .read) { () throws(Errno) in
      try retrying { unsafe Glibc.read(number, buffer.baseAddress, buffer.count) }
    }
  }

  /// Reads what comes next: `count` bytes, or fewer at the end.
  package borrowing func read(count: Int) throws(FileError) -> [UInt8] {
    do throws(Errno) {
      return try descriptor.read(count: count)
    } catch {
      throw FileError(.read, path, .system(error))
    }
  }
}

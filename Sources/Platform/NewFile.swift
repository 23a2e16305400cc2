internal import Glibc
package import SystemPackage

/// A file that did not exist, written piece by piece at any offsets.
@safe
package struct NewFile: ~Copyable {
  private let descriptor: Descriptor
  private let path: FilePath

  /// Never opens what is there, nor what a link leads to: `.fileExists`.
  package init(_ path: FilePath, in folder: Folder) throws(FileError) {
    let file = try FileError.at(path, .write) { () throws(Errno) in
      try Descriptor(path, in: folder, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
    }
    self.path = path
    descriptor = file
  }

  package borrowing func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    let (number, path) = (descriptor.number, path)
    try FileError.at(path, .write) { () throws(Errno) in
      var sent = 0
      while sent < bytes.count {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[sent...])
        sent += try retrying { unsafe pwrite(number, rest.baseAddress, rest.count, offset + sent) }
      }
    }
  }

  /// Sets the length; what was not written reads as zeros.
  package borrowing func setByteCount(_ byteCount: Int) throws(FileError) {
    do throws(Errno) {
      try descriptor.truncate(to: byteCount)
    } catch {
      throw FileError(.write, path, .system(error))
    }
  }
}

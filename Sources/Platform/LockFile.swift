internal import Glibc
package import SystemPackage

/// A file that one process at a time holds, and whose text says which. The lock lives until every process that has
/// inherited it has ended, so a killed holder does not leave it behind.
package final class LockFile: Sendable {
  private let descriptor: Descriptor

  /// Takes the lock and writes who holds it, without waiting. On a file system without locks nobody is kept out.
  /// - Returns: `nil` if another process holds it.
  package init?(_ path: FilePath, in folder: Folder, holder: String) throws(FileError) {
    let file = try FileError.at(path, .open) { () throws(Errno) in
      try Descriptor(path, in: folder, O_RDWR | O_CREAT)
    }
    guard (try? file.lock(LOCK_EX | LOCK_NB)) ?? true else { return nil }
    try FileError.at(path, .write) { () throws(Errno) in
      try file.truncate(to: 0)
      try file.write(Array(holder.utf8).span)
    }
    descriptor = file
  }
}

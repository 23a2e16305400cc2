internal import Glibc
package import SystemPackage

/// A lock on a folder, shared by many or held exclusively by one. It is held until its owner and every process that has
/// inherited it have closed it, so a dead process cannot leave it behind.
package final class FolderLock: Sendable {
  private let descriptor: Descriptor

  /// Takes the lock exclusively, without waiting. `nil` if others hold it or that cannot be determined, because the
  /// folder is not readable or the file system has no locks on folders, such as NFS.
  package init?(exclusively folder: Folder) {
    guard let file = try? Descriptor(".", in: folder, O_RDONLY | O_DIRECTORY) else { return nil }
    guard (try? file.lock(LOCK_EX | LOCK_NB)) == true else { return nil }
    descriptor = file
  }

  /// Shares the lock; waits for an exclusive holder, which is never for long. Has no effect if the file system has no
  /// locks.
  package init(sharing folder: Folder) throws(FileError) {
    let file = try FileError.at(folder.path, .open) { () throws(Errno) in
      try Descriptor(".", in: folder, O_RDONLY | O_DIRECTORY)
    }
    _ = try? file.lock(LOCK_SH)
    descriptor = file
  }

  /// Waits until everything written to the folder's file system is on the disk.
  package func syncFileSystem(at path: FilePath) throws(FileError) {
    try FileError.at(path, .sync) { () throws(Errno) in try descriptor.syncFileSystem() }
  }
}

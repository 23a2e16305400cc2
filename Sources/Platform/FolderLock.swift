internal import Glibc
package import SystemPackage

/// A lock on a folder: many may share it, and whoever has it for himself knows that he is alone. It holds until it is
/// closed by its owner and by every process that has inherited it, so it cannot be left behind by the dead.
package final class FolderLock: Sendable {
  private let descriptor: Descriptor

  /// Takes the lock for oneself, without waiting; `nil` where others have it, or nobody can tell: where the folder may not
  /// be read, or the file system knows no locks on folders, as NFS.
  package init?(exclusively folder: Folder) {
    guard let file = try? Descriptor(".", in: folder, O_RDONLY | O_DIRECTORY) else { return nil }
    guard (try? file.lock(LOCK_EX | LOCK_NB)) == true else { return nil }
    descriptor = file
  }

  /// Shares the lock with others; waits for one who has it for himself, which is never for long. Without effect where the
  /// file system knows no locks.
  package init(sharing folder: Folder) throws(FileError) {
    let file = try FileError.at(folder.path, .open) { () throws(Errno) in
      try Descriptor(".", in: folder, O_RDONLY | O_DIRECTORY)
    }
    _ = try? file.lock(LOCK_SH)
    descriptor = file
  }

  /// Waits until everything that was written to the file system of the folder is on the disk.
  package func syncFileSystem(at path: FilePath) throws(FileError) {
    try FileError.at(path, .sync) { () throws(Errno) in try descriptor.syncFileSystem() }
  }
}

package import Platform
package import SystemPackage

/// The folder that a run writes to, held open, so that every file of the run comes into the same folder. Processes that
/// are forked inherit it.
///
/// Several runs may write into one folder. Unfinished files carry the token of their run, and every run shares a lock on
/// its folder as long as one of its processes lives: whoever can have the lock for himself knows that the unfinished
/// files he finds are of runs that are dead.
public final class OutputFolder: Sendable {
  /// As the user called it.
  package let path: String
  private let folder: Folder
  private let lock: FolderLock
  /// Whether files that lie there already may be replaced.
  private let mayReplace: Bool
  /// Tells the unfinished files of this run from those of all others.
  private let token = String(UInt64.random(in: .min ... .max), radix: 36)

  /// Opens the folder, makes it if need be. Nothing is checked and nothing removed.
  package convenience init(_ path: String, mayReplace: Bool = false) throws(FileError) {
    let folder = try Folder(making: FilePath(text: path))
    self.init(path, try FolderLock(sharing: folder), folder, mayReplace)
  }

  init(_ path: String, _ lock: FolderLock, _ folder: Folder, _ mayReplace: Bool) {
    (self.path, self.lock, self.folder, self.mayReplace) = (path, lock, folder, mayReplace)
  }

  /// Writes a file, whole or not at all, and makes the folders on the way.
  /// - Parameter task: the only one that writes this file, in one process at a time.
  package func write(_ bytes: borrowing Span<UInt8>, to path: String, task: Int) throws(FileError) {
    let path = FilePath(text: path)
    do throws(FileError) {
      try AtomicFile.write(
        bytes, to: path, in: folder,
        AtomicFile.Options(temporaryName: temporaryName(task), mayReplace: mayReplace))
    } catch {
      let names = error.cause == .nameTaken ? names(beside: path) : []
      if holds(path, bytes, among: names) { return }
      throw folder.isRemoved ? FileError(error.operation, error.path, .folderLost) : error
    }
  }

  /// Whether a file is there as it should be: its worker may have died between the rename and saying so. Where the folder
  /// folds names, another file may answer to this one; so the name is looked for among those that there are.
  package func holds(_ path: FilePath, _ bytes: borrowing Span<UInt8>, among names: [FilePath.Component]) -> Bool {
    guard let name = path.lastComponent, names.contains(name),
      let there = try? File.read(path, in: folder, limit: bytes.count), there.count == bytes.count
    else {
      return false
    }
    for index in bytes.indices where there[index] != bytes[index] { return false }
    return true
  }

  private func names(beside path: FilePath) -> [FilePath.Component] {
    let parent = path.folder.isEmpty ? folder : try? Folder(path.folder, in: folder)
    return (try? parent?.names()) ?? []
  }

  /// Removes what a task has left that did not end.
  /// - Parameter path: of the file that it was to write.
  package func removeUnfinished(_ task: Int, of path: String) {
    try? folder.removeFile(FilePath(text: path).folder.appending(temporaryName(task)))
  }

  /// To be called when all is written: waits until it is on the disk, and makes sure that the path still leads there.
  package func finish() throws(FileError) {
    let name = FilePath(text: path)
    let status = try? Folder.working.status(of: name)
    guard let status, FileIdentity(status) == folder.identity else { throw FileError(.write, name, .folderLost) }
    try lock.syncFileSystem(at: name)
  }

  package func temporaryName(_ task: Int) -> FilePath.Component {
    FilePath.Component("\(AtomicFile.temporaryPrefix)\(token)-\(task)\(AtomicFile.temporarySuffix)") ?? "unreachable"
  }
}

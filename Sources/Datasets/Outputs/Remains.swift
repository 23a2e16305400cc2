package import Platform
internal import SystemPackage

/// Temporary files in folders that a run writes to. Those of live runs are left alone.
package struct Remains {
  private let folders: [FilePath]
  private let root: Folder

  /// Those in a folder and in all below it, records of runs included.
  package init(everywhereIn root: Folder) throws(FileError) {
    var (folders, pending): ([FilePath], [FilePath]) = ([""], [""])
    while let path = pending.popLast() {
      let folder = path.isEmpty ? root : try Folder(path, in: root)
      for name in try folder.names() {
        guard try folder.status(of: name, followsLinks: false).type == .directory else { continue }
        folders.append(path.pushing(name))
        pending.append(path.pushing(name))
      }
    }
    self.init(folders, in: root)
  }

  /// - Parameter folders: relative to `root`.
  init(_ folders: [FilePath], in root: Folder) { (self.folders, self.root) = (folders, root) }

  /// Removes those of dead runs.
  /// - Parameter isForced: also where it cannot be told whether their runs live.
  /// - Returns: how many.
  @discardableResult
  package func remove(isForced: Bool = false) -> Int {
    var count = 0
    for path in folders {
      guard let folder = path.isEmpty ? root : try? Folder(path, in: root) else { continue }
      // Names first, then the lock: a live process that made one of these files has held the lock since before.
      let names = ((try? folder.names()) ?? []).filter(\.isUnfinished)
      guard !names.isEmpty, isForced || isAlone(in: folder) else { continue }
      for name in names { try? folder.removeFile(name) }
      count += names.count
    }
    return count
  }

  /// Whether no run has its output in this folder or any folder above it.
  private func isAlone(in folder: Folder) -> Bool {
    var folder = folder
    while true {
      // A run lists its output folder, so no run of this user has it in a folder that this user may not read.
      guard !folder.isReadable || isFree(folder) else { return false }
      guard let above = try? Folder("..", in: folder), above.identity != folder.identity else { return true }
      folder = above
    }
  }

  /// Tries for about 20 ms, because a run that looks for remains here holds the lock for a moment only.
  private func isFree(_ folder: Folder) -> Bool {
    for _ in 0..<20 {
      if FolderLock(exclusively: folder) != nil { return true }
      Clock.sleep(untilNanoseconds: Clock.nanoseconds + 1_000_000)
    }
    return false
  }
}

extension FilePath {
  /// Whether the name, which is all of it, is that of a temporary file.
  var isUnfinished: Bool {
    guard isHidden else { return false }
    let name = text
    return name.hasPrefix(AtomicFile.temporaryPrefix) && name.hasSuffix(AtomicFile.temporarySuffix)
  }
}

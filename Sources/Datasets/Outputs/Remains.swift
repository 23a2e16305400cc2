internal import Platform
internal import SystemPackage

/// Temporary files in the folders that a run is about to write to. Those of live runs are left alone.
struct Remains {
  private let folders: [FilePath]
  private let root: Folder

  /// - Parameter folders: relative to `root`.
  init(_ folders: [FilePath], in root: Folder) { (self.folders, self.root) = (folders, root) }

  /// Removes those of dead runs.
  func remove() {
    for path in folders {
      guard let folder = path.isEmpty ? root : try? Folder(path, in: root) else { continue }
      // Names first, then the lock: a live process that made one of these files has held the lock since before.
      let names = ((try? folder.names()) ?? []).filter(\.isUnfinished)
      guard !names.isEmpty, isAlone(in: folder) else { continue }
      for name in names { try? folder.removeFile(FilePath(root: nil, [name])) }
    }
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

extension FilePath.Component {
  var isUnfinished: Bool {
    let name = FilePath(root: nil, [self]).text
    return name.hasPrefix(AtomicFile.temporaryPrefix) && name.hasSuffix(AtomicFile.temporarySuffix)
  }
}

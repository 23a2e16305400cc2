internal import Glibc
package import SystemPackage

/// A folder for the time of a command, for this user alone. A killed process leaves it; its name says what it is and
/// which process has made it.
package final class ScratchFolder {
  package let path: FilePath
  package let folder: Folder

  /// - Parameters:
  ///   - purpose: a word of the name.
  ///   - parent: made if missing; `nil`: $TMPDIR, or else /tmp.
  package init(_ purpose: String, in parent: String? = nil) throws(FileError) {
    let parent = FilePath(text: parent ?? Program.environment("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp")
    try Folder.working.makeFolder(parent)
    let number = String(UInt64.random(in: .min ... .max), radix: 36)
    let path = parent.appending("augment-\(purpose)-\(getpid())-\(number)")
    try FileError.at(path, .makeFolder) { () throws(Errno) in
      try retrying { unsafe path.withPlatformString { unsafe mkdir($0, 0o700) } }
    }
    (self.path, folder) = (path, try Folder(path))
  }

  /// Removes it with all that it holds.
  package func remove() { try? Folder.working.removeTree(path) }

  deinit { remove() }
}

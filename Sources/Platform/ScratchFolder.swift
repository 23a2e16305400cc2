internal import Glibc
package import SystemPackage

/// A folder for the time of a command, for this user alone. Its name says what it is and which process has made it. A
/// killed process leaves it; the next scratch folder that is made beside it removes it.
package final class ScratchFolder {
  package let path: FilePath
  package let folder: Folder
  /// Held as long as this process lives or one that it has forked.
  private let lock: FolderLock

  /// - Parameters:
  ///   - purpose: a word of the name.
  ///   - parent: made if missing; `nil`: $TMPDIR, or else /tmp.
  package init(_ purpose: String, in parent: String? = nil) throws(FileError) {
    let parent = FilePath(text: parent ?? Program.environment("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp")
    try Folder.working.makeFolder(parent)
    Self.removeAbandoned(in: parent)
    while true {
      let number = String(UInt64.random(in: .min ... .max), radix: 36)
      let path = parent.appending("\(Self.prefix)\(purpose)-\(getpid())-\(number)\(Self.suffix)")
      try FileError.at(path, .makeFolder) { () throws(Errno) in
        try retrying { unsafe path.withPlatformString { unsafe mkdir($0, 0o700) } }
      }
      guard let (folder, lock) = try Self.held(path) else { continue }
      (self.path, self.folder, self.lock) = (path, folder, lock)
      return
    }
  }

  /// - Returns: `nil` if another process has taken the new folder for abandoned before it was locked.
  private static func held(_ path: FilePath) throws(FileError) -> (Folder, FolderLock)? {
    do throws(FileError) {
      let folder = try Folder(path)
      let lock = try FolderLock(sharing: folder)
      return folder.isRemoved ? nil : (folder, lock)
    } catch {
      guard error.errno == .noSuchFileOrDirectory else { throw error }
      return nil
    }
  }

  private static let prefix = "augment-"
  /// Where many machines share a folder, locks may not tell one of the others.
  private static var suffix: String { ".\(Proc.word("/proc/sys/kernel/hostname") ?? "")" }

  /// Removes folders of this user that killed processes of this machine have left.
  private static func removeAbandoned(in parent: FilePath) {
    guard let parent = try? Folder(parent), let names = try? parent.names() else { return }
    for name in names where name.text.hasPrefix(prefix) && name.text.hasSuffix(suffix) {
      // In /tmp, others could lead elsewhere by a link.
      guard let status = try? parent.status(of: name, followsLinks: false), status.type == .directory,
        status.userID.rawValue == geteuid(), let folder = try? Folder(name, in: parent),
        folder.identity == FileIdentity(status), let lock = FolderLock(exclusively: folder)
      else { continue }
      withExtendedLifetime(lock) { try? parent.removeTree(name) }
    }
  }

  /// Removes it with all that it holds.
  package func remove() { try? Folder.working.removeTree(path) }

  deinit { remove() }
}

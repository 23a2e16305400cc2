internal import CPlatform
internal import Glibc
package import SystemPackage

/// Writes files so that a name never stands for half of one: under another name in the same folder, then renamed.
package enum AtomicFile {
  /// What the names of unfinished files begin and end with.
  package static let (temporaryPrefix, temporarySuffix) = (".augment-", ".tmp")

  /// How a file is written.
  package struct Options: Sendable {
    /// The unfinished file, in the folder of the finished one; `nil`: a name that nobody else has. Whoever gives a name
    /// vouches that what lies there is of an earlier attempt of his own.
    package var temporaryName: FilePath.Component?
    /// Whether the file is on the disk, name and content, when the call returns.
    package var isDurable = false
    /// Whether what lies under the name may be replaced; else it is an error with the cause `.nameTaken`.
    package var mayReplace = true

    package init(temporaryName: FilePath.Component? = nil, isDurable: Bool = false, mayReplace: Bool = true) {
      (self.temporaryName, self.isDurable, self.mayReplace) = (temporaryName, isDurable, mayReplace)
    }
  }

  /// Writes `bytes` to `path`, and makes the folders on the way. After an error nothing is left but folders.
  package static func write(
    _ bytes: borrowing Span<UInt8>, to path: FilePath, in folder: Folder = .working, _ options: Options = Options()
  ) throws(FileError) {
    let temporary = path.folder.appending(options.temporaryName ?? randomName())
    let file = try FileError.at(path, .write) { () throws(Errno) in try create(temporary, in: folder) }
    do throws(FileError) {
      do throws(Errno) {
        try fill(file, bytes, isDurable: options.isDurable)
      } catch {
        throw FileError(.write, path, .system(error))
      }
      try publish(temporary, path, in: folder, mayReplace: options.mayReplace)
    } catch {
      try? folder.removeFile(temporary)
      throw error
    }
    if options.isDurable { try syncFolder(of: path, in: folder) }
  }

  private static func fill(
    _ file: consuming Descriptor, _ bytes: borrowing Span<UInt8>, isDurable: Bool
  ) throws(Errno) {
    try file.write(bytes)
    if isDurable { try file.sync() }
    try file.close()
  }

  /// Writes a text to `path`.
  package static func write(
    _ text: String, to path: FilePath, in folder: Folder = .working, _ options: Options = Options()
  ) throws(FileError) {
    try write(Array(text.utf8).span, to: path, in: folder, options)
  }

  private static func randomName() -> FilePath.Component {
    let number = String(UInt64.random(in: .min ... .max), radix: 36)
    return FilePath.Component("\(temporaryPrefix)\(number)\(temporarySuffix)") ?? "unreachable"
  }

  /// Only a file that is new is written to: what lies under the name may be a link, or a second name of something else.
  private static func create(_ path: FilePath, in folder: Folder) throws(Errno) -> Descriptor {
    do throws(Errno) {
      return try open(path, in: folder)
    } catch {
      switch error {
      case .fileExists: try? folder.removeFile(path)
      case .noSuchFileOrDirectory where !path.folder.isEmpty: try? folder.makeFolder(path.folder)
      default: throw error
      }
    }
    return try open(path, in: folder)
  }

  private static func open(_ path: FilePath, in folder: Folder) throws(Errno) -> Descriptor {
    try Descriptor(path, in: folder, O_WRONLY | O_CREAT | O_EXCL)
  }

  /// Gives a finished file its name.
  private static func publish(
    _ temporary: FilePath, _ path: FilePath, in folder: Folder, mayReplace: Bool
  ) throws(FileError) {
    do throws(Errno) {
      // Both lie in one folder, which may be further away than one path reaches.
      let (folder, temporary) = try folder.near(temporary)
      let target = temporary.folder.appending(path.lastComponent ?? ".")
      if mayReplace {
        unsafe try call(temporary, target) { from, to in unsafe renameat(folder.number, from, folder.number, to) }
      } else {
        try renameNew(temporary, target, in: folder)
      }
    } catch {
      throw FileError(.rename, path, error == .fileExists && !mayReplace ? .nameTaken : .system(error))
    }
  }

  /// Renames where nothing has the name. What a file system cannot do in one step is done in two: first with a second name
  /// for the file, then, where there are no second names, with a look before the rename, between which another process
  /// might come.
  private static func renameNew(_ temporary: FilePath, _ path: FilePath, in folder: Folder) throws(Errno) {
    do throws(Errno) {
      return unsafe try call(temporary, path) { from, to in unsafe cplatform_rename_new(folder.number, from, to) }
    } catch {
      guard [EINVAL, ENOSYS].contains(error.rawValue) else { throw error }
    }
    do throws(Errno) {
      unsafe try call(temporary, path) { from, to in unsafe linkat(folder.number, from, folder.number, to, 0) }
      try? folder.removeFile(temporary)
      return
    } catch {
      guard [EPERM, ENOSYS, EOPNOTSUPP, EMLINK].contains(error.rawValue) else { throw error }
    }
    guard (try? folder.status(of: path, followsLinks: false)) == nil else { throw .fileExists }
    unsafe try call(temporary, path) { from, to in unsafe renameat(folder.number, from, folder.number, to) }
  }

  private static func call(
    _ temporary: FilePath, _ path: FilePath, _ body: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
  ) throws(Errno) {
    try retrying {
      unsafe temporary.withPlatformString { from in unsafe path.withPlatformString { to in unsafe body(from, to) } }
    }
  }

  /// A name is on the disk when its folder is.
  private static func syncFolder(of path: FilePath, in folder: Folder) throws(FileError) {
    let parent = path.folder.isEmpty ? "." : path.folder
    try FileError.at(path, .sync) { () throws(Errno) in
      try Descriptor(parent, in: folder, O_RDONLY | O_DIRECTORY).sync()
    }
  }
}

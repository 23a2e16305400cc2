internal import CPlatform
internal import Glibc
package import SystemPackage

/// Writes files under a temporary name in the same folder and renames them, so that no name stands for a partial file.
package enum AtomicFile {
  /// Prefix and suffix of temporary file names.
  package static let (temporaryPrefix, temporarySuffix) = (".augment-", ".tmp")

  package struct Options: Sendable {
    /// The temporary file, in the folder of the final one; `nil`: a random name. A caller that gives a name guarantees
    /// that an existing file of that name is from its own earlier attempt.
    package var temporaryName: FilePath.Component?
    /// Whether the file is on the disk, name and content, when the call returns.
    package var isDurable = false
    /// Whether an existing file may be replaced; otherwise it is an error with the cause `.nameTaken`.
    package var mayReplace = true

    package init(temporaryName: FilePath.Component? = nil, isDurable: Bool = false, mayReplace: Bool = true) {
      (self.temporaryName, self.isDurable, self.mayReplace) = (temporaryName, isDurable, mayReplace)
    }
  }

  /// Writes `bytes` to `path` and makes missing parent folders. After an error nothing is left but folders.
  package static func write(
    _ bytes: borrowing Span<UInt8>, to path: FilePath, in folder: Folder = .working, _ options: Options = Options()
  ) throws(FileError) {
    let temporary = path.folder.appending(options.temporaryName ?? randomName())
    let file = try FileError.at(path, .write) { () throws(Errno) in try create(temporary, in: folder) }
    do throws(FileError) {
      do throws(Errno) {
        try file.write(bytes)
        try close(file, isDurable: options.isDurable)
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

  /// Writes a file piece by piece, so that none larger than a few pieces need be in memory. As `write` otherwise.
  /// - Parameter body: calls `append` for each piece. If it throws, no file appears.
  package static func write(
    to path: FilePath, in folder: Folder = .working, _ options: Options = Options(),
    _ body: (_ append: ([UInt8]) throws -> Void) throws -> Void
  ) throws {
    let temporary = path.folder.appending(options.temporaryName ?? randomName())
    let file = try FileError.at(path, .write) { () throws(Errno) in try create(temporary, in: folder) }
    do {
      try fill(file, at: path, body)
      do throws(Errno) {
        try close(file, isDurable: options.isDurable)
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
    _ file: borrowing Descriptor, at path: FilePath, _ body: (_ append: ([UInt8]) throws -> Void) throws -> Void
  ) throws {
    // As much as one write moves at full speed.
    let pieceByteCount = 256 << 10
    var piece: [UInt8] = []
    func flush() throws(FileError) {
      do throws(Errno) {
        try file.write(piece.span)
      } catch {
        throw FileError(.write, path, .system(error))
      }
      piece.removeAll(keepingCapacity: true)
    }
    try body { bytes in
      piece += bytes
      if piece.count >= pieceByteCount { try flush() }
    }
    try flush()
  }

  private static func close(_ file: consuming Descriptor, isDurable: Bool) throws(Errno) {
    if isDurable { try file.sync() }
    try file.close()
  }

  package static func write(
    _ text: String, to path: FilePath, in folder: Folder = .working, _ options: Options = Options()
  ) throws(FileError) {
    try write(Array(text.utf8).span, to: path, in: folder, options)
  }

  /// A name for a temporary file that nobody else has.
  package static func randomName() -> FilePath.Component {
    let number = String(UInt64.random(in: .min ... .max), radix: 36)
    return FilePath.Component("\(temporaryPrefix)\(number)\(temporarySuffix)") ?? "unreachable"
  }

  /// Always creates a new file: an existing one may be a link, or have a second name elsewhere.
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

  /// Renames a finished file to its final name.
  private static func publish(
    _ temporary: FilePath, _ path: FilePath, in folder: Folder, mayReplace: Bool
  ) throws(FileError) {
    do throws(Errno) {
      // Both are in one folder, which may be deeper than one path can reach.
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

  /// Renames unless the new name exists. If the file system cannot do that in one step, it takes two: a hard link and a
  /// removal or, without hard links, a check and a rename, between which another process may interfere.
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

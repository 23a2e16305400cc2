internal import Glibc
package import SystemPackage

/// An open folder. What is reached through it stays where it is, whatever happens to the path meanwhile; processes that
/// are forked inherit it.
package final class Folder: Sendable {
  /// How it was called when it was opened.
  package let path: FilePath
  let number: Int32

  /// The folder that the process works in, and the root of absolute paths.
  package static let working = Folder(path: "", number: AT_FDCWD)

  private init(path: FilePath, number: Int32) { (self.path, self.number) = (path, number) }

  /// Opens a folder that exists.
  package convenience init(_ path: FilePath, in folder: Folder = .working) throws(FileError) {
    let number = try FileError.at(path, .open) { () throws(Errno) in
      let (folder, path) = try folder.near(path)
      return try Self.open(path, in: folder.number)
    }
    self.init(path: folder.path.pushing(path), number: number)
  }

  /// Opens a folder, which is made if need be, with those above it.
  package convenience init(making path: FilePath) throws(FileError) {
    try Folder.working.makeFolder(path)
    try self.init(path)
  }

  /// A folder that may be passed through need not be one that may be read: what is listed is opened once more.
  private static func open(_ path: FilePath, in folder: Int32) throws(Errno) -> Int32 {
    let flags = __O_PATH | O_DIRECTORY | O_CLOEXEC
    return try retrying { unsafe path.withPlatformString { unsafe openat(folder, $0, flags) } }
  }

  /// Bytes that the kernel takes as one path, the NUL at the end included.
  private static let pathLimit = 4096

  /// Where to begin, and the path from there: of a path that is longer than the kernel takes, the first part is walked.
  func near(_ path: FilePath) throws(Errno) -> (folder: Folder, path: FilePath) {
    guard path.length >= Self.pathLimit else { return (self, path) }
    let bytes = path.bytes
    guard let slash = bytes.prefix(Self.pathLimit - 1).lastIndex(of: UInt8(ascii: "/")), slash > 0 else {
      throw .fileNameTooLong
    }
    let first = FilePath(bytes: bytes[..<slash])
    let folder = Folder(path: first, number: try Self.open(first, in: number))
    return try folder.near(FilePath(bytes: bytes[(slash + 1)...]))
  }

  /// What tells this folder from every other, by whatever path.
  package var identity: FileIdentity? { (try? FileDescriptor(rawValue: number).stat()).map(FileIdentity.init) }

  /// Whether it was removed: what is written to it has no name any more.
  package var isRemoved: Bool { (try? FileDescriptor(rawValue: number).stat())?.linkCount == 0 }

  /// Whether what lies here may be listed.
  package var isReadable: Bool { unsafe faccessat(number, ".", R_OK, 0) == 0 }

  /// Whether files may be made here.
  package func checkWritable() throws(FileError) {
    try FileError.at(path, .write) { () throws(Errno) in
      try retrying { unsafe faccessat(number, ".", W_OK | X_OK, 0) }
    }
  }

  deinit { if number >= 0 { close(number) } }

  /// What lies there: names as the bytes that they are, in no order, without the folder itself and the one above.
  package func names() throws(FileError) -> [FilePath.Component] {
    // A descriptor of its own, for the stream moves it and closes it.
    let copy = try FileError.at(path, .open) { () throws(Errno) in
      try retrying { unsafe openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    }
    return try FileError.at(path, .list) { () throws(Errno) in
      guard let stream = unsafe fdopendir(copy) else { throw Errno(rawValue: errno) }
      defer { unsafe closedir(stream) }
      var names: [FilePath.Component] = []
      while let name = unsafe try Self.nextName(stream) { names.append(name) }
      return names.filter { $0.kind == .regular }
    }
  }

  private static func nextName(_ stream: OpaquePointer) throws(Errno) -> FilePath.Component? {
    errno = 0  // the end of the folder and an error look the same but for this
    guard let entry = unsafe readdir(stream) else {
      if errno == 0 { return nil }
      throw Errno(rawValue: errno)
    }
    // A name may be longer than the array that C declares for it.
    let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
    let name = unsafe (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self)
    return unsafe FilePath.Component(platformString: name)
  }

  /// What lies at a path, links followed unless they are asked for.
  package func status(of path: FilePath, followsLinks: Bool = true) throws(FileError) -> Stat {
    try FileError.at(path, .open) { () throws(Errno) in
      let (folder, path) = try near(path)
      return try Stat(
        path, relativeTo: FileDescriptor(rawValue: folder.number), flags: followsLinks ? [] : .symlinkNoFollow)
    }
  }

  /// Whether anything lies at a path; a link to nowhere does not.
  package func holds(_ path: FilePath) -> Bool { (try? status(of: path)) != nil }

  /// Makes a folder and those above it, as far as they do not exist.
  package func makeFolder(_ path: FilePath) throws(FileError) {
    do throws(Errno) {
      try make(path)
    } catch {
      throw FileError(.makeFolder, path, .system(error))
    }
  }

  private func make(_ path: FilePath) throws(Errno) {
    do throws(Errno) {
      let (folder, path) = try near(path)
      try retrying { unsafe path.withPlatformString { unsafe mkdirat(folder.number, $0, 0o777) } }
    } catch {
      switch error {
      case .fileExists where (try? status(of: path))?.type == .directory: return
      case .fileExists: throw .notDirectory
      case .noSuchFileOrDirectory where !path.folder.isEmpty && path.folder != path:
        try make(path.folder)
        try make(path)
      default: throw error
      }
    }
  }

  /// Removes a file, or a link; what is gone already is no error.
  package func removeFile(_ path: FilePath) throws(FileError) {
    try FileError.at(path, .remove) { () throws(Errno) in try unlink(path) }
  }

  /// Removes whatever lies at a path, folders with all that is in them; links are not followed.
  package func removeTree(_ path: FilePath) throws(FileError) {
    let isFolder = (try? status(of: path, followsLinks: false))?.type == .directory
    guard isFolder else { return try removeFile(path) }
    let folder = try Folder(path, in: self)
    // More than once: a process that was just killed may have put another file there.
    for attempt in 1... {
      for name in try folder.names() { try folder.removeTree(FilePath(root: nil, [name])) }
      do throws(Errno) {
        return try unlink(path, AT_REMOVEDIR)
      } catch {
        guard error == .directoryNotEmpty, attempt < 100 else { throw FileError(.remove, path, .system(error)) }
      }
    }
  }

  private func unlink(_ path: FilePath, _ flags: Int32 = 0) throws(Errno) {
    do throws(Errno) {
      let (folder, path) = try near(path)
      try retrying { unsafe path.withPlatformString { unsafe unlinkat(folder.number, $0, flags) } }
    } catch {
      if error != .noSuchFileOrDirectory { throw error }
    }
  }
}

/// What tells a file or folder from every other of the machine.
package struct FileIdentity: Hashable, Sendable {
  private let device: DeviceID
  private let inode: Inode

  package init(_ status: Stat) { (device, inode) = (status.deviceID, status.inode) }
}

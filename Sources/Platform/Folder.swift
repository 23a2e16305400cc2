internal import Glibc
package import SystemPackage

/// An open folder. It stays the same whatever happens to its path meanwhile. Forked processes inherit it.
package final class Folder: Sendable {
  /// The path by which it was opened.
  package let path: FilePath
  /// The descriptor, open for path operations alone; AT_FDCWD for the working folder.
  package let number: Int32

  /// The working folder of the process, and the root for absolute paths.
  package static let working = Folder(path: "", number: AT_FDCWD)

  private init(path: FilePath, number: Int32) { (self.path, self.number) = (path, number) }

  /// Opens an existing folder.
  package convenience init(_ path: FilePath, in folder: Folder = .working) throws(FileError) {
    let number = try FileError.at(path, .open) { () throws(Errno) in
      let (folder, path) = try folder.near(path)
      return try Self.open(path, in: folder.number)
    }
    self.init(path: folder.path.pushing(path), number: number)
  }

  /// Opens a folder, making it and those above it if necessary.
  package convenience init(making path: FilePath) throws(FileError) {
    try Folder.working.makeFolder(path)
    try self.init(path)
  }

  /// Opens with O_PATH, because a folder may be searchable but not readable; `names` opens it again to list it.
  private static func open(_ path: FilePath, in folder: Int32) throws(Errno) -> Int32 {
    let flags = __O_PATH | O_DIRECTORY | O_CLOEXEC
    return try retrying { unsafe path.withPlatformString { unsafe openat(folder, $0, flags) } }
  }

  /// The kernel's PATH_MAX: bytes of one path, including the NUL at the end.
  private static let pathLimit = 4096

  /// The folder to begin at, and the path from there. The first part of a path longer than the kernel takes is walked.
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

  /// Identifies this folder, whatever path leads to it.
  package var identity: FileIdentity? { (try? FileDescriptor(rawValue: number).stat()).map(FileIdentity.init) }

  /// Whether it was removed, so that files written to it have no name.
  package var isRemoved: Bool { (try? FileDescriptor(rawValue: number).stat())?.linkCount == 0 }

  /// Whether it may be listed.
  package var isReadable: Bool { unsafe faccessat(number, ".", R_OK, 0) == 0 }

  /// Bytes that this user may still write to its disk; `nil` if the file system does not say.
  package var freeByteCount: Int? {
    var status = statvfs()
    guard unsafe fstatvfs(number, &status) == 0 else { return nil }
    let (count, isOver) = Int(clamping: status.f_bavail).multipliedReportingOverflow(by: Int(status.f_frsize))
    return isOver ? .max : count
  }

  /// Throws unless files may be created here.
  package func checkWritable() throws(FileError) {
    try FileError.at(path, .write) { () throws(Errno) in
      try retrying { unsafe faccessat(number, ".", W_OK | X_OK, 0) }
    }
  }

  deinit { if number >= 0 { close(number) } }

  /// The names in the folder, as raw bytes and unsorted, without `.` and `..`.
  package func names() throws(FileError) -> [FilePath] {
    // A separate descriptor, because the stream moves it and closes it.
    let copy = try FileError.at(path, .open) { () throws(Errno) in
      try retrying { unsafe openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    }
    return try FileError.at(path, .list) { () throws(Errno) in
      guard let stream = unsafe fdopendir(copy) else { throw Errno(rawValue: errno) }
      defer { unsafe closedir(stream) }
      var names: [FilePath] = []
      while let name = unsafe try Self.nextName(stream) {
        if name != "." && name != ".." { names.append(name) }
      }
      return names
    }
  }

  private static func nextName(_ stream: OpaquePointer) throws(Errno) -> FilePath? {
    errno = 0  // only `errno` tells an error from the end of the folder
    guard let entry = unsafe readdir(stream) else {
      if errno == 0 { return nil }
      throw Errno(rawValue: errno)
    }
    // A name may be longer than the array declared in C.
    let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
    let name = unsafe (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self)
    return unsafe FilePath(platformString: name)
  }

  /// The status of what lies at a path. Links are followed by default.
  package func status(of path: FilePath, followsLinks: Bool = true) throws(FileError) -> Stat {
    try FileError.at(path, .open) { () throws(Errno) in
      let (folder, path) = try near(path)
      return try Stat(
        path, relativeTo: FileDescriptor(rawValue: folder.number), flags: followsLinks ? [] : .symlinkNoFollow)
    }
  }

  /// Whether a path exists; a dangling link does not.
  package func holds(_ path: FilePath) -> Bool { (try? status(of: path)) != nil }

  /// Makes a folder and the missing ones above it.
  package func makeFolder(_ path: FilePath) throws(FileError) {
    do throws(Errno) {
      try make(path)
    } catch {
      throw FileError(.makeFolder, path, .system(error))
    }
  }

  /// - Parameter isAboveMade: whether the folder above was there a moment ago. In /proc, for one, a folder that cannot be
  ///   made is reported like one whose parent is missing.
  private func make(_ path: FilePath, isAboveMade: Bool = false) throws(Errno) {
    do throws(Errno) {
      let (folder, path) = try near(path)
      try retrying { unsafe path.withPlatformString { unsafe mkdirat(folder.number, $0, 0o777) } }
    } catch {
      switch error {
      case .fileExists where (try? status(of: path))?.type == .directory: return
      case .fileExists: throw .notDirectory
      case .noSuchFileOrDirectory where !isAboveMade && !path.folder.isEmpty && path.folder != path:
        try make(path.folder)
        try make(path, isAboveMade: true)
      default: throw error
      }
    }
  }

  /// Removes a file or a link; a missing one is not an error.
  package func removeFile(_ path: FilePath) throws(FileError) {
    try FileError.at(path, .remove) { () throws(Errno) in try unlink(path) }
  }

  /// Removes whatever lies at a path, folders with their contents; links are not followed.
  package func removeTree(_ path: FilePath) throws(FileError) {
    let isFolder = (try? status(of: path, followsLinks: false))?.type == .directory
    guard isFolder else { return try removeFile(path) }
    let folder = try Folder(path, in: self)
    // Retried, because a process that was just killed may have put another file there.
    for attempt in 1... {
      for name in try folder.names() { try folder.removeTree(name) }
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

/// Identifies a file or folder on this machine.
package struct FileIdentity: Codable, Hashable, Sendable {
  private let device: DeviceID
  private let inode: Inode

  package init(_ status: Stat) { (device, inode) = (status.deviceID, status.inode) }
}

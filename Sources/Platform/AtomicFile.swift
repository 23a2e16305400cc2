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

    package init(temporaryName: FilePath.Component? = nil, isDurable: Bool = false) {
      (self.temporaryName, self.isDurable) = (temporaryName, isDurable)
    }
  }

  /// Writes `bytes` to `path`, and makes the folders on the way. After an error nothing is left but folders.
  package static func write(
    _ bytes: borrowing Span<UInt8>, to path: FilePath, in folder: Folder = .working, _ options: Options = Options()
  ) throws(FileError) {
    let temporary = path.folder.appending(options.temporaryName ?? randomName())
    let file = try create(temporary, in: folder)
    do throws(FileError) {
      do throws(Errno) {
        try fill(file, bytes, isDurable: options.isDurable)
      } catch {
        throw FileError(.write, path, .system(error))
      }
      try rename(temporary, path, in: folder)
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
  private static func create(_ path: FilePath, in folder: Folder) throws(FileError) -> Descriptor {
    do throws(Errno) {
      do throws(Errno) {
        return try open(path, in: folder)
      } catch {
        switch error {
        case .fileExists: try? folder.removeFile(path)
        case .noSuchFileOrDirectory where !path.folder.isEmpty:
          try? folder.makeFolder(path.folder)
        default: throw error
        }
      }
      return try open(path, in: folder)
    } catch {
      throw FileError(.write, path, .system(error))
    }
  }

  private static func open(_ path: FilePath, in folder: Folder) throws(Errno) -> Descriptor {
    try Descriptor(path, in: folder, O_WRONLY | O_CREAT | O_EXCL)
  }

  private static func rename(_ temporary: FilePath, _ path: FilePath, in folder: Folder) throws(FileError) {
    try FileError.at(path, .rename) { () throws(Errno) in
      try retrying {
        unsafe temporary.withPlatformString { from in
          unsafe path.withPlatformString { to in unsafe renameat(folder.number, from, folder.number, to) }
        }
      }
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

package import Platform
package import SystemPackage

/// The folder that a run writes to. Held open, so that every file of the run goes into the same folder. Forked
/// processes inherit it.
///
/// Several runs may write into one folder. Temporary files carry the token of their run, and every run holds a shared
/// lock on its folder as long as one of its processes lives. So a process that gets the exclusive lock knows that the
/// temporary files it finds belong to dead runs.
package final class OutputFolder: Sendable {
  /// As the user gave it.
  package let path: String
  package let folder: Folder
  private let lock: FolderLock
  /// Whether existing files may be replaced.
  private let mayReplace: Bool
  package let durability: Durability
  /// Distinguishes the temporary files of this run from those of all others.
  private let token: String

  /// Opens the folder, making it if necessary. Checks and removes nothing.
  package convenience init(
    _ path: String, mayReplace: Bool = false, _ durability: Durability = .none
  ) throws(FileError) {
    let folder = try Folder(making: FilePath(text: path))
    self.init(path, try FolderLock(sharing: folder), folder, mayReplace, durability)
  }

  init(
    _ path: String, _ lock: FolderLock, _ folder: Folder, _ mayReplace: Bool, _ durability: Durability,
    token: String = String(UInt64.random(in: .min ... .max), radix: 36)
  ) {
    (self.path, self.lock, self.folder, self.mayReplace) = (path, lock, folder, mayReplace)
    (self.durability, self.token) = (durability, token)
  }

  /// The same folder for a run that goes on with what another has left, and may replace it.
  package var replacing: OutputFolder {
    OutputFolder(path, lock, folder, true, durability, token: token)
  }

  /// Writes a file atomically and makes missing parent folders.
  /// - Parameter task: the only one that writes this file, in one process at a time.
  package func write(_ bytes: borrowing Span<UInt8>, to path: String, task: Int) throws(FileError) {
    let path = FilePath(text: path)
    do throws(FileError) {
      try AtomicFile.write(
        bytes, to: path, in: folder,
        AtomicFile.Options(
          temporaryName: temporaryName(task), isDurable: durability == .file, mayReplace: mayReplace))
    } catch {
      let names = error.cause == .nameTaken ? names(beside: path) : []
      if holds(path, bytes, among: names) { return }
      throw folder.isRemoved ? FileError(error.operation, error.path, .folderLost) : error
    }
  }

  /// Whether the file is there with the right content: its worker may have died between the rename and the report. If
  /// the file system folds case, another file may answer to this name; so the name must also be among `names`.
  package func holds(_ path: FilePath, _ bytes: borrowing Span<UInt8>, among names: [FilePath]) -> Bool {
    guard let name = path.lastComponent, names.contains(FilePath(root: nil, [name])),
      let there = try? File.read(path, in: folder, limit: bytes.count), there.count == bytes.count
    else {
      return false
    }
    for index in bytes.indices where there[index] != bytes[index] { return false }
    return true
  }

  private func names(beside path: FilePath) -> [FilePath] {
    let parent = path.folder.isEmpty ? folder : try? Folder(path.folder, in: folder)
    return (try? parent?.names()) ?? []
  }

  /// Writes a file of the whole set piece by piece, atomically, and makes missing parent folders.
  package func write(_ path: String, _ body: (_ append: ([UInt8]) throws -> Void) throws -> Void) throws {
    do {
      try AtomicFile.write(
        to: FilePath(text: path), in: folder,
        AtomicFile.Options(isDurable: durability == .file, mayReplace: mayReplace), body)
    } catch let error as FileError {
      throw folder.isRemoved ? FileError(error.operation, error.path, .folderLost) : error
    }
  }

  /// A file without a name on the disk of this folder.
  package func makeScratchFile() throws(FileError) -> ScratchFile { try ScratchFile(in: folder) }

  /// Removes a file that this run has written.
  package func withdraw(_ path: String) { try? folder.removeFile(FilePath(text: path)) }

  /// Removes the temporary file of a task that did not finish.
  /// - Parameter path: the file that the task was to write.
  package func removeUnfinished(_ task: Int, of path: String) {
    try? folder.removeFile(FilePath(text: path).folder.appending(temporaryName(task)))
  }

  /// Call when everything is written: checks that the path still leads to this folder, and waits until everything is on
  /// the disk, unless nobody wants to know.
  package func finish() throws(FileError) {
    let name = FilePath(text: path)
    let status = try? Folder.working.status(of: name)
    guard let status, FileIdentity(status) == folder.identity else { throw FileError(.write, name, .folderLost) }
    if durability != .none { try sync() }
  }

  /// Waits until everything that was written is on the disk.
  package func sync() throws(FileError) { try lock.syncFileSystem(at: FilePath(text: path)) }

  /// Opens a folder in this one, making it if necessary.
  func subfolder(making name: FilePath) throws(FileError) -> Folder {
    try folder.makeFolder(name)
    return try Folder(name, in: folder)
  }

  /// Size of a file; `nil` if there is none.
  package func byteCount(of path: String) -> Int? {
    guard let status = try? folder.status(of: FilePath(text: path)), status.type == .regular else { return nil }
    return Int(status.size)
  }

  /// Size and hash of a file; `nil` if it cannot be read.
  package func record(of path: String) -> FileRecord? {
    try? FileRecord(path, in: folder)
  }

  /// What a file holds; `nil` if it cannot be read.
  package func contents(of path: String) -> [UInt8]? { try? File.read(FilePath(text: path), in: folder) }

  /// The folders that folders of the output lead to which are links: absolute paths.
  /// - Parameter folders: relative.
  package func linkTargets(of folders: Set<String>) -> [String] {
    var known: Set<FilePath> = []
    var targets = LinkTargets()
    for name in folders {
      var path = FilePath(text: name)
      while !path.isEmpty, known.insert(path).inserted {
        targets.add(ifLink: path, in: folder, isFolder: true)
        path = path.folder
      }
    }
    return targets.folders.sorted()
  }

  package func temporaryName(_ task: Int) -> FilePath.Component {
    FilePath.Component("\(AtomicFile.temporaryPrefix)\(token)-\(task)\(AtomicFile.temporarySuffix)") ?? "unreachable"
  }
}

extension OutputFolder: LabelSink {}

extension OutputFolder {
  /// The folder as a process that does not inherit it opens it for the same run.
  package struct Place: Codable, Sendable {
    fileprivate let folder: FolderPlace
    fileprivate let mayReplace: Bool
    fileprivate let durability: Durability
    fileprivate let token: String
  }

  package var place: Place {
    Place(folder: FolderPlace(path, of: folder), mayReplace: mayReplace, durability: durability, token: token)
  }

  package convenience init(_ place: Place) throws(FileError) {
    let folder = try place.folder.open()
    let lock = try FolderLock(sharing: folder)
    self.init(place.folder.path, lock, folder, place.mayReplace, place.durability, token: place.token)
  }
}

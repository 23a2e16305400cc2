package import Platform
internal import SystemPackage

extension OutputFolder {
  /// Why a run may not write to a folder.
  package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    case noName
    case unusable(FileError)
    case isInput(output: String)
    case overlapsInput(input: String, output: String)
    /// A folder of the mirrored tree is a link into the input.
    case leadsIntoInput(folder: String)
    case notEmpty(output: String)

    /// One sentence.
    package var description: String {
      switch self {
      case .noName: "the output folder has no name"
      case .unusable(let error): error.description
      case .isInput(let output): "\(output) is the input itself: the input is never written to"
      case .overlapsInput(let input, let output):
        "\(input) and \(output) lie in one another: the input is never written to"
      case .leadsIntoInput(let folder): "\(folder) leads into the input, which is never written to"
      case .notEmpty(let output): "\(output) is not empty"
      }
    }
  }

  /// Opens a folder for a run that reads `input`, unless a check fails: no input file may be overwritten, nor any other
  /// file unless `mayReplace`. With `mayReplace`, temporary files of dead runs are removed.
  /// - Parameter folders: of the tree that the run mirrors, relative; "" for the top.
  /// A folder that holds the record of a run is as good as empty: whether that run may go on is decided by its plan.
  package convenience init(
    _ path: String, for folders: Set<String>, apartFrom input: String, mayReplace: Bool,
    _ durability: Durability = .none
  ) throws(Refusal) {
    guard !path.isEmpty else { throw .noName }
    try Self.check(path, apartFrom: input)
    let (folder, names) = try Self.usable { () throws(FileError) in
      let folder = try Folder(making: FilePath(text: path))
      try folder.checkWritable()
      return (folder, try folder.names())
    }
    let isFree = mayReplace || RunRecord.exists(in: path) || names.allSatisfy(\.isLeftBehind)
    guard isFree else { throw .notEmpty(output: path) }
    if !names.isEmpty {
      let inner = folders.map { FilePath(text: $0) }
      try Self.check(inner, of: FilePath(text: path), apartFrom: FilePath(text: input))
      Remains(inner, in: folder).remove()
    }
    let lock = try Self.usable { () throws(FileError) in try FolderLock(sharing: folder) }
    self.init(path, lock, folder, mayReplace, durability)
  }

  /// Opens a folder that many processes write the same run to, perhaps on many machines. It must be there; temporary files
  /// stay, because their owners may live elsewhere.
  /// - Parameter mayReplace: whether a file of the same name is replaced, because it has the same bytes.
  package convenience init(
    sharing path: String, for folders: Set<String>, apartFrom input: String, mayReplace: Bool = true,
    _ durability: Durability
  ) throws(Refusal) {
    try Self.check(path, apartFrom: input)
    let (folder, lock) = try Self.usable { () throws(FileError) in
      let folder = try Folder(FilePath(text: path))
      try folder.checkWritable()
      return (folder, try FolderLock(sharing: folder))
    }
    try Self.check(folders.map { FilePath(text: $0) }, of: FilePath(text: path), apartFrom: FilePath(text: input))
    self.init(path, lock, folder, mayReplace, durability)
  }

  private static func usable<Value>(_ body: () throws(FileError) -> Value) throws(Refusal) -> Value {
    do throws(FileError) {
      return try body()
    } catch {
      throw .unusable(error)
    }
  }

  private static func check(_ output: String, apartFrom input: String) throws(Refusal) {
    guard let source = FilePath(text: input).resolved else { return }
    let path = FilePath(text: output)
    let target: FilePath
    do throws(Errno) {
      target = try path.resolvedOnceMade()
    } catch {
      throw .unusable(FileError(.open, path, .system(error)))
    }
    if source == target { throw .isInput(output: output) }
    if source.starts(with: target) || target.starts(with: source) {
      throw .overlapsInput(input: input, output: output)
    }
  }

  private static func check(_ folders: [FilePath], of output: FilePath, apartFrom input: FilePath) throws(Refusal) {
    guard let source = input.resolved else { return }
    for folder in folders {
      let path = output.pushing(folder)
      guard let target = try? path.resolvedOnceMade(), target.starts(with: source) else { continue }
      throw .leadsIntoInput(folder: path.text)
    }
  }
}

extension FilePath {
  /// Whether a run that was killed before it had a plan may have left it: temporary files, or a record without a plan.
  fileprivate var isLeftBehind: Bool { isUnfinished || text == RunRecord.folderName }
}

extension FilePath {
  /// The path without links. If it does not exist: what it will be once its folders are made.
  fileprivate func resolvedOnceMade() throws(Errno) -> FilePath {
    do throws(Errno) {
      return try realPath()
    } catch {
      guard error == .noSuchFileOrDirectory, let last = lastComponent, self != "." else { throw error }
      let above = try (folder.isEmpty ? "." : folder).resolvedOnceMade()
      switch last.kind {
      case .currentDirectory: return above
      case .parentDirectory: return above.removingLastComponent()
      case .regular:
        // After a missing folder and `..`, the rest may exist after all.
        let path = above.appending(last)
        return path.resolved ?? path
      }
    }
  }
}

internal import Glibc
internal import Platform
internal import SystemPackage

/// The folder that a run writes to, checked before anything is written.
public struct OutputFolder: Sendable {
  /// Why a run may not write there; one sentence.
  public struct Refusal: Error, CustomStringConvertible, Sendable {
    /// For people.
    public let description: String
  }

  private let path: String

  /// The folder at `path`, which need not exist.
  public init(_ path: String) { self.path = path }

  /// Makes the folder, if nothing speaks against a run that reads `input` and writes here: no file of the input may be
  /// written over, and nothing else unless `mayOverwrite`, with which remains of a killed run are removed.
  public func prepare(folders: Set<String>, input: String, mayOverwrite: Bool) throws(Refusal) {
    guard !path.isEmpty else { throw Refusal(description: "the output folder has no name") }
    try checkApart(from: input)
    do throws(FileError) {
      try Folder.working.makeFolder(FilePath(path))
    } catch {
      throw Refusal(description: "\(path): \(error.reason)")
    }
    guard unsafe access(path, W_OK | X_OK) == 0 else {
      throw Refusal(description: "\(path): cannot write: \(Errno(rawValue: errno))")
    }
    let entries = try list(path)
    guard entries.isEmpty || mayOverwrite else {
      throw Refusal(
        description:
          "\(path) is not empty: name another folder, or give --overwrite to write over files of the same name")
    }
    if !entries.isEmpty { for folder in folders { try prepareSubfolder(folder, input) } }
  }

  private func checkApart(from input: String) throws(Refusal) {
    guard let source = Self.resolved(input) else { return }
    guard let target = Self.resolved(path) else {
      throw Refusal(description: "\(path): cannot open: \(Errno(rawValue: errno))")
    }
    guard !Self.contains(source, target) && !Self.contains(target, source) else {
      throw Refusal(
        description: source == target
          ? "\(path) is the input itself: the input is never written to"
          : "\(input) and \(path) lie in one another: the input is never written to")
    }
  }

  /// A folder of the mirrored tree may be a link that leads back into the input.
  private func prepareSubfolder(_ folder: String, _ input: String) throws(Refusal) {
    let full = folder.isEmpty ? path : "\(path)/\(folder)"
    guard let target = Self.resolved(full), let source = Self.resolved(input) else { return }
    guard !Self.contains(source, target) else {
      throw Refusal(description: "\(full) leads into the input, which is never written to")
    }
    guard unsafe access(full, F_OK) == 0 else { return }
    for name in try list(full)
    where name.hasPrefix(AtomicFile.temporaryPrefix) && name.hasSuffix(AtomicFile.temporarySuffix) {
      try? Folder.working.removeFile(FilePath("\(full)/\(name)"))
    }
  }

  private func list(_ folder: String) throws(Refusal) -> [String] {
    do throws(FileError) {
      return try FolderListing.entries(of: folder).map { String(decoding: $0, as: UTF8.self) }
    } catch {
      throw Refusal(description: "\(folder): \(error.reason)")
    }
  }

  /// Whether `inner` is `outer` or lies in it.
  private static func contains(_ outer: String, _ inner: String) -> Bool {
    inner == outer || inner.hasPrefix(outer == "/" ? "/" : "\(outer)/")
  }

  /// The path without links; of one that does not exist, what it will be once its folders are made.
  private static func resolved(_ path: String) -> String? {
    if let existing = existing(path) { return existing }
    guard errno == ENOENT else { return nil }
    guard let folder = resolved(path.parentPath ?? (path.hasPrefix("/") ? "/" : ".")) else { return nil }
    switch path.lastPathComponent {
    case "", ".": return folder
    case "..": return folder.parentPath ?? "/"
    case let name:
      // Behind a folder that is missing and `..`, what follows may exist after all.
      let joined = folder == "/" ? "/\(name)" : "\(folder)/\(name)"
      return existing(joined) ?? joined
    }
  }

  private static func existing(_ path: String) -> String? {
    guard let memory = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(memory) }
    return unsafe String(cString: memory)
  }
}

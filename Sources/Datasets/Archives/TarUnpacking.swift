package import Platform
internal import SystemPackage

/// What a tar held. Of numbers and bytes alone, because it comes from a process that has read what strangers wrote.
package struct TarContents: Codable, Sendable {
  /// Regular files under different names.
  package var fileCount = 0
  /// Files whose name came again.
  package var replacedCount = 0
  /// Entries that are neither regular files nor folders.
  package var otherCount = 0
  /// The first of these, as text.
  package var replacedExample: [UInt8] = []
  package var otherExample: [UInt8] = []

  package init() {}
}

extension TarContents {
  /// What a user should know, as sentences.
  package var remarks: [String] {
    var remarks: [String] = []
    if replacedCount > 0 {
      remarks.append(
        "\(replacedCount) of its names came again, and the last file counts (\(text(replacedExample)), for example)")
    }
    if otherCount > 0 {
      remarks.append(
        "left out \(otherCount) of its entries: links, devices and the like (\(text(otherExample)), for example)")
    }
    return remarks
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// Unpacks the regular files of a tar into an empty folder that is nobody else's.
///
/// Names come from strangers. None is followed out of the folder, because those with `..` and absolute ones are refused
/// and no link is ever made.
package struct TarUnpacking {
  private let folder: Folder
  private var contents = TarContents()
  /// The folder that was made last: most neighbours share theirs.
  private var madeFolder: FilePath = ""

  private init(_ folder: Folder) { self.folder = folder }

  /// Loads what is needed, for this process and those that it forks later.
  package static func load() throws(TarError) { try TarReader.load() }

  package static func unpack(_ tar: ByteStream, into folder: Folder) throws(TarError) -> TarContents {
    var unpacking = TarUnpacking(folder)
    var reader = try TarReader(tar)
    while let entry = try reader.next() {
      switch entry.kind {
      case .file: try unpacking.write(entry, from: &reader)
      case .folder: break  // made when a file needs it
      case .other:
        if unpacking.contents.otherCount == 0 { unpacking.contents.otherExample = Array(entry.path.text.utf8) }
        unpacking.contents.otherCount += 1
      }
    }
    return unpacking.contents
  }

  private mutating func write(_ entry: TarReader.Entry, from reader: inout TarReader) throws(TarError) {
    let path = try Self.inside(entry.path)
    // Before the first byte, so that a name with terabytes behind it costs nothing. A sparse file counts as what it
    // will be read as.
    if let free = folder.freeByteCount, entry.byteCount > free {
      throw .tooLarge(entry: path.text, byteCount: entry.byteCount, free: free)
    }
    let file = try create(path)
    try unsafe reader.forEachPiece { (bytes, offset) throws(TarError) in
      try Self.writing { () throws(FileError) in unsafe try file.write(bytes, at: offset) }
    }
    try Self.writing { () throws(FileError) in try file.setByteCount(entry.byteCount) }
    contents.fileCount += 1
  }

  /// The path without `.`; refuses what leads elsewhere, or is no name at all.
  private static func inside(_ path: FilePath) throws(TarError) -> FilePath {
    let names = path.components.filter { $0.kind != .currentDirectory }
    guard path.root == nil, !names.isEmpty, names.allSatisfy({ $0.kind == .regular }) else {
      throw .outside(entry: path.isEmpty ? "an entry without a name" : path.text)
    }
    return FilePath(root: nil, names)
  }

  /// Makes the file, in place of one of the same name.
  private mutating func create(_ path: FilePath) throws(TarError) -> NewFile {
    do throws(FileError) {
      if path.folder != madeFolder {
        if !path.folder.isEmpty { try folder.makeFolder(path.folder) }
        madeFolder = path.folder
      }
      do throws(FileError) {
        return try NewFile(path, in: folder)
      } catch {
        guard error.errno == .fileExists else { throw error }
      }
      try folder.removeFile(path)
      let file = try NewFile(path, in: folder)
      if contents.replacedCount == 0 { contents.replacedExample = Array(path.text.utf8) }
      (contents.replacedCount, contents.fileCount) = (contents.replacedCount + 1, contents.fileCount - 1)
      return file
    } catch {
      switch error.errno {
      case .notDirectory?, .isDirectory?: throw .fileAndFolder(entry: path.text)
      default: throw .unwritable(error)
      }
    }
  }

  private static func writing(_ body: () throws(FileError) -> Void) throws(TarError) {
    do throws(FileError) {
      try body()
    } catch {
      throw .unwritable(error)
    }
  }
}

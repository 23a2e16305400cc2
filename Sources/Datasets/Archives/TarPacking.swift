package import Platform
internal import SystemPackage

/// Packs what a run has written to a folder into a tar, sorted by the bytes of the names, without the record of the run.
/// The files of one WebDataset sample, which share a name up to its first dot, so lie side by side.
package struct TarPacking {
  private let folder: Folder
  private let paths: [FilePath]

  /// Finds the files.
  package init(_ folder: Folder) throws(FileError) {
    self.folder = folder
    var (paths, pending): ([FilePath], [FilePath]) = ([], [""])
    while let inner = pending.popLast() {
      let open = inner.isEmpty ? folder : try Folder(inner, in: folder)
      for name in try open.names() where !name.isUnfinished {
        let path = inner.pushing(name)
        if path.text == RunRecord.folderName { continue }
        switch try open.status(of: name, followsLinks: false).type {
        case .directory: pending.append(path)
        case .regular: paths.append(path)
        default: throw FileError(.read, path, .notRegular)
        }
      }
    }
    self.paths = paths.sorted { $0.precedes($1) }
  }

  /// Takes some of the files that a run has written.
  init(_ files: [FileRecord], in output: OutputFolder) {
    (folder, paths) = (output.folder, files.map { FilePath(text: $0.path) }.sorted { $0.precedes($1) })
  }

  /// Packs the files, and removes them.
  /// - Returns: the tar; `nil` if there are no files, and so no tar.
  func move(to path: String, in output: OutputFolder) throws -> FileRecord? {
    guard !paths.isEmpty else { return nil }
    try output.write(path, write)
    for path in paths { try folder.removeFile(path) }
    return try FileRecord(path, in: output.folder)
  }

  /// Writes the tar, piece by piece.
  package func write(_ append: ([UInt8]) throws -> Void) throws {
    var byteCount = 0
    func put(_ bytes: [UInt8]) throws {
      byteCount += bytes.count
      try append(bytes)
    }
    for path in paths {
      let file = try RegularFile(path, in: folder)
      try put(TarHeader.blocks(path: path.bytes, byteCount: file.byteCount))
      var left = file.byteCount
      while left > 0 {
        let piece = try file.read(count: min(left, 1 << 20))
        // The header is written, so a file that became shorter cannot be put right.
        guard !piece.isEmpty else { throw FileError(.read, path, .changed) }
        try put(piece)
        left -= piece.count
      }
      try put(TarHeader.padding(after: file.byteCount))
    }
    try put(TarHeader.end(after: byteCount))
  }
}

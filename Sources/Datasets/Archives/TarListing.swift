package import Platform
internal import SystemPackage

/// The tars of a folder, sorted by the bytes of their paths. There are few beside the images in them, so all are kept.
package struct TarListing: Sendable {
  package private(set) var tars: [InputTar] = []
  /// What is named like a tar and cannot be looked at.
  package private(set) var problems: [FileProblem] = []
  /// How many files are not named like a tar.
  package private(set) var otherCount = 0

  /// Looks through a folder and those below it. Hidden entries and links to folders are passed over.
  /// - Throws: `Plan.Collision`, or a `FileError`.
  package init(_ folder: Folder) throws {
    var pending: [FilePath] = [""]
    while let inner = pending.popLast() {
      let open = inner.isEmpty ? folder : try Folder(inner, in: folder)
      for name in try open.names() where !name.isHidden {
        let path = inner.pushing(name)
        if try open.status(of: name, followsLinks: false).type == .directory {
          pending.append(path)
        } else if InputTar(path: path.text) != nil {
          look(at: name, in: open, path.text)
        } else {
          otherCount += 1
        }
      }
    }
    tars.sort { $0.path.precedes($1.path) }
    problems.sort { $0.path.precedes($1.path) }
    try checkNames()
  }

  /// Those of a list.
  /// - Throws: `Plan.Collision`, `ImageList.Invalid`, or a `FileError`.
  package init(_ list: ImageList) throws {
    tars = try list.tars()
    try checkNames()
  }

  private mutating func look(at name: FilePath, in folder: Folder, _ path: String) {
    do throws(FileError) {
      let status = try folder.status(of: name)
      guard status.type == .regular else { throw FileError(.open, name, .notRegular) }
      if let tar = InputTar(path: path, stamp: FileStamp(status)) { tars.append(tar) }
    } catch {
      problems.append(FileProblem(path: path, reason: error.reason))
    }
  }

  /// Refuses two tars of which one would come, and one that would be a folder of another.
  private func checkNames() throws(Plan.Collision) {
    var (folders, owners): ([[UInt8]: Int], [[UInt8]: Int]) = ([:], [:])  // by bytes: two encodings of é are two names
    for (index, tar) in tars.enumerated() {
      var folder = tar.output.parentPath
      while let path = folder, folders.updateValue(index, forKey: Array(path.utf8)) == nil { folder = path.parentPath }
    }
    for (index, tar) in tars.enumerated() {
      let key = Array(tar.output.utf8)
      guard let other = folders[key] ?? owners.updateValue(index, forKey: key) else { continue }
      throw Plan.Collision(first: tars[other].path, second: tar.path, output: tar.output)
    }
  }
}

extension [InputTar] {
  /// Folders of the tree that is written, relative; "" for the top.
  package var outputFolders: Set<String> { Set<String>(map { $0.output.parentPath ?? "" }) }
}

extension PlanFile {
  /// The plan of a run on tars, each of which becomes one.
  /// - Parameter input: the folder that they are in, without links.
  package init(
    _ what: What, on listing: TarListing, input: String, others: [String: ContentHash], program: String,
    shardCount: Int
  ) throws {
    var segments: [ListingSegment] = []
    ListingSegment.forEach(of: listing.tars) { segments.append($0.segment) }
    try self.init(
      what, segments, outputCount: listing.tars.count, input: input, others: others, program: program,
      shardCount: shardCount, problems: listing.problems, tars: .ofTar)
  }

  package func write(to record: RunRecord, _ listing: TarListing, isDurable: Bool) throws {
    try write(to: record, listing.tars, isDurable: isDurable)
  }

  /// The tars of a part of the listing.
  package func tars(in record: Folder, _ part: Range<Int>) throws -> [InputTar] { try files(in: record, part) }
}

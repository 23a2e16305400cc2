package import Platform
internal import SystemPackage

/// A run as its record tells, for commands that look at it: the last line about each output, of the manifest or of those
/// of its shards.
package struct RecordedRun<What: Codable & Sendable>: Sendable {
  package let plan: PlanFile<What>
  /// Files of the whole set, once they are there.
  package private(set) var setFiles: [FileRecord] = []
  /// Whether a run has come to its end.
  package private(set) var isFinished = false
  /// The shards that are looked at, at first all; `nil`: it is one run.
  package var shards: ShardRange?
  /// The process that worked on the run last.
  package private(set) var lastHolder: RunHolder?
  package let output: Folder
  package let record: Folder

  /// Reads the plan, and what the manifest says about the run as a whole.
  /// - Parameter output: the folder that the run writes to.
  package init(in output: String) throws {
    self.output = try Folder(FilePath(text: output))
    record = try RunRecord.folder(of: output)
    plan = try PlanFile(in: record)
    shards = plan.shardCount.flatMap { ShardRange(all: $0) }
    guard shards == nil else {
      let index = ShardIndex(of: plan.hash, in: record)
      (setFiles, isFinished) = (index?.setFiles ?? [], index != nil)
      return
    }
    try forEachLine { line in
      switch ManifestEvent(line) {
      case .begun(let holder, _): (lastHolder, isFinished) = (holder, false)
      case .finished(let files): (setFiles, isFinished) = (files, true)
      case .synced, nil: break
      }
    } entry: { _ in
    }
  }

  /// How many outputs are made, have failed, and are left out.
  package func outcomeCounts() throws -> (made: Int, failed: Int, leftOut: Int) {
    var last: [Int: UInt8] = [:]
    try forEachLine { _ in
    } entry: { line in
      if let head = ManifestHead(line) { last[head.id] = head.status.utf8.first }
    }
    func count(_ status: StaticString) -> Int { last.values.count { unsafe $0 == status.utf8Start.pointee } }
    return (count("made"), count("failed"), count("left out"))
  }

  /// Calls `body` for each output that the manifest knows, in the order of the first lines about each; the last counts.
  package func forEachEntry(_ body: (ManifestLine) throws -> Void) throws {
    if let shards { return try forEachEntry(of: shards, body) }
    var last: [Int: Int] = [:]
    var count = 0
    try forEachLine { _ in
    } entry: { line in
      if let head = ManifestHead(line) { last[head.id] = count }
      count += 1
    }
    count = 0
    try forEachLine { _ in
    } entry: { line in
      defer { count += 1 }
      guard let head = ManifestHead(line), last[head.id] == count, let entry = try? ManifestLine(line) else { return }
      try body(entry)
    }
  }

  /// Those of shards that are done.
  private func forEachEntry(of shards: ShardRange, _ body: (ManifestLine) throws -> Void) throws {
    var manifests = ShardManifests(of: plan.hash, in: record)
    for shard in shards.shards { try manifests[shard]?.forEachEntry(body) }
  }

  /// Calls `body` for each file that was written for an image, or for the images of a shard together, with the number of
  /// the shard, 0 in a run without.
  package func forEachFile(_ body: (_ shard: Int, FileRecord) throws -> Void) throws {
    guard let shards else { return try forEachEntry { line in try line.files.forEach { try body(0, $0) } } }
    var manifests = ShardManifests(of: plan.hash, in: record)
    for shard in shards.shards {
      guard let manifest = manifests[shard] else { continue }
      if let tar = manifest.head.tar {
        try body(shard, tar)
      } else {
        try manifest.forEachEntry { line in try line.files.forEach { try body(shard, $0) } }
      }
    }
  }

  /// Paths of the images, or tars, of the shards that are looked at; their URLs.
  package func sources() throws -> [String] {
    let part = shards?.images(of: plan.imageCount) ?? 0..<plan.imageCount
    return try plan.sources(in: record, part)
  }

  private func forEachLine(
    event: (ArraySlice<UInt8>) throws -> Void, entry: (ArraySlice<UInt8>) throws -> Void
  ) throws {
    guard record.holds(RunRecord.manifestName) else { return }
    try LineReader.forEachLine(of: RunRecord.manifestName, in: record) { line, _ in
      try ManifestHead(line) == nil ? event(line) : entry(line)
    }
  }

  /// The process that works on the run now; `nil` if it is known that none does.
  package var holder: RunHolder? { lastHolder.flatMap { isFinished || $0.hasEnded ? nil : $0 } }
}

extension ShardManifest {
  fileprivate func forEachEntry(_ body: (ManifestLine) throws -> Void) throws {
    for line in lines {
      if let entry = try? ManifestLine(line) { try body(entry) }
    }
  }
}

/// What is wrong with a file of a run.
package enum FileFault: Hashable, Sendable {
  case missing
  case size(Int, recorded: Int)
  case content
  /// It is there, and the manifest does not know it.
  case unknown
  /// A temporary file that a killed process has left.
  case unfinished

  /// A sentence fragment.
  package var text: String {
    switch self {
    case .missing: "missing"
    case .size(let size, let recorded): "has \(size) bytes instead of \(recorded)"
    case .content: "has another content than was written"
    case .unknown: "not of this run"
    case .unfinished: "left behind by a process that was killed"
    }
  }
}

extension RecordedRun {
  /// Compares the output folder with the manifest.
  /// - Parameters:
  ///   - isFull: whether the contents are read, too.
  ///   - each: gets each file that is not as it should be, with its path in the folder.
  /// - Returns: how many files are as they should be.
  package func verify(isFull: Bool, each: (_ path: String, FileFault) throws -> Void) throws -> Int {
    var (known, soundCount) = (Set<String>(), 0)
    func check(_ file: FileRecord) throws {
      known.insert(file.path)
      if let fault = fault(of: file, isFull: isFull) { try each(file.path, fault) } else { soundCount += 1 }
    }
    try forEachFile { _, file in try check(file) }
    // Of some shards, only what they have written can be told.
    if let count = plan.shardCount, shards != ShardRange(all: count) { return soundCount }
    try setFiles.forEach(check)
    for path in try output.allFiles() where !known.contains(path) {
      let isUnfinished = FilePath(text: path.lastPathComponent).isUnfinished
      try each(path, isUnfinished ? .unfinished : .unknown)
    }
    return soundCount
  }

  private func fault(of file: FileRecord, isFull: Bool) -> FileFault? {
    let path = FilePath(text: file.path)
    guard let status = try? output.status(of: path), status.type == .regular else { return .missing }
    guard status.size == file.byteCount else { return .size(Int(status.size), recorded: file.byteCount) }
    guard isFull else { return nil }
    guard let there = try? FileRecord(file.path, in: output) else { return .missing }
    return there.hash == file.hash ? nil : .content
  }
}

extension Folder {
  /// All files in this folder and those below, but for the records of runs; sorted by their bytes.
  fileprivate func allFiles() throws(FileError) -> [String] {
    var (files, pending): ([String], [FilePath]) = ([], [""])
    while let inner = pending.popLast() {
      let folder = inner.isEmpty ? self : try Folder(inner, in: self)
      for name in try folder.names() {
        let path = inner.pushing(name)
        guard path.text != RunRecord.folderName else { continue }
        if try folder.status(of: name, followsLinks: false).type == .directory {
          pending.append(path)
        } else {
          files.append(path.text)
        }
      }
    }
    return files.sorted { $0.precedes($1) }
  }
}

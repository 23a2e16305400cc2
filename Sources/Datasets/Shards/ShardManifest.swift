internal import FoundationEssentials
package import Platform
internal import SystemPackage

/// What became of the outputs of a shard: the file that is written last, and by which the shard counts as done.
///
/// Two compressed pieces: a head, which those who gather shards read alone, and the lines of a manifest, sorted by output.
/// It holds no time and no name of a machine, so that a shard that is done twice leaves the same bytes.
package struct ShardManifest: Sendable {
  package struct Head: Codable, Hashable, Sendable {
    /// Hash of the plan.
    package var plan: ContentHash
    package var shard: Int
    package var images = 0
    /// Copies that were made, that failed, and that were left out with a reason.
    package var copies = 0
    package var failed = 0
    package var leftOut = 0
    /// Of all files that were written.
    package var byteCount = 0
    /// Of the lines.
    package var hash: ContentHash
    /// Of a run from tar to tar.
    package var tars: TarOutcome.Counts?
    /// The tar that holds all files that the lines name; `nil`: they are in folders, or there are none.
    package var tar: FileRecord?

    private enum CodingKeys: String, CodingKey {
      case plan, shard, images, copies, failed, leftOut, byteCount = "bytes", hash, tars, tar
    }

    var hasFailures: Bool { failed > 0 || tars.map { $0.failed + $0.imagesFailed > 0 } ?? false }
  }

  package internal(set) var head: Head
  /// Sorted by output, each with its newline.
  private let content: [UInt8]

  /// The manifest of a shard of `imageCount` images with all its entries.
  package init(_ shard: Int, of plan: ContentHash, imageCount: Int, _ entries: [ManifestEntry]) {
    let sorted = entries.sorted { $0.id < $1.id }
    let content: [UInt8] = sorted.flatMap { "\($0.line)\n".utf8 }
    var head = Head(plan: plan, shard: shard, hash: ContentHash(of: content.span))
    head.images = imageCount
    for entry in sorted {
      switch entry.outcome {
      case .made: head.copies += 1
      case .failed: head.failed += 1
      case .leftOut: head.leftOut += 1
      }
      head.byteCount += entry.product.files.reduce(0) { $0 + $1.byteCount }
    }
    (self.head, self.content) = (head, content)
  }

  /// The manifest of a shard of tars.
  package init(_ shard: Int, of plan: ContentHash, tars entries: [ManifestEntry]) {
    var manifest = ShardManifest(shard, of: plan, imageCount: 0, entries)
    var tars = TarOutcome.Counts()
    (tars.made, tars.failed) = (manifest.head.copies, manifest.head.failed)
    (manifest.head.copies, manifest.head.failed) = (0, 0)
    for outcome in entries.lazy.compactMap(\.tar) {
      manifest.head.images += outcome.images
      manifest.head.copies += outcome.copies
      manifest.head.failed += outcome.failed
      manifest.head.leftOut += outcome.leftOut
      tars.imagesFailed += outcome.failures.count
    }
    manifest.head.tars = tars
    self = manifest
  }

  package var lines: [ArraySlice<UInt8>] { content.split(separator: UInt8(ascii: "\n")) }

  /// The images that failed, each once, and tars.
  package var failures: [FileProblem] {
    var failures: [FileProblem] = []
    for line in lines where head.tars != nil || ManifestHead(line)?.status == "failed" {
      guard let line = try? ManifestLine(line), failures.last?.path != line.source else { continue }
      if line.status == "failed" { failures.append(FileProblem(path: line.source, reason: line.reason ?? "")) }
      failures += (line.tar?.failures ?? []).map { FileProblem(path: "\(line.source): \($0.path)", reason: $0.reason) }
    }
    return failures
  }
}

extension ShardManifest {
  static func path(of shard: Int) -> FilePath { FilePath("\(folderName)/\(name(of: shard)).jsonl.zst") }

  /// What the tar of a shard is called in the output folder.
  static func tarPath(of shard: Int) -> String { "\(name(of: shard)).tar" }

  /// A thousand lie in a folder, so that no folder grows too large.
  private static func name(of shard: Int) -> String { "\(digits(shard / 1000, 3))/\(digits(shard, 5))" }

  /// In the folder of the record.
  static let folderName = "shards"

  private static func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }

  /// Of a head, compressed and not.
  private static let headLimit = 4096
  /// Of the lines: millions of outputs.
  private static let contentLimit = 1 << 34

  /// Writes the file. It appears whole or not at all.
  package func write(to record: Folder, isDurable: Bool) throws(FileError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let text = try? encoder.encode(head) else { preconditionFailure("a head is JSON") }
    let bytes = Zstandard.compressed(Array(text) + [UInt8(ascii: "\n")]) + Zstandard.compressed(content)
    try AtomicFile.write(
      bytes.span, to: Self.path(of: head.shard), in: record, AtomicFile.Options(isDurable: isDurable))
  }

  /// Writes the file once the outputs are as safe as the run has promised.
  package func publish(to record: Folder, _ output: OutputFolder) throws(FileError) {
    if output.durability == .batch { try output.sync() }
    try write(to: record, isDurable: output.durability != .none)
  }

  /// Reads the file of a shard.
  /// - Returns: `nil` if there is none of this plan, or it is damaged.
  init?(_ shard: Int, of plan: ContentHash, in record: Folder) {
    guard let bytes = try? File.read(Self.path(of: shard), in: record, limit: Self.contentLimit),
      let (head, size) = Self.head(in: bytes[...]), head.plan == plan, head.shard == shard,
      let content = Zstandard.decompressed(Array(bytes[size...]), limit: Self.contentLimit),
      ContentHash(of: content.span) == head.hash
    else { return nil }
    (self.head, self.content) = (head, content)
  }

  /// Reads the head alone.
  /// - Returns: `nil` if there is none of this plan, or it is damaged.
  static func head(of shard: Int, of plan: ContentHash, in record: Folder) -> Head? {
    guard let bytes = try? File.head(path(of: shard), in: record, count: headLimit),
      let (head, _) = head(in: bytes[...])
    else { return nil }
    return head.plan == plan && head.shard == shard ? head : nil
  }

  /// The head that `bytes` begin with, and the size of its piece.
  private static func head(in bytes: ArraySlice<UInt8>) -> (Head, Int)? {
    let beginning = Array(bytes.prefix(headLimit))
    guard let size = Zstandard.firstPieceByteCount(beginning),
      let text = Zstandard.decompressed(Array(beginning[..<size]), limit: headLimit),
      let head = try? JSONDecoder().decode(Head.self, from: Data(text))
    else { return nil }
    return (head, size)
  }
}

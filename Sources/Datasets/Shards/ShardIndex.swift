internal import FoundationEssentials
package import Platform
internal import SystemPackage

/// `index.json`: what became of all shards of a run. Whoever writes it ends the run.
package struct ShardIndex: Codable, Hashable, Sendable {
  package static let name = "index.json"

  /// Hash of the plan.
  package var plan: ContentHash
  /// Of the hashes of all shards, in their order: equal for equal results.
  package var hash: ContentHash
  package var images: Int
  package var copies = 0
  package var failed = 0
  package var leftOut = 0
  /// Of all files that the shards have written.
  package var byteCount = 0
  /// What could not be worked on: files of the input, and images of shards.
  package var failures: [FileProblem]
  /// The files that belong to all outputs together.
  package var setFiles: [FileRecord] = []
  package var shards: [ShardManifest.Head]
  /// Of a run from tar to tar.
  package var tars: TarOutcome.Counts?

  private enum CodingKeys: String, CodingKey {
    case plan, hash, images, copies, failed, leftOut, byteCount = "bytes", failures, setFiles, shards, tars
  }

  /// - Parameter failures: of the input as a whole.
  package init(of plan: ContentHash, _ shards: [ShardManifest.Head], _ failures: [FileProblem], in record: Folder) {
    (self.plan, self.shards, self.failures) = (plan, shards, failures)
    hash = ContentHash(of: shards.map(\.hash.description).joined(separator: "\n"))
    images = shards.reduce(0) { $0 + $1.images }
    for shard in shards {
      copies += shard.copies
      failed += shard.failed
      leftOut += shard.leftOut
      byteCount += shard.byteCount
      if let counts = shard.tars { tars = (tars ?? TarOutcome.Counts()) + counts }
    }
    for shard in shards where shard.hasFailures {
      self.failures += ShardManifest(shard.shard, of: plan, in: record)?.failures ?? []
    }
  }

  /// Reads the index of a plan; `nil` if there is none.
  package init?(of plan: ContentHash, in record: Folder) {
    guard record.lists(FilePath(Self.name)), let bytes = try? File.read(FilePath(Self.name), in: record),
      let index = try? JSONDecoder().decode(ShardIndex.self, from: Data(bytes)), index.plan == plan
    else { return nil }
    self = index
  }

  package func write(to record: Folder) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    let bytes = Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    try AtomicFile.write(bytes.span, to: FilePath(Self.name), in: record, AtomicFile.Options(isDurable: true))
  }
}

/// The shards of a plan, as far as their manifests are there.
package struct GatheredShards: Sendable {
  package private(set) var heads: [ShardManifest.Head] = []
  /// Numbers of those that are not done.
  package private(set) var missing: [ClosedRange<Int>] = []

  /// Reads the heads of all manifests, and looks at no output.
  package init(_ shards: ShardRange, of plan: ContentHash, in record: Folder) {
    var (missing, manifests) = ([Int](), ShardManifests(of: plan, in: record))
    for shard in shards.shards {
      if let head = manifests.head(of: shard) {
        heads.append(head)
      } else {
        missing.append(shard)
      }
    }
    self.missing = ShardRange.ranges(of: missing)
  }

  /// "3, 7-9"
  package var missingText: String { missing.map(ShardRange.text).joined(separator: ", ") }
}

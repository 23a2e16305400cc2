package import Platform

/// The part of a plan that a range of shards is.
package struct ShardSlice: Sendable {
  /// Hash of the plan.
  package let plan: ContentHash
  package let shards: ShardRange
  /// Of the whole plan.
  package let imageCount: Int
  /// The image of the whole plan that is the first one of those that the process knows.
  package let firstImage: Int

  /// - Parameter knowsAll: whether the process knows all images of the plan; otherwise those of the shards alone.
  package init(_ shards: ShardRange, of plan: ContentHash, imageCount: Int, knowsAll: Bool) {
    (self.shards, self.plan, self.imageCount) = (shards, plan, imageCount)
    firstImage = knowsAll ? 0 : shards.images(of: imageCount).lowerBound
  }

  /// The images of a shard among those that the process knows.
  package func images(of shard: Int) -> Range<Int> {
    let images = ShardRange.images(of: shard, among: shards.count, imageCount)
    return images.lowerBound - firstImage..<images.upperBound - firstImage
  }

  /// The images of all shards of the slice among those that the process knows.
  package var images: Range<Int> {
    let images = shards.images(of: imageCount)
    return images.lowerBound - firstImage..<images.upperBound - firstImage
  }
}

/// Which shards of a slice are done.
package struct ShardProgress: Sendable {
  package private(set) var done: [ShardManifest.Head] = []
  /// Sorted.
  package private(set) var missing: [Int] = []
  /// Images of shards that are done that failed.
  package private(set) var failures: [FileProblem] = []

  /// A shard is done if its manifest is there, is of this plan, and all files that it names have their sizes.
  /// - Parameter output: the folder that holds them.
  package init(of slice: ShardSlice, in record: Folder, _ output: OutputFolder) {
    for shard in slice.shards.shards {
      let manifest = ShardManifest(shard, of: slice.plan, in: record)
      guard let manifest, Self.isSound(manifest, output) else {
        missing.append(shard)
        continue
      }
      done.append(manifest.head)
      failures += manifest.failures
    }
  }

  private static func isSound(_ manifest: ShardManifest, _ output: OutputFolder) -> Bool {
    manifest.lines.allSatisfy { line in
      guard let line = try? ManifestLine(line) else { return false }
      return line.files.allSatisfy { output.byteCount(of: $0.path) == $0.byteCount }
    }
  }
}

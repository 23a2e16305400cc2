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
  /// Outputs of missing shards that were made, and are not there as they were.
  package private(set) var spoilt: Set<Int> = []
  /// Images of shards that are done that failed.
  package private(set) var failures: [FileProblem] = []

  /// A shard is done if its manifest is there, is of this plan, and all files that it names have their sizes.
  /// - Parameter output: the folder that holds them.
  package init(of slice: ShardSlice, in record: Folder, _ output: OutputFolder) {
    var manifests = ShardManifests(of: slice.plan, in: record)
    for shard in slice.shards.shards {
      guard let manifest = manifests[shard], let lines = manifest.readLines() else {
        missing.append(shard)
        continue
      }
      func isThere(_ file: FileRecord) -> Bool { output.byteCount(of: file.path) == file.byteCount }
      let spoilt = lines.filter { line in
        manifest.head.tar.map { !isThere($0) } ?? !line.files.allSatisfy(isThere)
      }
      guard spoilt.isEmpty else {
        self.spoilt.formUnion(spoilt.map(\.id))
        missing.append(shard)
        continue
      }
      done.append(manifest.head)
      failures += manifest.failures
    }
  }
}

extension ShardManifest {
  /// - Returns: `nil` if one cannot be read.
  fileprivate func readLines() -> [ManifestLine]? {
    let read = lines.compactMap { try? ManifestLine($0) }
    return read.count == lines.count ? read : nil
  }
}

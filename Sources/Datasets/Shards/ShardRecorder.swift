package import Platform

/// Writes the manifest of each shard as soon as all its outputs are there, and before it the tar that they go into, if
/// that is how the run keeps them.
package final class ShardRecorder: OutcomeRecord {
  private struct Pending {
    let shard: Int
    /// Among those of the plan that the process works on.
    let images: Range<Int>
    var entries: [ManifestEntry] = []
    /// Outputs that have not been told of.
    var missing: Int
  }

  private let slice: ShardSlice
  private let tasksPerImage: Int
  private let output: OutputFolder
  private let record: Folder
  /// Where the outputs of a shard lie until all are there and go into its tar; `nil`: they stay.
  private let files: OutputFolder?
  /// Sorted by shard; those that are written leave.
  private var pending: [Pending]

  /// - Parameters:
  ///   - shards: those to be done, sorted.
  ///   - plan: whose images are those of the slice; with its output.
  ///   - record: the folder of the record.
  ///   - files: where the outputs of a shard lie until all are there and go into its tar in `output`; `nil`: they are
  ///     there.
  package init(
    _ shards: [Int], of slice: ShardSlice, _ plan: Plan, _ output: OutputFolder, in record: Folder,
    packing files: OutputFolder? = nil
  ) {
    (self.slice, self.output, self.record, self.files) = (slice, output, record, files)
    tasksPerImage = plan.tasksPerImage
    pending = shards.map { shard in
      let images = slice.images(of: shard)
      return Pending(shard: shard, images: images, missing: plan.outputCount(of: images))
    }
  }

  /// As above, of images that are downloaded.
  package init(downloading shards: [Int], of slice: ShardSlice, to output: OutputFolder, in record: Folder) {
    (self.slice, self.output, self.record, files, tasksPerImage) = (slice, output, record, nil, 1)
    pending = shards.map { shard in
      let images = slice.images(of: shard)
      return Pending(shard: shard, images: images, missing: images.count)
    }
  }

  package func append(_ entry: ManifestEntry) throws {
    let imageIndex = entry.id / tasksPerImage
    guard let index = pending.firstIndex(where: { $0.images.contains(imageIndex) }) else { return }
    var entry = entry
    entry.id += slice.firstImage * tasksPerImage
    // What differs from one attempt to the next, and what follows from the seed.
    (entry.milliseconds, entry.product.draw) = (0, [])
    pending[index].entries.append(entry)
    pending[index].missing -= 1
    if pending[index].missing == 0 { try publish(pending.remove(at: index)) }
  }

  /// Shards without images have no outputs to wait for.
  package func finish(setFiles: [String]) throws {
    for shard in pending where shard.missing == 0 { try publish(shard) }
    pending.removeAll { $0.missing == 0 }
    // The run itself knows the folder of its files alone.
    if files != nil { try output.finish() }
  }

  private func publish(_ shard: Pending) throws {
    var manifest = ShardManifest(shard.shard, of: slice.plan, imageCount: shard.images.count, shard.entries)
    if let files {
      manifest.head.tar = try TarPacking(shard.entries.flatMap(\.product.files), in: files)
        .move(to: ShardManifest.tarPath(of: shard.shard), in: output)
    }
    try manifest.publish(to: record, output)
  }
}

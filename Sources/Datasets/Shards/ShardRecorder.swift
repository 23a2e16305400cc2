package import Platform

/// Writes the manifest of each shard as soon as all its outputs are there.
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
  /// Sorted by shard; those that are written leave.
  private var pending: [Pending]

  /// - Parameters:
  ///   - shards: those to be done, sorted.
  ///   - plan: whose images are those of the slice; with its output.
  ///   - record: the folder of the record.
  package init(_ shards: [Int], of slice: ShardSlice, _ plan: Plan, _ output: OutputFolder, in record: Folder) {
    (self.slice, self.output, self.record) = (slice, output, record)
    tasksPerImage = plan.tasksPerImage
    pending = shards.map { shard in
      let images = slice.images(of: shard)
      return Pending(shard: shard, images: images, missing: plan.outputCount(of: images))
    }
  }

  /// As above, of images that are downloaded.
  package init(downloading shards: [Int], of slice: ShardSlice, to output: OutputFolder, in record: Folder) {
    (self.slice, self.output, self.record, tasksPerImage) = (slice, output, record, 1)
    pending = shards.map { shard in
      let images = slice.images(of: shard)
      return Pending(shard: shard, images: images, missing: images.count)
    }
  }

  package func append(_ entry: ManifestEntry) throws(FileError) {
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
  package func finish(setFiles: [String]) throws(FileError) {
    for shard in pending where shard.missing == 0 { try publish(shard) }
    pending.removeAll { $0.missing == 0 }
  }

  private func publish(_ shard: Pending) throws(FileError) {
    try ShardManifest(shard.shard, of: slice.plan, imageCount: shard.images.count, shard.entries)
      .publish(to: record, output)
  }
}

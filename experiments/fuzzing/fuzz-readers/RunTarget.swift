internal import CZstd
internal import Datasets
internal import Foundation
internal import Imaging
internal import Jobs
internal import Platform
internal import Strategies

/// The readers of a run's record: `plan.json`, the segments of its listing, its manifest. Each input replaces one file of
/// the record of a finished run, the folder AUGMENT_FUZZ_RUN, and is read by all that read it there.
struct RunTarget {
  private let path: String
  private let output: OutputFolder
  private let record: RunRecord
  private let sound: RecordedRun<RunDescription.What>

  init() {
    path = Program.environment("AUGMENT_FUZZ_RUN") ?? ""
    do {
      output = try OutputFolder(path)
      (record, sound) = (try RunRecord(of: output), try RecordedRun(in: path))
    } catch {
      fatalError("AUGMENT_FUZZ_RUN must be a folder that a run has written: \(error)")
    }
  }

  func readPlan(_ bytes: [UInt8]) {
    write(bytes, "plan.json")
    _ = try? RecordedRun<PlannedWork>(in: path).sources()
    guard let run = try? RecordedRun<RunDescription.What>(in: path) else { return }
    let listing = FolderListing(folder: ".", images: (try? run.plan.images(in: run.record)) ?? [])
    _ = try? sound.plan.difference(from: run.plan, in: run.record, listing)
    _ = try? run.plan.difference(from: sound.plan, in: run.record, listing)
    // As `status` counts.
    _ = run.plan.outputCount - listing.images.count
    reopen(run.plan, listing)
  }

  func readListing(_ bytes: [UInt8]) {
    guard let segment = sound.plan.segments.first else { return }
    // As it is, and as the content of a file that is not damaged.
    write(bytes, segment.file)
    _ = try? segment.images(in: record.folder)
    write(compressed(bytes), segment.file)
    var rewritten = segment
    rewritten.hash = ContentHash(of: bytes.span)
    for count in [segment.imageCount, bytes.count { $0 == 0 }] {
      rewritten.imageCount = count
      readAnything(in: rewritten)
      guard let images = try? rewritten.images(in: record.folder) else { continue }
      promise(images.count == count, "\(count) images became \(images.count)")
      reopen(sound.plan, FolderListing(folder: ".", images: images))
    }
  }

  /// As a listing of tars, of URLs, and of what other programs stage.
  private func readAnything(in segment: ListingSegment) {
    var plan = sound.plan
    (plan.segments, plan.imageCount) = ([segment], segment.imageCount)
    let whole = 0..<plan.imageCount
    _ = try? plan.tars(in: record.folder, whole)
    _ = try? plan.urls(in: record.folder, whole)
    _ = try? plan.sources(in: record.folder, whole)
  }

  func readManifest(_ bytes: [UInt8]) {
    write(bytes, "manifest.jsonl")
    guard let run = try? RecordedRun<RunDescription.What>(in: path) else { fatalError("the plan is sound") }
    _ = run.holder
    _ = try? run.verify(isFull: true) { _, fault in promise(!fault.text.isEmpty, "a fault without a word") }
    try? run.forEachEntry { entry in
      guard let augment = run.plan.what.job as? Augment else { return }
      _ = try? FixedPipeline(augment.options.pipeline, asDrawn: entry.transforms).text
    }
    guard let images = try? run.plan.images(in: run.record) else { fatalError("the listing is sound") }
    reopen(run.plan, FolderListing(folder: ".", images: images))
  }

  /// What `--resume` and `replay` make of the record.
  private func reopen(_ plan: PlanFile<RunDescription.What>, _ listing: FolderListing) {
    func reopen(_ job: some Job) throws {
      var run = try JobRun(job, plan.what, on: listing)
      run.plan.output = output
      let progress = try RunProgress(of: run.plan, in: record)
      promise(progress.done.allSatisfy { 0..<run.plan.taskCount ~= $0 }, "an output that is not planned is done")
      run.plan.remainder = run.plan.remainder(without: progress.done)
      for task in 0..<min(run.plan.taskCount, 16) { _ = run.plan.outputPath(ofTask: task) }
    }
    try? reopen(plan.what.job)
  }

  private func write(_ bytes: [UInt8], _ name: String) {
    do {
      try Data(bytes).write(to: URL(filePath: "\(path)/.augment/\(name)"))
    } catch {
      fatalError("\(error)")
    }
  }

  private func compressed(_ bytes: [UInt8]) -> [UInt8] {
    let capacity = ZSTD_compressBound(bytes.count)
    return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { memory, count in
      count = unsafe bytes.withUnsafeBufferPointer {
        unsafe ZSTD_compress(memory.baseAddress, capacity, $0.baseAddress, $0.count, 1)
      }
    }
  }
}

import Datasets
import Foundation
import Imaging
import Jobs
import Platform
import Strategies
import TestSupport
import Testing

/// The record of a run after what may happen to files: every bit changed, every length, and numbers as no run writes them.
/// It is read, or refused with a sentence.
struct DamagedRecordTests {
  /// A folder with the record of a run on two images, and its parts.
  private final class Recorded {
    let folder: TemporaryFolder
    let output: OutputFolder
    let record: RunRecord
    let listing: FolderListing
    let plan: Plan

    init() throws {
      folder = try TemporaryFolder()
      let stamp = FileStamp(byteCount: 1000, modified: 1_795_000_000_000_000_000)
      let images = ["a/image-1.png", "a/image-2.png"].map { InputImage(path: $0, format: .png, stamp: stamp) }
      listing = FolderListing(folder: folder.path, images: images)
      output = try OutputFolder(folder.path)
      record = try RunRecord(of: output)
      var options = Augment.Options()
      options.pipeline = try Pipeline(text: #"[{"__class_fullname__": "Rotate", "p": 1}]"#, file: "pipeline")
      options.copies = 2
      let what = RunDescription.What(Augment(options), OutputNames(try NameTemplate("{stem}_{copy}")))
      var run = try JobRun(Augment(options), what, on: listing)
      run.plan.output = output
      plan = run.plan
      try PlanFile(what, for: plan, on: listing, others: [:], program: "test").write(
        to: record, listing, isDurable: false)
      let manifest = try Manifest(record, output)
      for number in 0..<plan.taskCount { try manifest.append(try Self.entry(number, plan)) }
      try manifest.finish(setFiles: [])
    }

    private static func entry(_ number: Int, _ plan: Plan) throws -> ManifestEntry {
      let planned = try #require(plan.output(numbered: number))
      let bytes = Array(planned.path.utf8)
      try plan.output?.write(bytes.span, to: planned.path, task: number)
      var entry = ManifestEntry(planned, id: number, source: plan.image(ofTask: number).path, .made)
      entry.product.files = [FileRecord(planned.path, bytes.span)]
      entry.product.draw = Array(#"[{"node":1,"name":"Rotate","drawn":{"angle":12.5}}]"#.utf8)
      entry.labels = LabelOutcome(keptCount: 3, losses: [LabelLoss(object: 1, reason: .tooSmallArea, visibility: 0.5)])
      return entry
    }

    func bytes(_ name: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: url(name))) }
    func write(_ bytes: [UInt8], _ name: String) throws { try Data(bytes).write(to: url(name)) }
    private func url(_ name: String) -> URL { folder.url.appending(path: ".augment/\(name)") }

    /// What `status`, `verify`, `replay --show` and `--resume` read.
    func read() throws {
      let run = try RecordedRun<RunDescription.What>(in: folder.path)
      let images = try run.plan.images(in: run.record)
      #expect(images.count == run.plan.imageCount)
      _ = try run.verify(isFull: true) { _, _ in }
      try run.forEachEntry { entry in
        guard let augment = run.plan.what.job as? Augment else { return }
        _ = try? FixedPipeline(augment.options.pipeline, asDrawn: entry.transforms).text
      }
      let progress = try RunProgress(of: plan, in: record)
      #expect(progress.done.allSatisfy { 0..<plan.taskCount ~= $0 })
    }
  }

  @Test(arguments: ["plan.json", "listing-0000.zst", "manifest.jsonl"])
  func everyByteAndEveryLengthIsReadOrRefused(file: String) throws {
    let recorded = try Recorded()
    try recorded.read()
    let sound = try recorded.bytes(file)
    var refusedCount = 0
    func tryReading(_ bytes: [UInt8]) throws {
      try recorded.write(bytes, file)
      do {
        try recorded.read()
      } catch {
        refusedCount += 1
        // A damaged plan may have another hash of the listing.
        #expect("\(error)".hasPrefix(".augment/") && "\(error)".hasSuffix(" is damaged"))
      }
    }
    for place in sound.indices {
      try tryReading(Array(sound[..<place]))
      // One bit at each place, and a byte that is no UTF-8.
      for change in [1 << UInt8(place % 8), 0xFF] as [UInt8] {
        var bytes = sound
        bytes[place] ^= change
        try tryReading(bytes)
      }
    }
    // A damaged line of the manifest costs its output alone.
    #expect(file == "manifest.jsonl" ? refusedCount == 0 : refusedCount > sound.count)
  }

  /// Numbers that would overflow a sum, or fill the memory with names, and a file outside the record.
  @Test(arguments: [
    (#""copies" : 2"#, #""copies" : 0"#), (#""copies" : 2"#, #""copies" : 9223372036854775807"#),
    (#""outputCount" : 4"#, #""outputCount" : -9223372036854775808"#), (#""imageCount" : 2"#, #""imageCount" : -1"#),
    (#""file" : "listing-0000.zst""#, #""file" : "\u0000""#), (#""file" : "listing-0000.zst""#, #""file" : "../x""#),
  ])
  func planOfImpossibleNumbersIsRefused(old: String, new: String) throws {
    let recorded = try Recorded()
    let sound = String(decoding: try recorded.bytes("plan.json"), as: UTF8.self)
    #expect(sound.contains(old))
    try recorded.write(Array(sound.replacingOccurrences(of: old, with: new).utf8), "plan.json")
    #expect(throws: ListingSegment.Damage(file: "plan.json")) { try recorded.read() }
  }

  /// Labels that would overflow a sum, and a draw that would overflow a difference.
  @Test func numbersOfAManifestAreBounded() throws {
    let begin = #"{"id":0,"status":"made","output":"a","source":"a","copy":0,"files":[],"milliseconds":1,"#
    func line(_ end: String) throws -> ManifestLine { try ManifestLine(Array("\(begin)\(end)}".utf8)[...]) }
    #expect(try line(#""labels":{"kept":5,"dropped":[],"record":[]}"#).labels?.keptCount == 5)
    #expect(throws: DecodingError.self) {
      try line(#""labels":{"kept":9223372036854775807,"dropped":[],"record":[]}"#)
    }
    let drawn = #"[{"node":1,"name":"PlanckianJitter","drawn":{"temperature":-9223372036854775808}}]"#
    let pipeline = try Pipeline(text: #"[{"__class_fullname__": "PlanckianJitter"}]"#, file: "pipeline")
    let fixed = try FixedPipeline(pipeline, asDrawn: line("\"transforms\":\(drawn)").transforms)
    #expect(!fixed.text.isEmpty)
  }

  /// Contents with the right hash, as one makes them who means harm.
  @Test(arguments: [
    "-9223372036854775808 - - png a.png\0", "1 - - png a.png\0", "-1 - - png a.png\0", "0 - - png a.png", "\0", "",
    "0 - - png a.png\0" + "5 - - png \0", "0 1 1 exe a.png\0", "0 - - png /a/b.png\0", "0 - - png ../a.png\0",
    "0 - - png a/../../b.png\0", "0 - - png a//b.png\0", "0 - - png a/\0", #"0 - - png \x2E\x2E/a.png"# + "\0",
    #"0 - - png \x2Fa.png"# + "\0", #"0 - - png a\x+A.png"# + "\0",
  ])
  func listingThatMeansHarmIsRefused(content: String) throws {
    #expect(throws: ListingSegment.Damage(file: "listing-0000.zst")) {
      try readListing(Array(content.utf8), imageCount: 1)
    }
  }

  /// A hundred thousand paths that share a very long one are small as a file and fill any memory.
  @Test func pathsThatWouldFillTheMemoryAreRefused() throws {
    let path = String(repeating: "x", count: 1 << 17)
    let content = "0 - - png \(path)\0" + String(repeating: "\(path.utf8.count) - - png \0", count: 99_999)
    #expect(throws: ListingSegment.Damage(file: "listing-0000.zst")) {
      try readListing(Array(content.utf8), imageCount: 100_000)
    }
  }

  @Test func listingOfAnyNumbersOfAFileIsRead() throws {
    let images = try readListing(Array("0 -5 9223372036854775807 png a.png\0".utf8), imageCount: 1)
    #expect(images == [InputImage(path: "a.png", format: .png, stamp: FileStamp(byteCount: -5, modified: .max))])
  }

  private func readListing(_ content: [UInt8], imageCount: Int) throws -> [InputImage] {
    let recorded = try Recorded()
    try recorded.write(Self.frame(content), "listing-0000.zst")
    let hash = ContentHash(of: content.span)
    let text = #"{"file": "listing-0000.zst", "imageCount": \#(imageCount), "first": "", "hash": "\#(hash)"}"#
    let segment = try JSONDecoder().decode(ListingSegment.self, from: Data(text.utf8))
    return try segment.images(in: recorded.record.folder)
  }

  /// A Zstandard frame of blocks that are not compressed (RFC 8878, 3.1.1).
  private static func frame(_ content: [UInt8]) -> [UInt8] {
    func bytes(_ number: Int, count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    let mostBytes = 1 << 17
    let starts = content.isEmpty ? [0] : Array(stride(from: 0, to: content.count, by: mostBytes))
    return starts.reduce(bytes(0xFD2F_B528, count: 4) + [0xA0] + bytes(content.count, count: 4)) { frame, start in
      let end = min(start + mostBytes, content.count)
      return frame + bytes((end - start) << 3 | (end == content.count ? 1 : 0), count: 3) + content[start..<end]
    }
  }
}

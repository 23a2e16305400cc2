internal import FoundationEssentials
package import Platform
internal import SystemPackage

/// `plan.json`: what a run makes, of which images. Made once, before the first output; whoever goes on with the run must
/// have the same plan.
package struct PlanFile<What: Codable & Sendable>: Codable, Sendable {
  /// Name and version of the program.
  package var program: String
  /// Of everything below that decides the outputs.
  package private(set) var hash: ContentHash
  package var what: What
  /// The input folder, without links.
  package var input: String
  /// Of a run from tar to tar: tars.
  package var imageCount: Int
  /// Copies that a complete run makes, or tars.
  package var outputCount: Int
  package var segments: [ListingSegment]
  /// Hashes of further files that the outputs depend on, by what they are.
  package var others: [String: ContentHash]
  /// How many shards the run is divided into; `nil`: it is one run.
  package var shardCount: Int?
  /// Files of the input that cannot be worked on, for those who gather the shards; `nil` unless there are shards.
  package var problems: [FileProblem]?
  /// `nil`: the listing names images, and what comes of them are files in folders.
  package private(set) var tars: TarOutput?
  /// Whether each entry of the listing is a tar.
  package var isOfTars: Bool { tars == .ofTar }

  /// The plan of a run on a listing.
  package init(
    _ what: What, for plan: Plan, on listing: FolderListing, others: [String: ContentHash], program: String,
    shardCount: Int? = nil, tars: TarOutput? = nil
  ) throws {
    var segments: [ListingSegment] = []
    ListingSegment.forEach(of: listing.images) { segments.append($0.segment) }
    try self.init(
      what, segments, outputCount: plan.outputCount, input: listing.realPath?.text ?? listing.input.path,
      others: others, program: program, shardCount: shardCount, problems: shardCount == nil ? nil : listing.problems,
      tars: tars)
  }

  init(
    _ what: What, _ segments: [ListingSegment], outputCount: Int, input: String, others: [String: ContentHash],
    program: String, shardCount: Int?, problems: [FileProblem]?, tars: TarOutput? = nil
  ) throws {
    (self.program, self.what, self.others, self.shardCount) = (program, what, others, shardCount)
    (self.input, self.segments, self.outputCount, self.problems) = (input, segments, outputCount, problems)
    self.tars = tars
    imageCount = segments.reduce(0) { $0 + $1.imageCount }
    let content = Content(
      program: program, what: what, segments: segments, others: others, shardCount: shardCount, problems: problems,
      tars: tars)
    hash = try ContentHash(of: Self.text(content))
  }

  /// What the hash is of. Not the path of the input, which another machine may have elsewhere.
  private struct Content: Encodable {
    var program: String
    var what: What
    var segments: [ListingSegment]
    var others: [String: ContentHash]
    var shardCount: Int?
    var problems: [FileProblem]?
    var tars: TarOutput?
  }

  private static func text(_ value: some Encodable, isPretty: Bool = false) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// Writes the plan and its listing; the plan comes last, so that it never stands without the listing.
  package func write(to record: RunRecord, _ listing: FolderListing, isDurable: Bool) throws {
    try write(to: record, listing.images, isDurable: isDurable)
  }

  func write(to record: RunRecord, _ files: [some ListedFile], isDurable: Bool) throws {
    try ListingSegment.forEach(of: files) { try record.write($0, isDurable: isDurable) }
    try write(to: record, isDurable: isDurable)
  }

  /// Writes the plan alone.
  package func write(to record: RunRecord, isDurable: Bool) throws {
    let text = try Self.text(self, isPretty: true) + "\n"
    try record.write(Array(text.utf8), to: RunRecord.planName, isDurable: isDurable)
  }

  /// Reads the plan of a record.
  /// - Throws: `ListingSegment.Damage` if it is no plan, or a `FileError`.
  package init(in record: Folder) throws {
    let bytes = try File.read(RunRecord.planName, in: record, limit: Self.byteLimit)
    guard let plan = try? JSONDecoder().decode(Self.self, from: Data(bytes)), plan.isPossible else {
      throw ListingSegment.Damage(file: RunRecord.planName.string)
    }
    self = plan
  }

  /// Whether its numbers are those of a plan, so that sums of them do not overflow, and its files are the record's own.
  private var isPossible: Bool {
    segments.enumerated().allSatisfy { number, segment in
      segment.file == ListingSegment.fileName(number) && 1...ListingSegment.mostImages ~= segment.imageCount
    } && imageCount == segments.reduce(0) { $0 + $1.imageCount } && 0...1 << 48 ~= outputCount
      && shardCount.map { 1...ShardRange.mostShards ~= $0 } ?? true
  }

  /// A plan names classes, reference images and groups, of which there may be many.
  private static var byteLimit: Int { 1 << 30 }

  /// All images, from the files beside the plan.
  package func images(in record: Folder) throws -> [InputImage] { try segments.flatMap { try $0.images(in: record) } }

  /// The images of a part of the listing. Segments without any are not read.
  package func images(in record: Folder, _ part: Range<Int>) throws -> [InputImage] { try files(in: record, part) }

  /// The paths, or URLs, of all that a part of the listing has.
  package func sources(in record: Folder, _ part: Range<Int>) throws -> [String] {
    let sources: [ListedSource] = try files(in: record, part)
    return sources.map(\.path)
  }

  /// What a part of the listing has, if it is of this kind.
  func files<Listed: ListedFile>(in record: Folder, _ part: Range<Int>) throws -> [Listed] {
    var (images, begin) = ([Listed](), 0)
    for segment in segments {
      let wanted = part.clamped(to: begin..<begin + segment.imageCount)
      if !wanted.isEmpty {
        let all: [Listed] = try segment.files(in: record)
        images += all[wanted.lowerBound - begin..<wanted.upperBound - begin]
      }
      begin += segment.imageCount
    }
    guard images.count == part.count else { throw ListingSegment.Damage(file: RunRecord.planName.string) }
    return images
  }
}

extension PlanFile {
  /// Why two plans make different outputs.
  package enum Difference: Hashable, Sendable {
    case program(String)
    /// An option: the keys that lead to it, and what it was.
    case option([String], old: String, new: String)
    /// An image that has come, gone or changed; `nil`: one cannot be told.
    case image(path: String?, change: ImageChange)
    /// The number of images that are downloaded.
    case count(old: Int, new: Int)
    /// The URL of an image, by its number.
    case source(Int, old: String, new: String)
    /// Other files that the outputs depend on.
    case others(String)
    /// The number of shards; `nil`: it is one run.
    case shards(old: Int?, new: Int?)
    /// What goes into tars; `nil`: there are none.
    case tars(old: TarOutput?)
  }

  package enum ImageChange: Hashable, Sendable { case added, missing, changed }

  /// What differs between an earlier plan, whose record is given, and this one; `nil`: nothing.
  package func difference(from old: PlanFile, in record: Folder, _ listing: FolderListing) throws -> Difference? {
    if hash == old.hash { return nil }
    if tars != old.tars { return .tars(old: old.tars) }
    let difference = try old.difference(
      to: what, program: program, shardCount: shardCount, others: others, usesTars: tars != nil)
    if let difference { return difference }
    return try Self.imageDifference(old.images(in: record), listing.images)
  }

  /// Why whoever wants this must not work on the plan, apart from the images; `nil`: nothing differs.
  /// - Parameter usesTars: whether what is wanted are tars, of whichever kind.
  package func difference(
    to what: What, program: String, shardCount: Int?, others: [String: ContentHash], usesTars: Bool = false
  ) throws -> Difference? {
    if usesTars != (tars != nil) { return .tars(old: tars) }
    if shardCount != self.shardCount { return .shards(old: self.shardCount, new: shardCount) }
    if program != self.program { return .program(self.program) }
    let (before, now) = (try JSONValue(encoding: self.what), try JSONValue(encoding: what))
    if let option = before.difference(from: now) { return .option(option.keys, old: option.left, new: option.right) }
    let names = Set(others.keys).union(self.others.keys).sorted()
    return names.first { others[$0] != self.others[$0] }.map { .others($0) }
  }

  /// Both are sorted by path.
  private static func imageDifference(_ before: [InputImage], _ now: [InputImage]) -> Difference {
    for (index, image) in before.enumerated() {
      guard index < now.count else { return .image(path: image.path, change: .missing) }
      if now[index] == image { continue }
      if now[index].path == image.path { return .image(path: image.path, change: .changed) }
      return now[index].path.precedes(image.path)
        ? .image(path: now[index].path, change: .added) : .image(path: image.path, change: .missing)
    }
    return .image(path: now.dropFirst(before.count).first?.path, change: .added)
  }
}

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
  package var imageCount: Int
  /// Copies that a complete run makes.
  package var outputCount: Int
  package var segments: [ListingSegment]
  /// Hashes of further files that the outputs depend on, by what they are.
  package var others: [String: ContentHash]

  /// The plan of a run on a listing.
  package init(
    _ what: What, for plan: Plan, on listing: FolderListing, others: [String: ContentHash], program: String
  ) throws {
    let segments = ListingSegment.all(of: listing.images).map(\.segment)
    (self.program, self.what, self.others) = (program, what, others)
    (imageCount, outputCount, self.segments) = (listing.images.count, plan.outputCount, segments)
    input = listing.realPath?.text ?? listing.input.path
    hash = try ContentHash(of: Self.text(Content(program: program, what: what, segments: segments, others: others)))
  }

  /// What the hash is of. Not the path of the input, which another machine may have elsewhere.
  private struct Content: Encodable {
    var program: String
    var what: What
    var segments: [ListingSegment]
    var others: [String: ContentHash]
  }

  private static func text(_ value: some Encodable, isPretty: Bool = false) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// Writes the plan and its listing; the plan comes last, so that it never stands without the listing.
  package func write(to record: RunRecord, _ listing: FolderListing, isDurable: Bool) throws {
    for (segment, content) in ListingSegment.all(of: listing.images) {
      try record.write(Zstandard.compressed(content), to: FilePath(segment.file), isDurable: isDurable)
    }
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
  }

  /// A plan names classes, reference images and groups, of which there may be many.
  private static var byteLimit: Int { 1 << 30 }

  /// All images, from the files beside the plan.
  package func images(in record: Folder) throws -> [InputImage] { try segments.flatMap { try $0.images(in: record) } }
}

extension PlanFile {
  /// Why two plans make different outputs.
  package enum Difference: Hashable, Sendable {
    case program(String)
    /// An option: the keys that lead to it, and what it was.
    case option([String], old: String, new: String)
    /// An image that has come, gone or changed; `nil`: one cannot be told.
    case image(path: String?, change: ImageChange)
    /// Other files that the outputs depend on.
    case others(String)
  }

  package enum ImageChange: Hashable, Sendable { case added, missing, changed }

  /// What differs between an earlier plan, whose record is given, and this one; `nil`: nothing.
  package func difference(from old: PlanFile, in record: Folder, _ listing: FolderListing) throws -> Difference? {
    if hash == old.hash { return nil }
    if program != old.program { return .program(old.program) }
    let (before, now) = (try JSONValue(encoding: old.what), try JSONValue(encoding: what))
    if let option = before.difference(from: now) { return .option(option.keys, old: option.left, new: option.right) }
    for (name, hash) in others where old.others[name] != hash { return .others(name) }
    if let name = old.others.keys.sorted().first(where: { others[$0] == nil }) { return .others(name) }
    return try Self.imageDifference(old.images(in: record), listing.images)
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

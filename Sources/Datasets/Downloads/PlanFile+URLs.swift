package import Platform

extension PlanFile {
  /// The plan of a run that downloads images. Its listing has the URL of each in the order of their numbers, which name
  /// the files.
  /// - Parameter source: where the URLs come from.
  package init(
    _ what: What, on urls: URLList, count: Int, source: String, program: String, shardCount: Int? = nil
  ) throws {
    var segments: [ListingSegment] = []
    try urls.forEachSegment(count) { segments.append($0.segment) }
    try self.init(
      what, segments, outputCount: count, input: source, others: [:], program: program, shardCount: shardCount,
      problems: nil)
  }

  /// Writes the plan and its listing, as for images.
  package func write(to record: RunRecord, _ urls: URLList, isDurable: Bool) throws {
    try urls.forEachSegment(imageCount) { try record.write($0, isDurable: isDurable) }
    try write(to: record, isDurable: isDurable)
  }

  /// The URLs of a part of the listing. Segments without any are not read.
  package func urls(in record: Folder, _ part: Range<Int>) throws -> URLList {
    let urls: [ListedURL] = try files(in: record, part)
    return URLList(urls.map(\.path), from: part.lowerBound + 1)
  }

  /// What differs between an earlier plan, whose record is given, and this one; `nil`: nothing.
  package func difference(from old: PlanFile, in record: Folder, _ urls: URLList) throws -> Difference? {
    if hash == old.hash { return nil }
    if let difference = try old.difference(to: what, program: program, shardCount: shardCount, others: others) {
      return difference
    }
    guard imageCount == old.imageCount else { return .count(old: old.imageCount, new: imageCount) }
    var number = 1
    for (before, now) in zip(old.segments, segments) {
      let listed: [ListedURL] = try before == now ? [] : before.files(in: record)
      for (old, number) in zip(listed, number...) where old.path != urls[number] {
        return .source(number, old: old.path, new: urls[number])
      }
      number += before.imageCount
    }
    return .image(path: nil, change: .changed)
  }
}

/// A URL as a listing has it. Nothing else is known of what is there.
struct ListedURL: ListedFile {
  let path: String
  var stamp: FileStamp? { nil }
  var kind: String { Self.listedKind }

  static let listedKind = "url"

  init(path: String) { self.path = path }

  init?(path: String, stamp: FileStamp?, kind: String) {
    guard kind == Self.listedKind, stamp == nil else { return nil }
    self.path = path
  }
}

extension URLList {
  /// Calls `body` for each segment of a listing of the first `count` URLs.
  fileprivate func forEachSegment(_ count: Int, _ body: (SegmentBuilder.Piece) throws -> Void) throws {
    var builder = SegmentBuilder()
    for number in 1...count {
      let url = self[number]
      guard url.utf8.count <= ListingSegment.pathLimit else { throw Invalid.tooLong(number: number) }
      if let piece = builder.append(ListedURL(path: url)) { try body(piece) }
    }
    if let piece = builder.finish() { try body(piece) }
  }
}

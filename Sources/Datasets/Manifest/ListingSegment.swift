internal import Imaging
package import Platform
internal import SystemPackage

/// What a listing has: an image, a tar of images, or a URL.
protocol ListedFile {
  /// Relative to the input folder; the URL itself.
  var path: String { get }
  var stamp: FileStamp? { get }
  /// A word for what it is, such as the format of an image.
  var kind: String { get }
  /// - Returns: `nil` if it is of another kind, or the path leads out of the input.
  init?(path: String, stamp: FileStamp?, kind: String)
}

extension InputImage: ListedFile {
  var kind: String { format.rawValue }

  init?(path: String, stamp: FileStamp?, kind: String) {
    guard let format = ImageFormat(rawValue: kind), PathText.isInner(text: path) else { return nil }
    self.init(path: path, format: format, stamp: stamp)
  }
}

/// Something in a listing, whatever it is.
struct ListedSource: ListedFile {
  let path: String
  let stamp: FileStamp?
  let kind: String

  init?(path: String, stamp: FileStamp?, kind: String) {
    guard kind == ListedURL.listedKind || PathText.isInner(text: path) else { return nil }
    (self.path, self.stamp, self.kind) = (path, stamp, kind)
  }
}

/// A run of consecutive images of a listing, or tars or URLs, kept in a file of its own, so that nobody has to read all of them.
///
/// The file is compressed. Each image is the number of bytes that its path shares with the one before, its size, its
/// time, what it is (size and time are - if they are not known) and the rest of the path, with a NUL behind.
package struct ListingSegment: Codable, Hashable, Sendable {
  /// In the folder of the record.
  package var file: String
  package var imageCount: Int
  /// Path of the first image.
  package var first: String
  /// Of the content before it is compressed.
  package var hash: ContentHash

  static let mostImages = 100_000
  /// Linux opens no path of more than 4096 bytes. It also bounds the paths together, because each may share the one
  /// before it.
  private static let contentLimit = mostImages * 4200
  /// Of the paths of a segment that is full, which may be URLs; it leaves room for what stands with each.
  static let fullByteCount = mostImages * 4096
  /// Four for each byte, as an escaped one has.
  static let pathLimit = 4 * 4096

  /// A file of a record that does not hold what it should.
  package struct Damage: Error, Hashable, Sendable, CustomStringConvertible {
    package var file: String

    package init(file: String) { self.file = file }

    package var description: String { "\(RunRecord.folderName)/\(file) is damaged" }
  }
}

/// Divides images into segments. Neighbours should have similar paths.
struct SegmentBuilder {
  typealias Piece = (segment: ListingSegment, content: [UInt8])

  private var bytes: [UInt8] = []
  private var last: [UInt8] = []
  private var first = ""
  private var imageCount = 0
  private var pathByteCount = 0
  private var segmentCount = 0

  /// - Returns: a segment that is full now.
  mutating func append(_ image: some ListedFile) -> Piece? {
    if imageCount == 0 { first = image.path }
    let path = Array(image.path.utf8)
    var shared = 0
    while shared < min(path.count, last.count), path[shared] == last[shared] { shared += 1 }
    bytes += String(shared).utf8
    bytes.append(UInt8(ascii: " "))
    if let stamp = image.stamp {
      bytes += "\(stamp.byteCount) \(stamp.modified) ".utf8
    } else {
      bytes += "- - ".utf8
    }
    bytes += image.kind.utf8
    bytes.append(UInt8(ascii: " "))
    bytes += path[shared...]
    bytes.append(0)
    last = path
    imageCount += 1
    pathByteCount += path.count
    let isFull = imageCount == ListingSegment.mostImages || pathByteCount > ListingSegment.fullByteCount
    return isFull ? finish() : nil
  }

  /// - Returns: a segment of the images since the last one; `nil` if there are none.
  mutating func finish() -> Piece? {
    guard imageCount > 0 else { return nil }
    let segment = ListingSegment(
      file: ListingSegment.fileName(segmentCount), imageCount: imageCount, first: first,
      hash: ContentHash(of: bytes.span))
    defer {
      segmentCount += 1
      (imageCount, pathByteCount) = (0, 0)
      (bytes, last) = ([], [])
    }
    return (segment, bytes)
  }
}

extension ListingSegment {
  static func fileName(_ number: Int) -> String {
    let digits = String(number)
    return "listing-\(String(repeating: "0", count: max(0, 4 - digits.count)) + digits).zst"
  }

  /// Calls `body` for each segment of a listing.
  static func forEach(of images: [some ListedFile], _ body: (SegmentBuilder.Piece) throws -> Void) rethrows {
    var builder = SegmentBuilder()
    for image in images {
      if let piece = builder.append(image) { try body(piece) }
    }
    if let piece = builder.finish() { try body(piece) }
  }

  /// Reads the images of the segment.
  package func images(in record: Folder) throws -> [InputImage] { try files(in: record) }

  /// Reads the images of the segment, or its tars.
  /// - Throws: `Damage`, or a `FileError`.
  func files<Listed: ListedFile>(in record: Folder) throws -> [Listed] {
    let bytes = try File.read(FilePath(file), in: record, limit: Self.contentLimit)
    guard let content = Zstandard.decompressed(bytes, limit: Self.contentLimit), ContentHash(of: content.span) == hash
    else { throw Damage(file: file) }
    var (images, path, pathByteCount) = ([Listed](), [UInt8](), 0)
    var rest = content[...]
    while let end = rest.firstIndex(of: 0) {
      let entry = Entry<Listed>(rest[..<end], after: path)
      rest = rest[(end + 1)...]
      path = entry?.path ?? []
      pathByteCount += path.count
      guard let entry, images.count < imageCount, pathByteCount <= Self.contentLimit else { throw Damage(file: file) }
      images.append(entry.image)
    }
    guard images.count == imageCount, rest.isEmpty else { throw Damage(file: file) }
    return images
  }

  /// An image as the content has it.
  private struct Entry<Listed: ListedFile> {
    var path: [UInt8]
    var image: Listed

    /// - Returns: `nil` if the bytes are none.
    init?(_ bytes: ArraySlice<UInt8>, after last: [UInt8]) {
      let fields = bytes.split(separator: UInt8(ascii: " "), maxSplits: 4, omittingEmptySubsequences: false)
      let words = fields.prefix(4).map { String(decoding: $0, as: UTF8.self) }
      guard fields.count == 5, let shared = Int(words[0]), 0...last.count ~= shared else { return nil }
      path = Array(last[..<shared]) + fields[4]
      guard path.count <= ListingSegment.pathLimit else { return nil }
      var stamp: FileStamp?
      if let byteCount = Int(words[1]), let modified = Int(words[2]) {
        stamp = FileStamp(byteCount: byteCount, modified: modified)
      }
      let text = String(decoding: path, as: UTF8.self)
      guard let image = Listed(path: text, stamp: stamp, kind: words[3]) else { return nil }
      self.image = image
    }
  }
}

internal import Imaging
package import Platform
internal import SystemPackage

/// A run of consecutive images of a listing, kept in a file of its own, so that nobody has to read all of them.
///
/// The file is compressed. Each image is the number of bytes that its path shares with the one before, its size, its
/// time, its format and the rest of the path, with a NUL behind.
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
  /// Four for each byte, as an escaped one has.
  private static let pathLimit = 4 * 4096

  /// A file of a record that does not hold what it should.
  package struct Damage: Error, Hashable, Sendable, CustomStringConvertible {
    package var file: String

    package init(file: String) { self.file = file }

    package var description: String { "\(RunRecord.folderName)/\(file) is damaged" }
  }
}

extension ListingSegment {
  /// The segments of a listing, with their contents.
  static func all(of images: [InputImage]) -> [(segment: ListingSegment, content: [UInt8])] {
    stride(from: 0, to: images.count, by: mostImages).map { begin in
      let part = images[begin..<min(begin + mostImages, images.count)]
      let content = content(of: part)
      let segment = ListingSegment(
        file: fileName(begin / mostImages), imageCount: part.count, first: part.first?.path ?? "",
        hash: ContentHash(of: content.span))
      return (segment, content)
    }
  }

  static func fileName(_ number: Int) -> String {
    let digits = String(number)
    return "listing-\(String(repeating: "0", count: max(0, 4 - digits.count)) + digits).zst"
  }

  private static func content(of images: ArraySlice<InputImage>) -> [UInt8] {
    var (bytes, last) = ([UInt8](), [UInt8]())
    for image in images {
      let path = Array(image.path.utf8)
      let shared = zip(path, last).prefix { $0 == $1 }.count
      let stamp = image.stamp.map { "\($0.byteCount) \($0.modified)" } ?? "- -"
      bytes += "\(shared) \(stamp) \(image.format.rawValue) ".utf8
      bytes += path[shared...]
      bytes.append(0)
      last = path
    }
    return bytes
  }

  /// Reads the images of the segment.
  /// - Throws: `Damage`, or a `FileError`.
  package func images(in record: Folder) throws -> [InputImage] {
    let bytes = try File.read(FilePath(file), in: record, limit: Self.contentLimit)
    guard let content = Zstandard.decompressed(bytes, limit: Self.contentLimit), ContentHash(of: content.span) == hash
    else { throw Damage(file: file) }
    var (images, path, pathByteCount) = ([InputImage](), [UInt8](), 0)
    var rest = content[...]
    while let end = rest.firstIndex(of: 0) {
      let entry = Entry(rest[..<end], after: path)
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
  private struct Entry {
    var path: [UInt8]
    var image: InputImage

    /// - Returns: `nil` if the bytes are none.
    init?(_ bytes: ArraySlice<UInt8>, after last: [UInt8]) {
      let fields = bytes.split(separator: UInt8(ascii: " "), maxSplits: 4, omittingEmptySubsequences: false)
      let words = fields.prefix(4).map { String(decoding: $0, as: UTF8.self) }
      guard fields.count == 5, let shared = Int(words[0]), 0...last.count ~= shared,
        let format = ImageFormat(rawValue: words[3])
      else { return nil }
      path = Array(last[..<shared]) + fields[4]
      guard path.count <= ListingSegment.pathLimit else { return nil }
      image = InputImage(path: String(decoding: path, as: UTF8.self), format: format)
      if let byteCount = Int(words[1]), let modified = Int(words[2]) {
        image.stamp = FileStamp(byteCount: byteCount, modified: modified)
      }
    }
  }
}

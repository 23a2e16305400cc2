/// The first bytes of a file, read as numbers.
struct FileHead {
  let bytes: [UInt8]

  /// A number of so many bytes, the least significant first; `nil` beyond the end.
  func little(_ byteCount: Int, at offset: Int) -> Int? {
    guard offset + byteCount <= bytes.count else { return nil }
    return bytes[offset..<offset + byteCount].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// As `little`, the most significant byte first.
  func big(_ byteCount: Int, at offset: Int) -> Int? {
    guard offset + byteCount <= bytes.count else { return nil }
    return bytes[offset..<offset + byteCount].reduce(0) { $0 << 8 | Int($1) }
  }

  func holds(_ expected: [UInt8], at offset: Int) -> Bool {
    offset + expected.count <= bytes.count && bytes[offset...].starts(with: expected)
  }

  /// Whether it reads as UTF-8 without control characters, but for a last character that the head may have cut.
  var isText: Bool {
    guard bytes.allSatisfy({ $0 >= 0x20 || (0x09...0x0D).contains($0) }) else { return false }
    let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
    return !scalars.isEmpty && scalars.first != "\u{FFFD}" && !scalars.dropLast().contains("\u{FFFD}")
  }
}

/// How the files of a kind begin.
///
/// Two or four bytes are not enough to be sure where they are letters, or small numbers: labels may begin with "BM" as
/// well as bitmaps do, and a table of numbers with 65536 as well as icons. There the fields behind have to make sense.
struct FileSignature: Sendable {
  let kind: FileKind
  private let offset: Int
  private let bytes: [UInt8]
  private let makesSense: @Sendable (FileHead) -> Bool

  private init(
    _ kind: FileKind, at offset: Int = 0, _ bytes: [UInt8], where makesSense: @escaping @Sendable (FileHead) -> Bool
  ) {
    (self.kind, self.offset, self.bytes, self.makesSense) = (kind, offset, bytes, makesSense)
  }

  private init(_ kind: FileKind, _ bytes: [UInt8]) { self.init(kind, bytes, where: { _ in true }) }

  private init(_ kind: FileKind, at offset: Int = 0, _ text: String) {
    self.init(kind, at: offset, [UInt8](text.utf8), where: { _ in true })
  }

  func matches(_ head: FileHead) -> Bool { head.holds(bytes, at: offset) && makesSense(head) }

  static let all = [
    FileSignature(.jpeg, [0xFF, 0xD8, 0xFF]),
    FileSignature(.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
    FileSignature(.gif, "GIF87a"), FileSignature(.gif, "GIF89a"),
    FileSignature(.webp, at: 8, [UInt8]("WEBPVP8".utf8), where: { $0.holds([UInt8]("RIFF".utf8), at: 0) }),
    FileSignature(.tiff, [0x49, 0x49, 0x2A, 0x00], where: { isBehindHeader($0.little(4, at: 4)) }),
    FileSignature(.tiff, [0x4D, 0x4D, 0x00, 0x2A], where: { isBehindHeader($0.big(4, at: 4)) }),
    FileSignature(.tiff, [0x49, 0x49, 0x2B, 0x00, 0x08, 0x00, 0x00, 0x00]),
    FileSignature(.tiff, [0x4D, 0x4D, 0x00, 0x2B, 0x00, 0x08, 0x00, 0x00]),
    FileSignature(.avif, at: 4, "ftypavif"), FileSignature(.avif, at: 4, "ftypavis"),
    FileSignature(.heif, at: 4, "ftypheic"), FileSignature(.heif, at: 4, "ftypheix"),
    FileSignature(.heif, at: 4, "ftyphevc"), FileSignature(.heif, at: 4, "ftypmif1"),
    FileSignature(.heif, at: 4, "ftypmsf1"),
    FileSignature(.jpeg2000, at: 4, "jP  \r\n"), FileSignature(.jpeg2000, [0xFF, 0x4F, 0xFF, 0x51]),
    FileSignature(.jpegXL, at: 4, "JXL \r\n"), FileSignature(.jpegXL, [0xFF, 0x0A]),
    FileSignature(
      .ico, [0x00, 0x00, 0x01, 0x00], where: { isIconDirectory($0, bitCounts: [0, 1, 4, 8, 16, 24, 32]) }),
    FileSignature(.ico, [0x00, 0x00, 0x02, 0x00], where: { isIconDirectory($0, bitCounts: nil) }),
    FileSignature(.psd, [UInt8]("8BPS".utf8), where: isPhotoshopHeader), FileSignature(.pdf, "%PDF-"),
    FileSignature(.bmp, [UInt8]("BM".utf8), where: isBitmapHeader),
  ]

  /// The first directory of a TIFF lies behind its header of 8 bytes.
  private static func isBehindHeader(_ offset: Int?) -> Bool { offset.map { $0 >= 8 } ?? false }

  /// Four bytes that are zero, the offset of the pixels, and the size of a second header, of which there are these.
  private static func isBitmapHeader(_ head: FileHead) -> Bool {
    guard head.little(4, at: 6) == 0, let offset = head.little(4, at: 10), offset >= 26,
      let headerSize = head.little(4, at: 14), [12, 16, 40, 52, 56, 64, 108, 124].contains(headerSize)
    else { return false }
    return head.little(2, at: headerSize == 12 ? 22 : 26) == 1  // planes
  }

  /// A number of images, and of the first its size and where it lies: behind the directory. An icon also says how many
  /// planes and bits it has; a cursor has the place that points there, which may be any, and so has to lie just behind.
  private static func isIconDirectory(_ head: FileHead, bitCounts: [Int]?) -> Bool {
    guard let count = head.little(2, at: 4), count > 0, let byteCount = head.little(4, at: 14),
      let offset = head.little(4, at: 18), byteCount >= 40, offset >= 6 + 16 * count
    else { return false }
    guard let bitCounts else { return offset == 6 + 16 * count }
    return (head.little(2, at: 10) ?? 2) <= 1 && bitCounts.contains(head.little(2, at: 12) ?? -1)
  }

  /// Version 1 or 2, and six bytes that are zero.
  private static func isPhotoshopHeader(_ head: FileHead) -> Bool {
    (1...2).contains(head.big(2, at: 4) ?? 0) && head.big(6, at: 6) == 0
  }
}

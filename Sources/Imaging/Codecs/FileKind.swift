/// A file's type by its magic number, whatever its name says; an image type only if the bytes leave no doubt.
package enum FileKind: String, CaseIterable, Hashable, Sendable {
  case jpeg = "JPEG image"
  case png = "PNG image"
  /// Lossy or lossless.
  case webp = "WebP image"
  /// Either byte order, BigTIFF included; also many camera raw formats.
  case tiff = "TIFF image"
  case bmp = "BMP image"
  case gif = "GIF image"
  /// Portable bitmap, greymap, pixmap or arbitrary map, as text or binary.
  case pnm = "PNM image"
  // Those above are read; those below are recognised only so that an error can name them.
  /// One image or several.
  case avif = "AVIF image"
  /// HEIC and related brands.
  case heif = "HEIF image"
  /// File or bare codestream.
  case jpeg2000 = "JPEG 2000 image"
  /// File or bare codestream.
  case jpegXL = "JPEG XL image"
  /// Windows icon or cursor.
  case ico = "ICO icon"
  case psd = "Photoshop document"
  case pdf = "PDF document"
  /// Usually an error page saved under an image's name.
  case html = "HTML page"
  /// Plain text or source code of any kind.
  case text = "text file"
  case unknown = "file of an unknown kind"

  /// Leading bytes of a file that are examined.
  package static let headCount = 64

  /// For messages: "WebP image".
  package var name: String { rawValue }

  package var isImage: Bool {
    switch self {
    case .pdf, .html, .text, .unknown: false
    default: true
    }
  }

  /// The image format, or `nil` if it cannot be read.
  package var format: ImageFormat? {
    switch self {
    case .jpeg: .jpeg
    case .png: .png
    case .webp: .webp
    case .tiff: .tiff
    case .bmp: .bmp
    case .gif: .gif
    case .pnm: .pnm
    default: nil
    }
  }

  /// The kind of a file that begins with `head`. Text is no image, whatever its first letters, but for portable maps,
  /// which may be text.
  package init(_ head: [UInt8]) {
    let head = FileHead(bytes: head)
    let known = FileSignature.all.first { $0.matches(head) }?.kind
    if let known, known == .pnm || !known.isImage || !head.isText {
      self = known
    } else {
      self = head.isText ? Self.kindOfText(head.bytes) : .unknown
    }
  }

  private static func kindOfText(_ head: [UInt8]) -> FileKind {
    let start = String(decoding: head, as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }.lowercased()
    return start.hasPrefix("<!doctype html") || start.hasPrefix("<html") ? .html : .text
  }
}

/// The first bytes of a file, with access to integers.
struct FileHead {
  let bytes: [UInt8]

  /// The little-endian integer of `byteCount` bytes; `nil` beyond the end.
  func little(_ byteCount: Int, at offset: Int) -> Int? {
    guard offset + byteCount <= bytes.count else { return nil }
    return bytes[offset..<offset + byteCount].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// The big-endian integer of `byteCount` bytes; `nil` beyond the end.
  func big(_ byteCount: Int, at offset: Int) -> Int? {
    guard offset + byteCount <= bytes.count else { return nil }
    return bytes[offset..<offset + byteCount].reduce(0) { $0 << 8 | Int($1) }
  }

  func holds(_ expected: [UInt8], at offset: Int) -> Bool {
    offset + expected.count <= bytes.count && bytes[offset...].starts(with: expected)
  }

  /// Whether it is UTF-8 without control characters other than white space. The last character may be cut.
  var isText: Bool {
    guard bytes.allSatisfy({ $0 >= 0x20 || (0x09...0x0D).contains($0) }) else { return false }
    let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
    return !scalars.isEmpty && scalars.first != "\u{FFFD}" && !scalars.dropLast().contains("\u{FFFD}")
  }
}

/// A magic number, with a check of the fields behind it.
///
/// Two or four bytes prove little where they are letters or small numbers: a text may begin with "BM" as bitmaps do,
/// and a table of numbers with 65536 as icons do. For these, the following fields must be plausible too.
struct FileSignature: Sendable {
  let kind: FileKind
  private let offset: Int
  private let bytes: [UInt8]
  private let isPlausible: @Sendable (FileHead) -> Bool

  private init(
    _ kind: FileKind, at offset: Int = 0, _ bytes: [UInt8], where isPlausible: @escaping @Sendable (FileHead) -> Bool
  ) {
    (self.kind, self.offset, self.bytes, self.isPlausible) = (kind, offset, bytes, isPlausible)
  }

  private init(_ kind: FileKind, _ bytes: [UInt8]) { self.init(kind, bytes, where: { _ in true }) }

  private init(_ kind: FileKind, at offset: Int = 0, _ text: String) {
    self.init(kind, at: offset, [UInt8](text.utf8), where: { _ in true })
  }

  func matches(_ head: FileHead) -> Bool { head.holds(bytes, at: offset) && isPlausible(head) }

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
    FileSignature(.pnm, [UInt8]("P".utf8), where: isPortableMapHeader),
  ]

  /// The first directory of a TIFF lies behind its 8-byte header.
  private static func isBehindHeader(_ offset: Int?) -> Bool { offset.map { $0 >= 8 } ?? false }

  /// Four zero bytes, the offset of the pixels, a second header of a known size, and one plane.
  private static func isBitmapHeader(_ head: FileHead) -> Bool {
    guard head.little(4, at: 6) == 0, let offset = head.little(4, at: 10), offset >= 26,
      let headerSize = head.little(4, at: 14), [12, 16, 40, 52, 56, 64, 108, 124].contains(headerSize)
    else { return false }
    return head.little(2, at: headerSize == 12 ? 22 : 26) == 1  // planes
  }

  /// The number of images; size and offset of the first, which must lie behind the directory. Icons also give planes
  /// and bit depth; cursors have an arbitrary hotspot there, so their first image must follow the directory directly.
  private static func isIconDirectory(_ head: FileHead, bitCounts: [Int]?) -> Bool {
    guard let count = head.little(2, at: 4), count > 0, let byteCount = head.little(4, at: 14),
      let offset = head.little(4, at: 18), byteCount >= 40, offset >= 6 + 16 * count
    else { return false }
    guard let bitCounts else { return offset == 6 + 16 * count }
    return (head.little(2, at: 10) ?? 2) <= 1 && bitCounts.contains(head.little(2, at: 12) ?? -1)
  }

  /// Version 1 or 2, then six zero bytes.
  private static func isPhotoshopHeader(_ head: FileHead) -> Bool {
    (1...2).contains(head.big(2, at: 4) ?? 0) && head.big(6, at: 6) == 0
  }

  /// A digit from 1 to 6, then width, height and, except for bitmaps, the largest value, behind white space and
  /// comments. After a 7, a line with a word of that header.
  private static func isPortableMapHeader(_ head: FileHead) -> Bool {
    guard let digit = head.bytes.dropFirst().first, (0x31...0x36).contains(digit) else {
      return ["#", "WIDTH ", "HEIGHT ", "DEPTH ", "MAXVAL ", "TUPLTYPE "].contains {
        head.holds([UInt8]("7\n\($0)".utf8), at: 1)
      }
    }
    let numberCount = digit == 0x31 || digit == 0x34 ? 2 : 3
    var rest = head.bytes.dropFirst(2)
    for _ in 0..<numberCount {
      guard let behindGap = rest.behindGap else { return head.bytes.count == FileKind.headCount }
      let digits = behindGap.prefix { (0x30...0x39).contains($0) }
      guard behindGap.count < rest.count, !digits.isEmpty else { return false }
      rest = behindGap.dropFirst(digits.count)
    }
    return rest.first.map { $0 == 0x20 || (0x09...0x0D).contains($0) || $0 == 0x23 } ?? false
  }
}

extension ArraySlice<UInt8> {
  /// What follows white space and comments; `nil` if a comment does not end.
  fileprivate var behindGap: ArraySlice<UInt8>? {
    var rest = self
    while let first = rest.first, first == 0x20 || (0x09...0x0D).contains(first) || first == 0x23 {
      guard first == 0x23 else {
        rest = rest.dropFirst()
        continue
      }
      guard let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else { return nil }
      rest = rest[end...]
    }
    return rest
  }
}

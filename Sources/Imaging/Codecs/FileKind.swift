/// What a file is by its first bytes, whatever its name says.
public enum FileKind: String, CaseIterable, Hashable, Sendable {
  /// Read and written.
  case jpeg = "JPEG image"
  /// Read and written.
  case png = "PNG image"
  /// Named only, as all that follow: so that an error says what the file is.
  case gif = "GIF image"
  /// Windows bitmap.
  case bmp = "BMP image"
  /// WebP, lossy or lossless.
  case webp = "WebP image"
  /// TIFF of either byte order, BigTIFF too; many camera raw files as well.
  case tiff = "TIFF image"
  /// AVIF, one image or several.
  case avif = "AVIF image"
  /// HEIC and its relatives.
  case heif = "HEIF image"
  /// JPEG 2000, file or bare codestream.
  case jpeg2000 = "JPEG 2000 image"
  /// JPEG XL, file or bare codestream.
  case jpegXL = "JPEG XL image"
  /// Windows icon or cursor.
  case ico = "ICO icon"
  /// Photoshop document.
  case psd = "Photoshop document"
  /// Portable Document Format.
  case pdf = "PDF document"
  /// An error page saved under an image's name, as a rule.
  case html = "HTML page"
  /// Plain text or source of any kind.
  case text = "text file"
  /// Nothing that is known here.
  case unknown = "file of an unknown kind"

  /// How many of a file's first bytes are looked at.
  public static let headCount = 64

  /// For people: "WebP image".
  public var name: String { rawValue }

  /// Whether it is an image, of whatever kind.
  public var isImage: Bool {
    switch self {
    case .pdf, .html, .text, .unknown: false
    default: true
    }
  }

  /// The format, where it is one that can be read.
  public var format: ImageFormat? {
    switch self {
    case .jpeg: .jpeg
    case .png: .png
    default: nil
    }
  }

  /// The kind of a file that begins with `head`.
  public init(_ head: [UInt8]) {
    let known = Self.signatures.first { signature in
      head.count >= signature.offset + signature.bytes.count
        && head[signature.offset...].starts(with: signature.bytes)
    }
    self = known?.kind ?? Self.kindOfText(head)
  }

  /// Bytes that a kind of file has at a place of its own.
  private struct Signature {
    var kind: FileKind
    var offset = 0
    var bytes: [UInt8]

    init(_ kind: FileKind, _ bytes: [UInt8]) {
      (self.kind, self.bytes) = (kind, bytes)
    }

    init(_ kind: FileKind, at offset: Int = 0, _ text: String) {
      (self.kind, self.offset, self.bytes) = (kind, offset, [UInt8](text.utf8))
    }
  }

  private static let signatures = [
    Signature(.jpeg, [0xFF, 0xD8, 0xFF]),
    Signature(.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
    Signature(.gif, "GIF87a"), Signature(.gif, "GIF89a"),
    Signature(.webp, at: 8, "WEBPVP8"),
    Signature(.tiff, [0x49, 0x49, 0x2A, 0x00]), Signature(.tiff, [0x4D, 0x4D, 0x00, 0x2A]),
    Signature(.tiff, [0x49, 0x49, 0x2B, 0x00]), Signature(.tiff, [0x4D, 0x4D, 0x00, 0x2B]),
    Signature(.avif, at: 4, "ftypavif"), Signature(.avif, at: 4, "ftypavis"),
    Signature(.heif, at: 4, "ftypheic"), Signature(.heif, at: 4, "ftypheix"), Signature(.heif, at: 4, "ftyphevc"),
    Signature(.heif, at: 4, "ftypmif1"), Signature(.heif, at: 4, "ftypmsf1"),
    Signature(.jpeg2000, at: 4, "jP  \r\n"), Signature(.jpeg2000, [0xFF, 0x4F, 0xFF, 0x51]),
    Signature(.jpegXL, at: 4, "JXL \r\n"), Signature(.jpegXL, [0xFF, 0x0A]),
    Signature(.ico, [0x00, 0x00, 0x01, 0x00]), Signature(.ico, [0x00, 0x00, 0x02, 0x00]),
    Signature(.psd, "8BPS"), Signature(.pdf, "%PDF-"), Signature(.bmp, "BM"),
  ]

  /// Text has no control characters and is UTF-8, but for a last character that the head may have cut.
  private static func kindOfText(_ head: [UInt8]) -> FileKind {
    let text = String(decoding: head, as: UTF8.self)
    let isText = head.allSatisfy { $0 >= 0x20 || (0x09...0x0D).contains($0) }
    guard isText, let first = text.unicodeScalars.first, first != "\u{FFFD}",
      !text.unicodeScalars.dropLast().contains("\u{FFFD}")
    else { return .unknown }
    let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.lowercased()
    return start.hasPrefix("<!doctype html") || start.hasPrefix("<html") ? .html : .text
  }
}

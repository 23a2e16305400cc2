/// What a file is by its first bytes, whatever its name says: an image only where they leave no doubt.
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

  /// The kind of a file that begins with `head`. What reads as text is no image, whatever its first letters are.
  public init(_ head: [UInt8]) {
    let head = FileHead(bytes: head)
    let known = FileSignature.all.first { $0.matches(head) }?.kind
    if let known, known.format != nil || !known.isImage || !head.isText {
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

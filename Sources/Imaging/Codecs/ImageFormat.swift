/// An image format that is read. Most are written, too.
package enum ImageFormat: String, CaseIterable, Codable, Hashable, Sendable {
  /// 8 bits per sample, lossy, no alpha.
  case jpeg
  /// Lossless, with alpha if the image has it.
  case png
  /// 8 bits per sample, lossy or lossless, with alpha if the image has it; grey is stored as R, G, B.
  case webp
  /// Written lossless, with alpha if the image has it.
  case tiff
  /// The bitmaps of Windows and OS/2.
  case bmp
  /// Only the first frame is read.
  case gif
  /// The portable maps of Netpbm: bitmap, greymap, pixmap, and the arbitrary map with alpha.
  case pnm

  /// Those in which copies can be written.
  package static let written: [ImageFormat] = [.jpeg, .png, .webp, .tiff]

  /// The format of copies, unless another is asked for: the same if it is written, else PNG, which loses nothing.
  package var ofCopies: ImageFormat { Self.written.contains(self) ? self : .png }

  /// The usual file extensions, lower case and without the dot; the first one is used for writing.
  package var fileExtensions: [String] {
    switch self {
    case .jpeg: ["jpg", "jpeg", "jpe", "jfif"]
    case .png: ["png"]
    case .webp: ["webp"]
    case .tiff: ["tif", "tiff"]
    case .bmp: ["bmp", "dib"]
    case .gif: ["gif"]
    case .pnm: ["pnm", "ppm", "pgm", "pbm", "pam"]
    }
  }

  /// The format of a file extension, ignoring case; `nil` if unknown.
  package init?(fileExtension: String) {
    let ending = fileExtension.lowercased()
    guard let format = Self.allCases.first(where: { $0.fileExtensions.contains(ending) }) else { return nil }
    self = format
  }
}

/// The metadata of an image file, carried along and written with every copy.
package struct ImageMetadata: Hashable, Sendable {
  /// The embedded ICC profile; empty if there is none.
  package var colorProfile: [UInt8] = []
  /// The other colour chunks of a PNG: cICP, cHRM, gAMA and sRGB.
  package var colorChunks: [PNGChunk] = []
  /// EXIF as a TIFF structure; empty if there is none.
  package var exif: [UInt8] = []
  /// The XMP packet; empty if there is none.
  package var xmp: [UInt8] = []
  package var density: PixelDensity?
  /// Chroma subsampling of the source; `nil` if unknown or no JPEG.
  package var subsampling: Subsampling?
  /// Whether the source is a WebP without loss.
  package var isLossless = false
  /// Whether samples of the source have more than 8 bits, to which decoded images are reduced.
  package var isDeep = false

  package init() {}

  /// The part that `choice` keeps. Always drops the orientation, which the pixels have taken on, and thumbnails, which
  /// would show what was anonymised.
  package func kept(by choice: MetadataChoice) -> ImageMetadata {
    var kept = self
    switch choice {
    case .none:
      kept = ImageMetadata()
      (kept.subsampling, kept.isLossless, kept.isDeep) = (subsampling, isLossless, isDeep)
    case .colour:
      kept.exif = ExifTree(exif)?.colorTags.bytes ?? []
      (kept.xmp, kept.density) = ([], nil)
    case .all:
      kept.exif = ExifTree(exif)?.portableTags.bytes ?? []
      kept.xmp = XMP.portable(xmp)
    }
    return kept
  }
}

/// Which metadata copies keep.
package enum MetadataChoice: String, CaseIterable, Codable, Hashable, Sendable {
  case none
  /// What defines the colours: ICC profile, the colour tags of EXIF, cICP, cHRM, gAMA and sRGB of PNG.
  case colour
  /// All but orientation, thumbnails, maker notes and tags that describe the source file itself.
  case all
}

package struct PNGChunk: Hashable, Sendable {
  /// Four letters.
  package var type: String
  package var content: [UInt8]

  package init(_ type: String, _ content: [UInt8]) { (self.type, self.content) = (type, content) }
}

/// Pixels per unit of length.
package struct PixelDensity: Hashable, Sendable {
  /// Raw values are those of JFIF, which has no metre. `aspect` is no length: the numbers give the pixel aspect ratio.
  package enum Unit: UInt8, Sendable {
    case aspect, inch, centimetre, metre
  }

  package var unit: Unit
  package var horizontal: Int
  package var vertical: Int

  package init(_ unit: Unit, _ horizontal: Int, _ vertical: Int) {
    (self.unit, self.horizontal, self.vertical) = (unit, horizontal, vertical)
  }

  /// In a unit of PNG.
  package var perMetre: PixelDensity {
    switch unit {
    case .aspect, .metre: self
    case .inch: scaled(by: 1 / 0.0254, .metre)
    case .centimetre: scaled(by: 100, .metre)
    }
  }

  /// In a unit of JFIF; `nil` if a number does not fit in 16 bits.
  package var perInch: PixelDensity? {
    let density = unit == .metre ? scaled(by: 0.0254, .inch) : self
    return [density.horizontal, density.vertical].allSatisfy((1...0xFFFF).contains) ? density : nil
  }

  /// Whether it only says that pixels are square, as in most files.
  var isPlain: Bool { unit == .aspect && horizontal == vertical }

  private func scaled(by factor: Double, _ unit: Unit) -> PixelDensity {
    PixelDensity(unit, Int((Double(horizontal) * factor).rounded()), Int((Double(vertical) * factor).rounded()))
  }
}

enum XMP {
  /// The packet with its orientation set to upright; empty if it holds a thumbnail or is not UTF-8.
  static func portable(_ packet: [UInt8]) -> [UInt8] {
    guard !packet.isEmpty, let text = String(validating: packet, as: UTF8.self),
      !text.contains("xmpGImg:image")
    else { return [] }
    return [UInt8](text.replacing(/(tiff:Orientation(?:=["']|>))[2-8]/) { "\($0.output.1)1" }.utf8)
  }
}

/// An embedded ICC profile. Only its colour space is read.
enum ColorProfile {
  /// `profile` if its colour space has this many channels, else empty: for example the profile of a CMYK image that was
  /// converted to R, G, B.
  static func fitting(_ profile: [UInt8], channels: Int) -> [UInt8] {
    let colorSpace = profile.dropFirst(16).prefix(4)
    return colorSpace.elementsEqual((channels == 1 ? "GRAY" : "RGB ").utf8) ? profile : []
  }
}

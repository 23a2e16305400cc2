/// What a file says of its image besides the pixels, carried along to be written with every copy.
package struct ImageMetadata: Hashable, Sendable {
  /// The embedded colour profile (ICC); empty when there is none.
  package var colorProfile: [UInt8] = []
  /// What else a PNG says of its colours: its chunks cICP, cHRM, gAMA and sRGB.
  package var colorChunks: [PNGChunk] = []
  /// EXIF as a TIFF structure; empty when there is none.
  package var exif: [UInt8] = []
  /// The packet of XMP; empty when there is none.
  package var xmp: [UInt8] = []
  /// How large the pixels are.
  package var density: PixelDensity?
  /// How the colour differences of a JPEG were stored; `nil` where the image comes from elsewhere.
  package var subsampling: Subsampling?

  /// Nothing.
  package init() {}

  /// What of it `choice` keeps, without the orientation, which the pixels have taken on, and without thumbnails, which
  /// would show what has been made unrecognisable.
  package func kept(by choice: MetadataChoice) -> ImageMetadata {
    var kept = self
    switch choice {
    case .none:
      kept = ImageMetadata()
      kept.subsampling = subsampling
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
  /// None at all.
  case none
  /// What the colours mean: ICC profile, the colour tags of EXIF, cICP, cHRM, gAMA and sRGB of PNG.
  case colour
  /// All but orientation, thumbnails, maker's notes and what describes the source file itself.
  case all
}

/// A chunk of a PNG file.
package struct PNGChunk: Hashable, Sendable {
  /// Four letters.
  package var type: String
  package var content: [UInt8]

  package init(_ type: String, _ content: [UInt8]) { (self.type, self.content) = (type, content) }
}

/// How many pixels lie side by side in a length.
package struct PixelDensity: Hashable, Sendable {
  /// The length. The numbers are those of JFIF, which has no metre.
  package enum Unit: UInt8, Sendable {
    /// None: the numbers give the proportions of a pixel.
    case aspect, inch, centimetre, metre
  }

  package var unit: Unit
  package var horizontal: Int
  package var vertical: Int

  package init(_ unit: Unit, _ horizontal: Int, _ vertical: Int) {
    (self.unit, self.horizontal, self.vertical) = (unit, horizontal, vertical)
  }

  /// As PNG has it.
  package var perMetre: PixelDensity {
    switch unit {
    case .aspect, .metre: self
    case .inch: scaled(by: 1 / 0.0254, .metre)
    case .centimetre: scaled(by: 100, .metre)
    }
  }

  /// As JPEG has it, with 16 bits; `nil` where these are not enough.
  package var perInch: PixelDensity? {
    let density = unit == .metre ? scaled(by: 0.0254, .inch) : self
    return [density.horizontal, density.vertical].allSatisfy((1...0xFFFF).contains) ? density : nil
  }

  /// Whether it says no more than that pixels are square, as most files do.
  var isPlain: Bool { unit == .aspect && horizontal == vertical }

  private func scaled(by factor: Double, _ unit: Unit) -> PixelDensity {
    PixelDensity(unit, Int((Double(horizontal) * factor).rounded()), Int((Double(vertical) * factor).rounded()))
  }
}

enum XMP {
  /// A packet without its orientation; nothing where it holds a thumbnail.
  static func portable(_ packet: [UInt8]) -> [UInt8] {
    guard !packet.isEmpty, let text = String(validating: packet, as: UTF8.self),
      !text.contains("xmpGImg:image")
    else { return [] }
    return [UInt8](text.replacing(/(tiff:Orientation(?:=["']|>))[2-8]/) { "\($0.output.1)1" }.utf8)
  }
}

import Imaging
import Testing

/// Every way in which a PNG file stores values.
struct MaskKind: CustomTestStringConvertible {
  var colorType: PNGFile.ColorType
  var bitDepth: Int
  var isInterlaced = false
  var isTransparent = false

  static let all: [MaskKind] = depths.flatMap { colorType, depths in
    depths.flatMap { depth in
      [false, true].flatMap { isInterlaced in
        // An alpha channel leaves nothing for a transparent value to do.
        (colorType == .greyAlpha || colorType == .rgba ? [false] : [false, true]).map { isTransparent in
          MaskKind(colorType: colorType, bitDepth: depth, isInterlaced: isInterlaced, isTransparent: isTransparent)
        }
      }
    }
  }

  private static let depths: [(PNGFile.ColorType, [Int])] = [
    (.grey, [1, 2, 4, 8, 16]), (.rgb, [8, 16]), (.palette, [1, 2, 4, 8]), (.greyAlpha, [8, 16]), (.rgba, [8, 16]),
  ]

  var testDescription: String {
    "\(colorType) \(bitDepth)\(isInterlaced ? " interlaced" : "")\(isTransparent ? " tRNS" : "")"
  }

  /// Colours of a palette; of 8 bits, not all that it could have.
  var colorCount: Int { min(1 << bitDepth, 200) }

  /// The layout that a file of this kind has.
  var layout: MaskLayout {
    let palette = MaskPalette(
      colors: (0..<3 * colorCount).map { UInt8(truncatingIfNeeded: $0 &* 37) },
      opacities: isTransparent ? [0, 100] : [])
    let colors: MaskLayout.Colors =
      switch colorType {
      case .palette: .palette(palette)
      case .rgb, .rgba: .rgb
      case .grey, .greyAlpha: .grey
      }
    var layout = MaskLayout(colors, bitDepth: bitDepth, hasAlpha: colorType == .greyAlpha || colorType == .rgba)
    if isTransparent, colorType != .palette { layout.clearValue = Array(repeating: 1, count: layout.channels) }
    return layout
  }

  /// Values in no order, of all sizes.
  func values(width: Int, height: Int) -> [Int] {
    let limit = colorType == .palette ? colorCount : 1 << bitDepth
    return (0..<width * height * colorType.samples).map { ($0 &* 40503 &+ $0 >> 3 &* 7919) & 0xFFFF % limit }
  }

  func file(width: Int, height: Int) -> PNGFile {
    PNGFile(
      width: width, height: height, colorType: colorType, bitDepth: bitDepth, isInterlaced: isInterlaced,
      chunks: chunks, samples: values(width: width, height: height))
  }

  private var chunks: [(type: String, content: [UInt8])] {
    guard let palette = layout.palette else {
      return layout.clearValue.isEmpty
        ? [] : [("tRNS", layout.clearValue.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] })]
    }
    return [("PLTE", palette.colors)] + (palette.opacities.isEmpty ? [] : [("tRNS", palette.opacities)])
  }
}

/// The contents of a mask in comparable form.
struct MaskContent: Equatable {
  var size: ImageSize
  var layout: MaskLayout
  /// Row by row: the values of a pixel's colour, then that of its opacity.
  var values: [Int]

  init(_ mask: borrowing MaskImage) {
    (size, layout) = (mask.size, mask.layout)
    let planes = Dictionary(
      uniqueKeysWithValues: mask.layout.planes.map { plane in (plane, mask.withPlane(plane) { $0.bytes }) })
    let color = Self.joined(planes[.color] ?? [], planes[.colorLow])
    guard let high = planes[.alpha] else {
      values = color
      return
    }
    let channels = mask.layout.channels
    let alpha = Self.joined(high, planes[.alphaLow])
    values = alpha.indices.flatMap { color[$0 * channels..<($0 + 1) * channels] + [alpha[$0]] }
  }

  private static func joined(_ high: [UInt8], _ low: [UInt8]?) -> [Int] {
    guard let low else { return high.map { Int($0) } }
    return zip(high, low).map { Int($0) << 8 | Int($1) }
  }
}

enum Masks {
  static func decoded(_ file: [UInt8]) throws(ImagingError) -> MaskImage {
    var decoder = MaskDecoder()
    var mask = MaskImage()
    _ = try decoder.decode(file, into: &mask)
    return mask
  }

  static func encoded(_ mask: borrowing MaskImage) throws(ImagingError) -> [UInt8] {
    var encoder = MaskEncoder()
    return try encoder.encode(mask)
  }

  static func moved(_ mask: borrowing MaskImage, by operations: [Imaging.Operation]) throws(ImagingError) -> MaskImage {
    var runner = MaskRunner()
    var result = MaskImage()
    try runner.run(operations, on: mask, into: &result)
    return result
  }

  /// A mask of 16 bits in which each pixel has the number of its place, from 1.
  static func numbered(width: Int, height: Int) throws -> MaskImage {
    precondition(width * height < 0xFFFF, "a number for each pixel")
    let file = PNGFile(
      width: width, height: height, colorType: .grey, bitDepth: 16, samples: Array(1...width * height))
    return try decoded(file.bytes)
  }
}

/// How a PNG file stores the values of a mask. A mask that was moved is stored in the same way.
package struct MaskLayout: Hashable, Sendable {
  /// What a value stands for.
  package enum Colors: Hashable, Sendable {
    case grey
    /// Three values to a pixel: red, green, blue.
    case rgb
    /// An index into a palette.
    case palette(MaskPalette)
  }

  package var colors: Colors
  /// Bits of a value: 1, 2, 4, 8 or 16.
  package var bitDepth: Int
  /// Whether each pixel also has a value for its opacity.
  package var hasAlpha: Bool
  /// The level of grey, or the three of a colour, that the file declares transparent; empty if there is none.
  package var clearValue: [UInt16] = []

  package init(_ colors: Colors, bitDepth: Int = 8, hasAlpha: Bool = false) {
    (self.colors, self.bitDepth, self.hasAlpha) = (colors, bitDepth, hasAlpha)
  }

  /// Values to a pixel, without that of the opacity.
  package var channels: Int { colors == .rgb ? 3 : 1 }

  package var largestValue: Int { 1 << bitDepth - 1 }

  package var palette: MaskPalette? { if case .palette(let palette) = colors { palette } else { nil } }
}

/// The colours of a mask's indices.
package struct MaskPalette: Hashable, Sendable {
  /// Red, green and blue of one index after the other.
  package var colors: [UInt8]
  /// Of the first indices; the others are opaque.
  package var opacities: [UInt8]

  package init(colors: [UInt8], opacities: [UInt8] = []) {
    precondition(colors.count.isMultiple(of: 3) && (3...768).contains(colors.count), "1 to 256 colours")
    precondition(opacities.count <= colors.count / 3, "an opacity belongs to a colour")
    (self.colors, self.opacities) = (colors, opacities)
  }

  package var count: Int { colors.count / 3 }

  /// The palette with black for every index up to `largest` that has no colour: readers show such indices black, or
  /// refuse them.
  func completed(to largest: Int) -> MaskPalette {
    guard largest >= count else { return self }
    return MaskPalette(colors: colors + Array(repeating: 0, count: 3 * (largest + 1 - count)), opacities: opacities)
  }
}

/// The bytes that make up the values of a mask. One plane after another follows a geometry.
package enum MaskPlane: Int, CaseIterable, Sendable {
  /// Indices, grey, or red, green, blue; of 16 bits the high bytes.
  case color = 0
  case colorLow = 1
  case alpha = 2
  case alphaLow = 3

  /// Whether it holds the low bytes of 16 bits.
  var isLow: Bool { self == .colorLow || self == .alphaLow }
  var isAlpha: Bool { self == .alpha || self == .alphaLow }
}

extension MaskLayout {
  package var planes: [MaskPlane] {
    MaskPlane.allCases.filter { ($0.isLow ? bitDepth == 16 : true) && ($0.isAlpha ? hasAlpha : true) }
  }

  func shape(of plane: MaskPlane, _ size: ImageSize) -> ImageShape {
    ImageShape(width: size.width, height: size.height, channels: plane.isAlpha ? 1 : channels)
  }
}

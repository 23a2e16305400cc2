internal import CText

/// How text is drawn.
package struct TextStyle: Hashable, Sendable {
  /// The most pixels of a side.
  package static let sideLimit = Int(CTEXT_SIDE_LIMIT)

  /// Families by preference, then style and weight, such as "DejaVu Serif, Serif Bold"; `nil` for a sans-serif font.
  package var font: String?
  /// The type size (em) in pixels.
  package var pixelHeight: Double
  /// The type is made smaller if the picture would exceed these.
  package var maxWidth = sideLimit
  package var maxHeight = sideLimit
  /// Emoji and other colour glyphs keep their own colours.
  package var color = TextColor.white
  /// Of a line around all but colour glyphs.
  package var outline: TextColor?

  package init(pixelHeight: Double, font: String? = nil) {
    (self.pixelHeight, self.font) = (pixelHeight, font)
  }

  /// Thin enough to leave the counters of small letters open.
  private static let outlineShare = 0.045

  /// The request without text and font, which are borrowed memory.
  var request: ctext_request {
    let sides = 1...Self.sideLimit
    precondition(pixelHeight > 0 && pixelHeight.isFinite, "type has a size")
    precondition(sides.contains(maxWidth) && sides.contains(maxHeight), "a picture has pixels, and not too many")
    var request = unsafe ctext_request()
    unsafe request.pixel_height = pixelHeight
    unsafe (request.max_width, request.max_height) = (Int32(maxWidth), Int32(maxHeight))
    unsafe request.color = color.cValue
    unsafe request.outline_color = (outline ?? .none).cValue
    unsafe request.outline_share = Self.outlineShare
    return unsafe request
  }
}

package struct TextColor: Hashable, Sendable {
  package var red, green, blue: UInt8
  /// 255 is opaque.
  package var alpha: UInt8 = 255

  package init(_ red: UInt8, _ green: UInt8, _ blue: UInt8, alpha: UInt8 = 255) {
    (self.red, self.green, self.blue, self.alpha) = (red, green, blue, alpha)
  }

  package static let white = TextColor(255, 255, 255)
  package static let black = TextColor(0, 0, 0)
  package static let none = TextColor(0, 0, 0, alpha: 0)

  var cValue: ctext_color { ctext_color(red: red, green: green, blue: blue, alpha: alpha) }
}

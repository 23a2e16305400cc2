import Imaging
import Testing

/// A drawn text in comparable form.
struct DrawnText: Equatable, CustomTestStringConvertible {
  var width, height, baseline: Int
  var pixelHeight: Double
  var color: [UInt8]
  var alpha: [UInt8]

  init(_ text: String, _ style: TextStyle = TextStyle(pixelHeight: 40)) throws(TextError) {
    let image = try TextImage(text, style)
    (width, height) = (image.alpha.shape.width, image.alpha.shape.height)
    (baseline, pixelHeight) = (image.baseline, image.pixelHeight)
    (color, alpha) = (image.color.bytes, image.alpha.bytes)
    #expect(color.count == width * height * 3)
  }

  var testDescription: String { "\(width) x \(height) pixels, baseline \(baseline)" }

  func row(_ y: Int) -> ArraySlice<UInt8> { alpha[y * width..<(y + 1) * width] }
  func column(_ x: Int) -> [UInt8] { (0..<height).map { alpha[$0 * width + x] } }

  /// Whether this machine has Pango and a font.
  static let isPossible = (try? DrawnText("x")) != nil
}

/// For suites that draw.
let textIsMissing: Comment = "Pango or fonts are not installed"

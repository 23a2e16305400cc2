internal import CText
internal import Glibc

/// A text as pixels: one line or several, centred, in any script that an installed font has.
///
/// Pango shapes it and Cairo draws it, in a process of their own that lives for 10 to 15 ms; the calling process stays
/// as it was, also for a later fork. The same text and style give the same pixels for every user, language and
/// process of a machine; they depend on its fonts and library versions.
package struct TextImage: ~Copyable {
  /// R, G, B, not multiplied by `alpha`.
  package let color: PixelBuffer
  /// One channel: how much of each pixel is covered.
  package let alpha: PixelBuffer
  /// Rows above the baseline of the first line.
  package let baseline: Int
  /// The type size in pixels, less than the style's if that was too large.
  package let pixelHeight: Double

  /// The most scalars of a text.
  package static let scalarLimit = 1000
  private static let fontByteLimit = 200

  /// Draws `text`, whose lines end with "\n". The picture holds the ink and a margin of a pixel.
  package init(_ text: String, _ style: TextStyle) throws(TextError) {
    try Self.check(text, font: style.font)
    let drawing = Drawing(of: text, style)
    if let error = drawing.error { throw error }
    var color = PixelBuffer()
    var alpha = PixelBuffer()
    do throws(ImagingError) {
      try drawing.copy(to: &color, alpha: &alpha)
    } catch {
      throw .shortage("\(error)")
    }
    self.color = color
    self.alpha = alpha
    (baseline, pixelHeight) = (drawing.baseline, drawing.pixelHeight)
  }

  /// Throws for what no font could draw, before a process is started for it.
  private static func check(_ text: String, font: String?) throws(TextError) {
    let scalars = text.unicodeScalars
    guard !scalars.isEmpty else { throw .empty }
    guard scalars.count <= scalarLimit else { throw .tooLong(scalarCount: scalars.count, limit: scalarLimit) }
    if let control = scalars.first(where: { $0 != "\n" && $0.isControl }) { throw .controlCharacter(control) }
    guard let font else { return }
    guard font.utf8.count <= fontByteLimit, !font.unicodeScalars.contains(where: \.isControl) else {
      throw .invalidFont
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool { properties.generalCategory == .control }
}

/// What the C layer drew. Owns its memory: R, G, B, alpha of each pixel.
@safe
private struct Drawing: ~Copyable {
  private let report: ctext_report
  private var pixels: UnsafeMutablePointer<UInt8>?

  init(of text: String, _ style: TextStyle) {
    var drawn: UnsafeMutablePointer<UInt8>? = nil
    var request = unsafe style.request
    report = unsafe text.withCString { text in
      unsafe (style.font ?? "").withCString { font in
        unsafe (request.text, request.font) = (text, font)
        return unsafe ctext_draw(&request, &drawn)
      }
    }
    unsafe pixels = drawn
  }

  deinit { unsafe free(pixels) }

  var error: TextError? { TextError(report) }
  var baseline: Int { Int(report.baseline) }
  var pixelHeight: Double { report.pixel_height }

  func copy(to color: inout PixelBuffer, alpha: inout PixelBuffer) throws(ImagingError) {
    let (width, height) = (Int(report.width), Int(report.height))
    try color.reshape(to: ImageShape(width: width, height: height, channels: 3))
    try alpha.reshape(to: ImageShape(width: width, height: height, channels: 1))
    let bytes = unsafe UnsafeBufferPointer(start: pixels, count: width * height * 4)
    unsafe color.withBytes { colors in
      unsafe alpha.withBytes { alphas in
        for pixel in 0..<width * height {
          for channel in 0..<3 { unsafe colors[pixel * 3 + channel] = bytes[pixel * 4 + channel] }
          unsafe alphas[pixel] = bytes[pixel * 4 + 3]
        }
      }
    }
  }
}

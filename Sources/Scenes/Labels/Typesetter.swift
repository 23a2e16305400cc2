package import Imaging

/// Draws short texts of one size, each once: every one costs a process.
///
/// What cannot be drawn is left out, and told by `problem`: a sheet without names is better than none.
package struct Typesetter {
  /// A line of text as pixels.
  struct Line: Sendable {
    let width, height: Int
    /// Rows above the baseline.
    let baseline: Int
    /// R, G, B and opacity of each pixel.
    fileprivate let colors, opacities: [UInt8]
  }

  private struct Key: Hashable {
    var text: String
    var color: TextColor
    var maxWidth: Int
  }

  /// The type size (em) in pixels.
  let pixelHeight: Double
  /// Why texts are missing, if any are.
  package private(set) var problem: TextError?
  private var lines: [Key: Line?] = [:]

  /// Enough for all names of any sheet that can be read.
  private static let countLimit = 2000

  package init(pixelHeight: Double) { self.pixelHeight = pixelHeight }

  /// Capital letters rise this far above the baseline, and letters sink as far below it.
  var rise: Double { 0.73 * pixelHeight }
  var drop: Double { 0.22 * pixelHeight }

  /// A text of one line, cut in its middle if it is wider than `maxWidth`; `nil` if it cannot be drawn.
  mutating func line(_ text: String, _ color: Color, maxWidth: Int = 4096) -> Line? {
    let ink = TextColor(UInt8(color.x), UInt8(color.y), UInt8(color.z))
    let key = Key(text: text, color: ink, maxWidth: maxWidth)
    if let known = lines[key] { return known }
    guard lines.count < Self.countLimit else { return nil }
    let line = fitted(printable(text.unicodeScalars.prefix(Self.scalarLimit)), ink, maxWidth)
    lines[key] = .some(line)
    return line
  }

  /// The longest part that is looked at; far more than fits.
  private static let scalarLimit = 300

  private mutating func fitted(_ text: String, _ color: TextColor, _ maxWidth: Int) -> Line? {
    var shown = text
    // The width per character differs, so one cut may not be enough.
    for _ in 0..<6 {
      guard let line = draw(shown, color) else { return nil }
      if line.width <= maxWidth { return line }
      let count = min(shown.count - 2, shown.count * maxWidth / line.width - 1)
      guard count >= 1 else { return nil }
      shown = text.cut(to: count)
    }
    return nil
  }

  private mutating func draw(_ text: String, _ color: TextColor) -> Line? {
    var text = text
    for _ in 0..<3 where problem.map(\.isOfThisText) ?? true {
      do throws(TextError) {
        var style = TextStyle(pixelHeight: pixelHeight)
        style.color = color
        return Line(try TextImage(text, style))
      } catch {
        if error != .empty, error != .blank { problem = problem ?? error }
        guard case .undrawable(let missing) = error else { return nil }
        text = text.replacing(missing)
      }
    }
    return nil
  }
}

extension Typesetter.Line {
  fileprivate init(_ image: borrowing TextImage) {
    let shape = image.color.shape
    (width, height, baseline) = (shape.width, shape.height, image.baseline)
    (colors, opacities) = (image.color.bytes, image.alpha.bytes)
  }
}

extension Canvas {
  /// Draws a line of text, whose baseline begins at a corner of pixels.
  mutating func draw(_ line: Typesetter.Line, x: Int, baseline: Int) {
    let top = baseline - line.baseline
    for row in max(0, -top)..<max(0, -top, min(line.height, height - top)) {
      for column in max(0, -x)..<max(0, -x, min(line.width, width - x)) {
        let index = row * line.width + column
        let color = Color(
          Double(line.colors[3 * index]), Double(line.colors[3 * index + 1]), Double(line.colors[3 * index + 2]))
        blend(color, coverage: Double(line.opacities[index]) / 255, column: x + column, row: top + row)
      }
    }
  }
}

extension TextError {
  /// Whether other texts can perhaps be drawn.
  fileprivate var isOfThisText: Bool {
    switch self {
    case .noFont, .noLibrary, .shortage, .failed: false
    default: true
    }
  }
}

extension String {
  /// Its first and last characters, `count` in all, with an ellipsis between them: names often differ at the end.
  fileprivate func cut(to count: Int) -> String { "\(prefix((count + 1) / 2))…\(suffix(count / 2))" }

  /// The text with a question mark for each of the scalars, and for all beyond ASCII if there may be more.
  fileprivate func replacing(_ missing: [Unicode.Scalar]) -> String {
    let (missing, mayHaveMore) = (Set(missing), missing.count >= 4)
    return unicodeScalars.reduce(into: "") { text, scalar in
      let isShown = mayHaveMore ? scalar.isASCII : !missing.contains(scalar)
      text.unicodeScalars.append(isShown ? scalar : "?")
    }
  }
}

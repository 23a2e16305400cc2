/// How the pixels of an image that was decoded at reduced scale relate to the image in its file.
package struct Reduction: Codable, Hashable, Sendable, BitwiseCopyable {
  /// Upright size of the image in its file.
  package let fullSize: ImageSize
  /// The part of the decoded pixels that shows it. Where its size is no multiple of the scale, a decoder makes up the
  /// rest of the outermost pixels.
  private let shown: ImagePart

  /// An image decoded at `eighths` / 8 of its size.
  /// - Parameter stored: its full shape in the file, which `orientation` brings upright.
  init(eighths: Int, of stored: ImageShape, _ orientation: Orientation) {
    let upright = orientation.shape(of: stored)
    fullSize = upright.size
    let horizontal = Self.span(upright.width, eighths, isTurned: orientation.turnsColumns)
    let vertical = Self.span(upright.height, eighths, isTurned: orientation.turnsRows)
    shown = ImagePart(x: horizontal.start, y: vertical.start, width: horizontal.length, height: vertical.length)
  }

  /// The whole as numbers, in which it travels between processes.
  package var numbers: [Double] {
    [Double(fullSize.width), Double(fullSize.height), shown.x, shown.y, shown.width, shown.height]
  }

  /// From `numbers`; `nil` if they come from a process gone wrong.
  package init?(validating numbers: [Double]) {
    let most = Double(1 << 28)
    guard numbers.count == 6, numbers.allSatisfy({ abs($0) <= most }), numbers[0] >= 1, numbers[1] >= 1 else {
      return nil
    }
    fullSize = ImageSize(width: Int(numbers[0]), height: Int(numbers[1]))
    shown = ImagePart(x: numbers[2], y: numbers[3], width: numbers[4], height: numbers[5])
  }

  /// Where `length` full pixels lie among the decoded ones.
  private static func span(_ length: Int, _ eighths: Int, isTurned: Bool) -> (start: Double, length: Double) {
    let whole = reduced(length, eighths)
    let exact = Double(length * eighths) / 8
    return (isTurned ? Double(whole) - exact : 0, exact)
  }

  /// The number of decoded pixels for `length` full ones.
  static func reduced(_ length: Int, _ eighths: Int) -> Int { (length * eighths + 7) / 8 }

  /// Where a part of the full image lies among the decoded pixels.
  package func decoded(_ part: ImagePart) -> ImagePart {
    let (across, down) = (shown.width / Double(fullSize.width), shown.height / Double(fullSize.height))
    return ImagePart(
      x: shown.x + part.x * across, y: shown.y + part.y * down, width: part.width * across, height: part.height * down)
  }
}

/// The size below which an image is of no use to whoever asked for it; `nil`: it is wanted at full size. A function of
/// its full upright shape. JPEG files may then be decoded smaller, which saves most of the work.
package typealias LeastSize = (_ full: ImageShape) -> ImageSize?

/// A place in an image, in pixels. Whole numbers are the middles of pixels: the upper left one lies at (0, 0), and the
/// image reaches from −0.5 to its width − 0.5.
public typealias Point = SIMD2<Double>

/// Columns and rows of an image; it may reach beyond the image.
public struct Rectangle: Hashable, Codable, Sendable {
  /// The first column.
  public var x: Int
  /// The first row.
  public var y: Int
  /// Columns.
  public var width: Int
  /// Rows.
  public var height: Int

  /// The rectangle with its upper left pixel at (`x`, `y`).
  public init(x: Int, y: Int, width: Int, height: Int) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }
}

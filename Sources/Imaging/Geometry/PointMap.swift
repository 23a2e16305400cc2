/// A geometry for one image shape, prepared to map many points from source to output and back.
package struct PointMap: Sendable {
  package let outputShape: ImageShape
  let way: Way

  enum Way: Sendable {
    /// `matrix` maps source to output; depths on the visible side of the horizon have this sign.
    case matrix(Matrix3, back: Matrix3, sign: Double)
    case tiles(TileShuffle)
    case field(any FieldMap)
  }

  /// Prepares `geometry` for a non-empty `shape`; `nil` if all pixels come from one line or point (a singular matrix).
  package init?(_ geometry: Geometry, for shape: ImageShape) throws(ImagingError) {
    precondition(shape.byteCount > 0, "an image with pixels")
    outputShape = geometry.outputShape(for: shape)
    guard let matrix = geometry.matrix(for: shape) else {
      switch geometry {
      case .tiles(let tiles): way = .tiles(tiles)
      case .field(let field): way = .field(try field.map(for: shape))
      default: return nil
      }
      return
    }
    guard let back = matrix.inverse else { return nil }
    let middle = back.apply(Point(Double(outputShape.width - 1) / 2, Double(outputShape.height - 1) / 2))
    way = .matrix(matrix, back: back, sign: matrix.depth(of: middle) < 0 ? -1 : 1)
  }

  /// Maps a source point to the output, perhaps beyond its edge; `nil` if it lies behind the horizon, or if no pixel of
  /// a field is taken from there.
  package func map(_ point: Point) -> Point? {
    switch way {
    case .matrix(let matrix, _, let sign):
      return matrix.depth(of: point) * sign > 1e-9 ? matrix.apply(point) : nil
    case .tiles(let tiles): return tiles.target(of: point + 0.5) - 0.5
    case .field(let field):
      guard let pixel = field.pixel(showing: point, near: nil) else { return nil }
      let end = Point(Double(outputShape.width), Double(outputShape.height))
      let isShown = pixel.x >= -1 && pixel.y >= -1 && pixel.x <= end.x && pixel.y <= end.y
      return isShown ? pixel : nil
    }
  }

  /// The source point of each pixel in output row `y`.
  package func coordinates(row y: Int) -> [Point] {
    (0..<outputShape.width).map { x in
      let pixel = Point(Double(x), Double(y))
      return switch way {
      case .matrix(_, let back, _): back.apply(pixel)
      case .tiles(let tiles): tiles.source(of: pixel + 0.5) - 0.5
      case .field(let field): field.place(of: pixel)
      }
    }
  }

  /// Whether the output shows the source as in a mirror. Tiles and fields do not.
  package var isMirrored: Bool {
    guard case .matrix(let matrix, _, let sign) = way else { return false }
    // The map's own determinant is that of the matrix divided by the third power of the depth.
    return matrix.determinant * sign < 0
  }
}

/// A geometry on an image of one shape, ready to be asked about many points: where those of the source go, and where
/// those of the output come from.
public struct PointMap: Sendable {
  /// The shape of the output.
  public let outputShape: ImageShape
  private let way: Way

  private enum Way: Sendable {
    /// There and back; on the visible side of the horizon, depths have this sign.
    case matrix(Matrix3, back: Matrix3, sign: Double)
    case places(PlaceMap)
  }

  /// The map of `geometry` on an image of `shape`, which has pixels; `nil` where all pixels come from one line or point.
  public init?(_ geometry: Geometry, for shape: ImageShape) throws(ImagingError) {
    precondition(shape.byteCount > 0, "an image with pixels")
    outputShape = geometry.outputShape(for: shape)
    guard let matrix = geometry.matrix(for: shape) else {
      guard case .field(let field) = geometry else { return nil }
      way = .places(try field.places(for: shape))
      return
    }
    guard let back = matrix.inverse else { return nil }
    let middle = back.apply(Point(Double(outputShape.width - 1) / 2, Double(outputShape.height - 1) / 2))
    way = .matrix(matrix, back: back, sign: matrix.depth(of: middle) < 0 ? -1 : 1)
  }

  /// Where a point of the source goes, which may be beyond the output's edge; `nil` where it goes nowhere: it lies behind
  /// the horizon, or a field takes no pixel from there.
  public func map(_ point: Point) -> Point? {
    switch way {
    case .matrix(let matrix, _, let sign):
      return matrix.depth(of: point) * sign > 1e-9 ? matrix.apply(point) : nil
    case .places(let places): return places.pixel(takenFrom: point)
    }
  }

  /// Where each pixel of row `y` of the output is taken from.
  public func coordinates(row y: Int) -> [Point] {
    (0..<outputShape.width).map { x in
      switch way {
      case .matrix(_, let back, _): back.apply(Point(Double(x), Double(y)))
      case .places(let places): places[x, y]
      }
    }
  }
}

extension PlaceMap {
  /// The place of the output, between pixels, that shows `place` of the source: from the pixel that comes nearest, one
  /// step along the slopes of the field. `nil` where that leads farther than to the next pixel: nothing shows it.
  func pixel(takenFrom place: Point) -> Point? {
    guard let (x, y) = nearest(to: place) else { return nil }
    let pixel = Point(Double(x), Double(y))
    let rest = place - self[x, y]
    if rest == .zero { return pixel }
    let (across, down) = slopes(x, y)
    let determinant = across.x * down.y - across.y * down.x
    guard abs(determinant) > 1e-9 else { return nil }
    let step = Point(
      (rest.x * down.y - rest.y * down.x) / determinant, (across.x * rest.y - across.y * rest.x) / determinant)
    return max(abs(step.x), abs(step.y)) <= 1 ? pixel + step : nil
  }

  /// How far places move from one column, and from one row, to the next. An axis of a single pixel counts as unmoved.
  private func slopes(_ x: Int, _ y: Int) -> (across: Point, down: Point) {
    let (left, right) = (max(x - 1, 0), min(x + 1, width - 1))
    let (upper, lower) = (max(y - 1, 0), min(y + 1, height - 1))
    return (
      left == right ? Point(1, 0) : (self[right, y] - self[left, y]) / Double(right - left),
      upper == lower ? Point(0, 1) : (self[x, lower] - self[x, upper]) / Double(lower - upper)
    )
  }
}

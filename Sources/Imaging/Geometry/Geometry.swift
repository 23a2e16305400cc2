/// Where pixels move. Colours, alpha plane and (through `PointMap`) points of an image follow the same geometry.
package enum Geometry: Sendable {
  /// Mirrors, quarter rotations, and both combined.
  case orientation(Orientation)
  /// A crop; a pad where the rectangle extends beyond the image.
  case window(Rectangle)
  /// To a size in pixels.
  case resize(width: Int, height: Int)
  /// Parallel lines stay parallel: the last row of the matrix is 0, 0, 1.
  case affine(Projection)
  /// Straight lines stay straight.
  case projective(Projection)
  /// Each output pixel has its own source point; the shape stays.
  case field(any PointField)

  package func outputShape(for shape: ImageShape) -> ImageShape {
    switch self {
    case .orientation(let orientation): orientation.shape(of: shape)
    case .window(let rectangle): shape.sized(rectangle.width, rectangle.height)
    case .resize(let width, let height): shape.sized(width, height)
    case .affine(let projection), .projective(let projection): shape.sized(projection.width, projection.height)
    case .field: shape
    }
  }

  /// Writes the moved pixels of `source` into `destination`, which takes the output shape.
  func apply(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    switch self {
    case .orientation(let orientation): try orientation.apply(to: source, into: &destination)
    case .window(let rectangle): try destination.take(rectangle, of: source, resampling)
    case .resize(let width, let height):
      try destination.resize(source, width: width, height: height, resampling.interpolation)
    case .affine(let projection): try projection.applyAffine(resampling, to: source, into: &destination)
    case .projective(let projection): try projection.apply(resampling, to: source, into: &destination)
    case .field(let field): try field.apply(resampling, to: source, into: &destination)
    }
  }

  /// The matrix from source to output points for an image of `shape`; `nil` for a field.
  func matrix(for shape: ImageShape) -> Matrix3? {
    switch self {
    case .orientation(let orientation): orientation.matrix(for: shape)
    case .window(let rectangle): .translation(-Double(rectangle.x), -Double(rectangle.y))
    case .resize(let width, let height):
      // Image edges map to image edges, and pixel centres lie half a pixel inside.
      .translation(-0.5, -0.5) * .scale(Double(width) / Double(shape.width), Double(height) / Double(shape.height))
        * .translation(0.5, 0.5)
    case .affine(let projection), .projective(let projection): projection.matrix
    case .field: nil
    }
  }
}

/// A point in an image, in pixels. Integers are pixel centres: the upper left one is (0, 0), and the image extends from
/// −0.5 to its width − 0.5.
package typealias Point = SIMD2<Double>

/// Columns and rows from the first column `x` and first row `y`; may extend beyond the image.
package struct Rectangle: Hashable, Codable, Sendable {
  package var x: Int
  package var y: Int
  package var width: Int
  package var height: Int

  package init(x: Int, y: Int, width: Int, height: Int) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }
}

/// A geometry for one image shape, prepared to map many points from source to output and back.
package struct PointMap: Sendable {
  package let outputShape: ImageShape
  private let way: Way

  private enum Way: Sendable {
    /// `matrix` maps source to output; depths on the visible side of the horizon have this sign.
    case matrix(Matrix3, back: Matrix3, sign: Double)
    case places(PlaceMap)
  }

  /// Prepares `geometry` for a non-empty `shape`; `nil` if all pixels come from one line or point (a singular matrix).
  package init?(_ geometry: Geometry, for shape: ImageShape) throws(ImagingError) {
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

  /// Maps a source point to the output, perhaps beyond its edge; `nil` if it lies behind the horizon, or if no pixel of
  /// a field is taken from there.
  package func map(_ point: Point) -> Point? {
    switch way {
    case .matrix(let matrix, _, let sign):
      return matrix.depth(of: point) * sign > 1e-9 ? matrix.apply(point) : nil
    case .places(let places): return places.pixel(takenFrom: point)
    }
  }

  /// The source point of each pixel in output row `y`.
  package func coordinates(row y: Int) -> [Point] {
    (0..<outputShape.width).map { x in
      switch way {
      case .matrix(_, let back, _): back.apply(Point(Double(x), Double(y)))
      case .places(let places): places[x, y]
      }
    }
  }
}

extension PlaceMap {
  /// The output point, between pixels, that shows the source point `place`: one Newton step from the pixel with the
  /// nearest source point. `nil` if the step exceeds one pixel: the point is not shown.
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

  /// Differences of source points per column and per row. An axis with a single pixel counts as undistorted.
  private func slopes(_ x: Int, _ y: Int) -> (across: Point, down: Point) {
    let (left, right) = (max(x - 1, 0), min(x + 1, width - 1))
    let (upper, lower) = (max(y - 1, 0), min(y + 1, height - 1))
    return (
      left == right ? Point(1, 0) : (self[right, y] - self[left, y]) / Double(right - left),
      upper == lower ? Point(0, 1) : (self[x, lower] - self[x, upper]) / Double(lower - upper)
    )
  }
}

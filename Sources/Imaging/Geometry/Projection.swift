internal import CImaging

/// A 3 × 3 map of points: it takes (x, y, 1) to (x', y', 1) times a depth.
package struct Matrix3: Hashable, Codable, Sendable {
  /// Row by row.
  package let values: [Double]

  package init(_ values: [Double]) {
    precondition(values.count == 9, "three rows of three")
    self.values = values
  }

  package static let identity = Matrix3([1, 0, 0, 0, 1, 0, 0, 0, 1])

  /// Moves by `x` to the right and by `y` down.
  package static func translation(_ x: Double, _ y: Double) -> Matrix3 { Matrix3([1, 0, x, 0, 1, y, 0, 0, 1]) }

  /// Scales about (0, 0).
  package static func scale(_ x: Double, _ y: Double) -> Matrix3 { Matrix3([x, 0, 0, 0, y, 0, 0, 0, 1]) }

  /// Applies `right` first, then `left`.
  package static func * (left: Matrix3, right: Matrix3) -> Matrix3 {
    Matrix3(
      (0..<9).map { place in
        let (row, column) = place.quotientAndRemainder(dividingBy: 3)
        return (0..<3).reduce(0.0) { $0 + left.values[3 * row + $1] * right.values[3 * $1 + column] }
      })
  }

  private func minor(_ row: Int, _ column: Int) -> Double {
    let (r, s) = ((row + 1) % 3 * 3, (row + 2) % 3 * 3)
    let (c, d) = ((column + 1) % 3, (column + 2) % 3)
    return values[r + c] * values[s + d] - values[r + d] * values[s + c]
  }

  var determinant: Double { (0..<3).reduce(0.0) { $0 + values[$1] * minor(0, $1) } }

  /// `nil` if the matrix is singular.
  package var inverse: Matrix3? {
    let determinant = determinant
    guard determinant != 0, determinant.isFinite else { return nil }
    return Matrix3((0..<9).map { minor($0 % 3, $0 / 3) / determinant })
  }

  /// The divisor of a point's coordinates; 0 on the horizon.
  func depth(of point: Point) -> Double { values[6] * point.x + values[7] * point.y + values[8] }

  /// Maps a point; (0, 0) on the horizon, as in OpenCV.
  package func apply(_ point: Point) -> Point {
    let depth = depth(of: point)
    let scale = abs(depth) > 1e-15 ? 1 / depth : 0
    return Point(
      (values[0] * point.x + values[1] * point.y + values[2]) * scale,
      (values[3] * point.x + values[4] * point.y + values[5]) * scale)
  }
}

/// An affine or perspective map to an output of a given size.
package struct Projection: Sendable {
  /// Maps source points to output points.
  package var matrix: Matrix3
  package var width: Int
  package var height: Int

  package init(_ matrix: Matrix3, width: Int, height: Int) {
    (self.matrix, self.width, self.height) = (matrix, width, height)
  }

  /// The same view, scaled to another output size.
  func stretched(toWidth width: Int, height: Int) -> Projection {
    let across = Double(width) / Double(self.width)
    let down = Double(height) / Double(self.height)
    let values = matrix.values
    return Projection(
      Matrix3(values[0..<3].map { $0 * across } + values[3..<6].map { $0 * down } + values[6..<9]), width: width,
      height: height)
  }

  /// OpenCV `warpAffine`.
  func applyAffine(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    let (shape, matrix) = (source.shape.sized(width, height), matrix.values)
    var resampling = resampling.cValue
    unsafe try destination.fill(shape, from: source) { source, destination, message in
      unsafe cimaging_warp_affine(source, destination, matrix, &resampling, message)
    }
  }

  /// OpenCV `warpPerspective`.
  func apply(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    let (shape, matrix) = (source.shape.sized(width, height), matrix.values)
    var resampling = resampling.cValue
    unsafe try destination.fill(shape, from: source) { source, destination, message in
      unsafe cimaging_warp_perspective(source, destination, matrix, &resampling, message)
    }
  }
}

/// A point in single precision, as in OpenCV.
typealias Corner = SIMD2<Float>

extension Projection {
  /// Maps a quadrilateral (upper left, upper right, lower right, lower left) to the edges of an image of `shape`. The
  /// output is as large as the quadrilateral's longer sides.
  init(straightening corners: [Point], of shape: ImageShape) {
    precondition(corners.count == 4, "a quadrilateral has four corners")
    var (points, width, height) = (corners.map { Corner($0) }, Float(0), Float(0))
    width = max(width, Self.side(&points, 1, 0))
    width = max(width, Self.side(&points, 2, 3))
    height = max(height, Self.side(&points, 2, 1))
    height = max(height, Self.side(&points, 3, 0))
    let edges = Self.rectangle(Float(shape.width), Float(shape.height))
    self.init(Self.matrix(from: points, to: edges), width: Int(width), height: Int(height))
  }

  /// The same view of a whole image of `shape`, in an output that just holds it. Limited to three times the image's
  /// width and height, because a steep view reaches far; Albumentations exhausts memory there.
  func fitted(to shape: ImageShape) -> Projection {
    let corners = Self.rectangle(Float(shape.width), Float(shape.height))
    let images = corners.map { Corner(matrix.apply(Point($0))) }
    let xs = Self.placed(images.map(\.x), within: Float(3 * shape.width))
    let ys = Self.placed(images.map(\.y), within: Float(3 * shape.height))
    return Projection(
      Self.matrix(from: corners, to: zip(xs, ys).map { Corner($0, $1) }), width: max(1, Int(xs.max() ?? 1)),
      height: max(1, Int(ys.max() ?? 1)))
  }

  /// Shifted to start at 0, scaled to at most `limit`, and rounded half to even.
  private static func placed(_ places: [Float], within limit: Float) -> [Float] {
    let least = places.min() ?? 0
    let extent = (places.max() ?? 0) - least
    let scale = extent > limit ? limit / extent : 1
    return places.map { (($0 - least) * scale).rounded(.toNearestOrEven) }
  }

  private static func rectangle(_ width: Float, _ height: Float) -> [Corner] {
    [Corner(0, 0), Corner(width, 0), Corner(width, height), Corner(0, height)]
  }

  /// The distance between two corners, which are moved apart if it is less than 2.
  private static func side(_ points: inout [Corner], _ first: Int, _ second: Int) -> Float {
    let (x, y) = (points[first].x - points[second].x, points[first].y - points[second].y)
    let length = (x * x + y * y).squareRoot()
    guard length < 2 else { return length }
    let step = (2 - length) / 2
    points[first].x += x > 0 ? step : -step
    points[second].x -= x > 0 ? step : -step
    points[first].y += y > 0 ? step : -step
    points[second].y -= y > 0 ? step : -step
    return 2
  }

  /// The perspective matrix that maps four points to four others.
  static func matrix(from: [Corner], to: [Corner]) -> Matrix3 {
    var (matrix, message) = ([Double](repeating: 0, count: 9), cimaging_message())
    let status = unsafe cimaging_perspective_matrix(
      from.flatMap { [$0.x, $0.y] }, to.flatMap { [$0.x, $0.y] }, &matrix, &message)
    precondition(status == CIMAGING_OK, "eight equations could not be solved: \(message.string)")
    return Matrix3(matrix)
  }
}

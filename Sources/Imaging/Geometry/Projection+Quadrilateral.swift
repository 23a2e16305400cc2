internal import CImaging

/// In the precision of OpenCV's points.
private typealias Corner = SIMD2<Float>

extension Projection {
  /// Takes a quadrilateral (upper left, upper right, lower right, lower left) to the edges of an image of `shape`, the
  /// output being as large as its longer sides.
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

  /// The same view of the whole of an image of `shape`, in an output that just holds it. A steep view reaches far: the
  /// output is at most three times as wide and as high as the image, where Albumentations takes all memory.
  func fitted(to shape: ImageShape) -> Projection {
    let corners = Self.rectangle(Float(shape.width), Float(shape.height))
    let images = corners.map { Corner(matrix.apply(Point($0))) }
    let xs = Self.placed(images.map(\.x), within: Float(3 * shape.width))
    let ys = Self.placed(images.map(\.y), within: Float(3 * shape.height))
    return Projection(
      Self.matrix(from: corners, to: zip(xs, ys).map { Corner($0, $1) }), width: max(1, Int(xs.max() ?? 1)),
      height: max(1, Int(ys.max() ?? 1)))
  }

  /// Whole numbers from 0 on, at most `limit`.
  private static func placed(_ places: [Float], within limit: Float) -> [Float] {
    let least = places.min() ?? 0
    let extent = (places.max() ?? 0) - least
    let scale = extent > limit ? limit / extent : 1
    return places.map { (($0 - least) * scale).rounded(.toNearestOrEven) }
  }

  private static func rectangle(_ width: Float, _ height: Float) -> [Corner] {
    [Corner(0, 0), Corner(width, 0), Corner(width, height), Corner(0, height)]
  }

  /// The distance of two corners, which are moved apart where it is less than 2.
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

  /// The matrix that takes four points to four others.
  private static func matrix(from: [Corner], to: [Corner]) -> Matrix3 {
    var (matrix, message) = ([Double](repeating: 0, count: 9), cimaging_message())
    let status = unsafe cimaging_perspective_matrix(
      from.flatMap { [$0.x, $0.y] }, to.flatMap { [$0.x, $0.y] }, &matrix, &message)
    precondition(status == CIMAGING_OK, "eight equations could not be solved: \(message.string)")
    return Matrix3(matrix)
  }
}

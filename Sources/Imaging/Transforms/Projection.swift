internal import CImaging

/// A perspective map from one image to another.
package struct Projection: Sendable {
  /// Three rows of three: (x, y, 1) of the source to (x, y, 1) of the output times the third.
  package private(set) var matrix: [Double]
  /// What the output is.
  package private(set) var outputShape: ImageShape

  /// Takes a quadrilateral (upper left, upper right, lower right, lower left) to the edges of an image of `shape`, the
  /// output being as large as its longer sides.
  init(straightening corners: [Perspective.Point], of shape: ImageShape) {
    var (points, width, height) = (corners, Float(0), Float(0))
    width = max(width, Self.side(&points, 1, 0))
    width = max(width, Self.side(&points, 2, 3))
    height = max(height, Self.side(&points, 2, 1))
    height = max(height, Self.side(&points, 3, 0))
    matrix = Self.matrix(from: points, to: Self.rectangle(Float(shape.width), Float(shape.height)))
    outputShape = ImageShape(width: Int(width), height: Int(height), channels: shape.channels)
  }

  /// Where a point of the source goes.
  package func apply(_ point: Perspective.Point) -> Perspective.Point {
    let (x, y) = (Double(point.x), Double(point.y))
    let depth = matrix[6] * x + matrix[7] * y + matrix[8]
    let scale = abs(depth) > 1e-15 ? 1 / depth : 0
    return Perspective.Point(
      x: Float((matrix[0] * x + matrix[1] * y + matrix[2]) * scale),
      y: Float((matrix[3] * x + matrix[4] * y + matrix[5]) * scale))
  }

  /// The same view of the whole image, in an output that just holds it. A steep view reaches far: the output is at most
  /// three times as wide and as high as the image, where Albumentations takes all memory.
  func fitted(to shape: ImageShape) -> Projection {
    let corners = Self.rectangle(Float(shape.width), Float(shape.height))
    let images = corners.map { apply($0) }
    let xs = Self.placed(images.map(\.x), within: Float(3 * shape.width))
    let ys = Self.placed(images.map(\.y), within: Float(3 * shape.height))
    var fitted = self
    fitted.matrix = Self.matrix(from: corners, to: zip(xs, ys).map { Perspective.Point(x: $0, y: $1) })
    fitted.outputShape.width = max(1, Int(xs.max() ?? 1))
    fitted.outputShape.height = max(1, Int(ys.max() ?? 1))
    return fitted
  }

  /// The same view, stretched to the size of `shape`.
  func stretched(to shape: ImageShape) -> Projection {
    let across = Double(shape.width) / Double(outputShape.width)
    let down = Double(shape.height) / Double(outputShape.height)
    var stretched = self
    for column in 0..<3 {
      stretched.matrix[column] *= across
      stretched.matrix[3 + column] *= down
    }
    stretched.outputShape = shape
    return stretched
  }

  /// Whole numbers from 0 on, at most `limit`.
  private static func placed(_ places: [Float], within limit: Float) -> [Float] {
    let least = places.min() ?? 0
    let extent = (places.max() ?? 0) - least
    let scale = extent > limit ? limit / extent : 1
    return places.map { (($0 - least) * scale).rounded(.toNearestOrEven) }
  }

  private static func rectangle(_ width: Float, _ height: Float) -> [Perspective.Point] {
    [(0, 0), (width, 0), (width, height), (0, height)].map { Perspective.Point(x: $0.0, y: $0.1) }
  }

  /// The distance of two corners, which are moved apart where it is less than 2.
  private static func side(_ points: inout [Perspective.Point], _ first: Int, _ second: Int) -> Float {
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
  private static func matrix(from: [Perspective.Point], to: [Perspective.Point]) -> [Double] {
    var (matrix, message) = ([Double](repeating: 0, count: 9), cimaging_message())
    let status = unsafe cimaging_perspective_matrix(
      from.flatMap { [$0.x, $0.y] }, to.flatMap { [$0.x, $0.y] }, &matrix, &message)
    precondition(status == CIMAGING_OK, "eight equations could not be solved: \(message.string)")
    return matrix
  }
}

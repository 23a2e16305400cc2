/// A geometry without a formula for points: each pixel of the output is taken from a place of its own.
public protocol PointField: Sendable {
  /// Writes the pixels of `source`, taken from their places, into `destination`, which takes the same shape.
  func apply(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError)

  /// The places of all pixels of an image of `shape`: eight bytes for each, so that only points ask for them.
  func places(for shape: ImageShape) throws(ImagingError) -> PlaceMap
}

/// Where each pixel of an image is taken from, row by row.
public struct PlaceMap: Sendable {
  /// Columns of the image.
  public let width: Int
  /// Rows of the image.
  public let height: Int
  private let xs: [Float]
  private let ys: [Float]

  init(width: Int, height: Int, xs: [Float], ys: [Float]) {
    precondition(xs.count == width * height && ys.count == xs.count, "a place for each pixel")
    (self.width, self.height, self.xs, self.ys) = (width, height, xs, ys)
  }

  /// Where a pixel is taken from.
  public subscript(x: Int, y: Int) -> Point {
    let index = y * width + x
    return Point(Double(xs[index]), Double(ys[index]))
  }

  /// The pixel that is taken from nearest to `place`; `nil` where there are no pixels.
  func nearest(to place: Point) -> (x: Int, y: Int)? {
    let (x, y) = (Float(place.x), Float(place.y))
    var (best, least) = (-1, Float.infinity)
    for index in xs.indices {
      let (dx, dy) = (xs[index] - x, ys[index] - y)
      let distance = dx * dx + dy * dy
      if distance < least { (best, least) = (index, distance) }
    }
    return best < 0 ? nil : (best % width, best / width)
  }
}

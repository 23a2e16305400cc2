internal import CImaging

/// Displacements in pixels, row by row: out(x, y) = in(x + dx, y + dy).
package struct DisplacementField: PointField {
  /// Positive to the right.
  package var dx: [Float]
  /// Positive downwards.
  package var dy: [Float]

  package init(dx: [Float], dy: [Float]) { (self.dx, self.dy) = (dx, dy) }

  /// OpenCV `remap`.
  package func apply(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    precondition(
      dx.count == source.shape.width * source.shape.height && dy.count == dx.count, "a value per pixel")
    var resampling = resampling.cValue
    unsafe try destination.fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_warp_fields(source, destination, dx, dy, &resampling, message)
    }
  }

  package func places(for shape: ImageShape) -> PlaceMap {
    PlaceMap(
      width: shape.width, height: shape.height,
      xs: dx.indices.map { Float($0 % shape.width) + dx[$0] }, ys: dy.indices.map { Float($0 / shape.width) + dy[$0] })
  }

  package func map(for shape: ImageShape) -> any FieldMap {
    DisplacementMap(PixelDisplacements(width: shape.width, height: shape.height, dx: dx, dy: dy))
  }
}

/// A displacement for each pixel, straight between them.
struct PixelDisplacements: Displacements {
  let width, height: Int
  private let dx, dy: [Float]
  let smoothLength: Double

  /// - Parameter smoothLength: if nothing is known, slopes may change from pixel to pixel.
  init(width: Int, height: Int, dx: [Float], dy: [Float], smoothLength: Double = 1) {
    precondition(dx.count == width * height && dy.count == dx.count, "a value per pixel")
    (self.width, self.height, self.dx, self.dy, self.smoothLength) = (width, height, dx, dy, smoothLength)
  }

  func displacement(at point: Point) -> Displacement {
    let (left, upper) = (min(Int(point.x), max(width - 2, 0)), min(Int(point.y), max(height - 2, 0)))
    let share = point - Point(Double(left), Double(upper))
    let first = upper * width + left
    let (right, below) = (width > 1 ? 1 : 0, height > 1 ? width : 0)
    func value(_ index: Int) -> Point { Point(Double(dx[index]), Double(dy[index])) }
    let (upperLeft, upperRight) = (value(first), value(first + right))
    let (lowerLeft, lowerRight) = (value(first + below), value(first + below + right))
    let (top, bottom) = (upperRight - upperLeft, lowerRight - lowerLeft)
    let (start, end) = (upperLeft + share.x * top, lowerLeft + share.x * bottom)
    return Displacement(
      shift: start + share.y * (end - start), perColumn: top + share.y * (bottom - top), perRow: end - start)
  }
}

/// A geometry without a formula for points: each output pixel has its own source point.
package protocol PointField: Sendable {
  /// Samples `source` at the source points into `destination`, which takes the same shape.
  func apply(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError)

  /// The source points of all pixels, at 8 bytes each.
  func places(for shape: ImageShape) throws(ImagingError) -> PlaceMap

  /// Prepares to map points of images of `shape`. The default takes them from `places`; a formula is faster and exact.
  func map(for shape: ImageShape) throws(ImagingError) -> any FieldMap
}

extension PointField {
  package func map(for shape: ImageShape) throws(ImagingError) -> any FieldMap {
    DisplacementMap(try places(for: shape).displacements)
  }
}

/// A field for one image shape, prepared to map many points in double precision. Beyond the edges of the output it goes
/// on without a gap, so that shapes which lie partly outside can be mapped whole, and clipped.
package protocol FieldMap: Sendable {
  /// The source point of an output point.
  func place(of pixel: Point) -> Point

  /// The output point that shows a source point; `nil` where the field folds, so that several might, or none.
  /// - Parameter near: the output point of a source point next to it, from which it is found in fewer steps.
  func pixel(showing place: Point, near: Point?) -> Point?

  /// Whether parts of the source in `box`, in pixels between corners, might be shown folded. Then the curve of a border
  /// does not tell what is inside.
  func folds(in box: Box) -> Bool

  /// A line of this many source pixels stays nearly straight.
  var straightLength: Double { get }
}

/// The source point of each output pixel, row by row.
package struct PlaceMap: Sendable {
  package let width: Int
  package let height: Int
  let xs: [Float]
  let ys: [Float]

  package init(width: Int, height: Int, xs: [Float], ys: [Float]) {
    precondition(xs.count == width * height && ys.count == xs.count, "a place for each pixel")
    (self.width, self.height, self.xs, self.ys) = (width, height, xs, ys)
  }

  /// The source point of an output pixel.
  package subscript(x: Int, y: Int) -> Point {
    let index = y * width + x
    return Point(Double(xs[index]), Double(ys[index]))
  }

  /// How far each source point lies from its pixel.
  var displacements: PixelDisplacements {
    PixelDisplacements(
      width: width, height: height, dx: xs.indices.map { xs[$0] - Float($0 % width) },
      dy: ys.indices.map { ys[$0] - Float($0 / width) })
  }

  /// The output pixel whose source point is nearest to `place`, unless that is more than a pixel away. Looks at all
  /// pixels: only for fields that fold.
  func nearest(to place: Point) -> Point? {
    let (x, y) = (Float(place.x), Float(place.y))
    var (best, least) = (-1, Float(1))
    for index in xs.indices {
      let (dx, dy) = (xs[index] - x, ys[index] - y)
      let distance = dx * dx + dy * dy
      if distance < least { (best, least) = (index, distance) }
    }
    return best < 0 ? nil : Point(Double(best % width), Double(best / width))
  }

  /// The area of the source that the pixels of a mask show, in square pixels.
  func shownArea(_ mask: RunLengths) -> Double {
    let field = displacements
    var area = 0.0
    mask.eachRun { column, rows in
      for row in rows { area += abs(field.displacement(at: Point(Double(column), Double(row))).orientation) }
    }
    return area
  }
}

internal import CImaging

/// A geometry without a formula for points: each output pixel has its own source point.
package protocol PointField: Sendable {
  /// Samples `source` at the source points into `destination`, which takes the same shape.
  func apply(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError)

  /// The source points of all pixels, at 8 bytes each: only for mapping points.
  func places(for shape: ImageShape) throws(ImagingError) -> PlaceMap
}

/// The source point of each output pixel, row by row.
package struct PlaceMap: Sendable {
  package let width: Int
  package let height: Int
  private let xs: [Float]
  private let ys: [Float]

  init(width: Int, height: Int, xs: [Float], ys: [Float]) {
    precondition(xs.count == width * height && ys.count == xs.count, "a place for each pixel")
    (self.width, self.height, self.xs, self.ys) = (width, height, xs, ys)
  }

  /// The source point of an output pixel.
  package subscript(x: Int, y: Int) -> Point {
    let index = y * width + x
    return Point(Double(xs[index]), Double(ys[index]))
  }

  /// The output pixel whose source point is nearest to `place`; `nil` if there are no pixels.
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

/// Moves, stretches and squeezes whole columns and rows: out(x, y) = in(columns[x], rows[y]).
package struct SeparableField: PointField {
  /// The source column of each output column.
  package var columns: [Float]
  /// The source row of each output row.
  package var rows: [Float]

  package init(columns: [Float], rows: [Float]) { (self.columns, self.rows) = (columns, rows) }

  /// OpenCV `remap`.
  package func apply(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    precondition(columns.count == source.shape.width && rows.count == source.shape.height, "a place for each")
    var resampling = resampling.cValue
    unsafe try destination.fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_warp_separable(source, destination, columns, rows, &resampling, message)
    }
  }

  package func places(for shape: ImageShape) -> PlaceMap {
    PlaceMap(
      width: shape.width, height: shape.height, xs: rows.flatMap { _ in columns },
      ys: rows.flatMap { Array(repeating: $0, count: columns.count) })
  }
}

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
}

/// A smooth random field: blurred and scaled noise. Generated strip by strip while it is applied, never stored.
package struct ElasticField: PointField {
  /// Seed of the per-pixel noise.
  package var seed: UInt64
  /// Strength: pixels per unit of the blurred noise.
  package var alpha: Double
  /// Standard deviation of the blur, in pixels.
  package var sigma: Double
  /// Whether the blur has 17 taps regardless of `sigma`.
  package var isApproximate: Bool
  /// Whether both axes share one field.
  package var sharesAxes: Bool
  /// Whether the noise is uniform in −1 ... 1 instead of normal and divided by its largest magnitude.
  package var isUniform: Bool

  package init(
    seed: UInt64, alpha: Double, sigma: Double, isApproximate: Bool = false, sharesAxes: Bool = false,
    isUniform: Bool = false
  ) {
    (self.seed, self.alpha, self.sigma) = (seed, alpha, sigma)
    (self.isApproximate, self.sharesAxes, self.isUniform) = (isApproximate, sharesAxes, isUniform)
  }

  private var cValue: cimaging_elastic {
    cimaging_elastic(
      seed: seed, alpha: alpha, sigma: sigma, is_approximate: isApproximate ? 1 : 0, shares_axes: sharesAxes ? 1 : 0,
      is_uniform: isUniform ? 1 : 0)
  }

  /// out(x, y) = in(x + dx(x, y), y + dy(x, y)).
  package func apply(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    var (field, resampling) = (cValue, resampling.cValue)
    unsafe try destination.fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_warp_elastic(source, destination, &field, &resampling, message)
    }
  }

  /// The displacements that `apply` uses.
  package func displacements(for shape: ImageShape) throws(ImagingError) -> DisplacementField {
    let count = shape.width * shape.height
    var field = DisplacementField(dx: Array(repeating: 0, count: count), dy: Array(repeating: 0, count: count))
    var (elastic, message) = (cValue, cimaging_message())
    let status = unsafe cimaging_elastic_field(
      &elastic, Int32(shape.width), Int32(shape.height), &field.dx, &field.dy, &message)
    try check(status, message)
    return field
  }

  package func places(for shape: ImageShape) throws(ImagingError) -> PlaceMap {
    try displacements(for: shape).places(for: shape)
  }
}

/// Radial lens distortion: the farther out a pixel, the farther out (or in) its source point moves.
package struct LensField: PointField {
  /// Positive values sample farther out, so that the image shrinks towards its centre.
  package var k: Double
  /// Factor 1 + k r² with r in half diagonals, instead of 1 + k r² + k r⁴ in widths and heights.
  package var isFisheye: Bool

  package init(k: Double, isFisheye: Bool) { (self.k, self.isFisheye) = (k, isFisheye) }

  private var cValue: cimaging_lens { cimaging_lens(k: k, is_fisheye: isFisheye ? 1 : 0) }

  /// OpenCV `initUndistortRectifyMap` and `remap`.
  package func apply(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    var (lens, resampling) = (cValue, resampling.cValue)
    unsafe try destination.fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_warp_lens(source, destination, &lens, &resampling, message)
    }
  }

  package func places(for shape: ImageShape) -> PlaceMap {
    var lens = cValue
    var (xs, ys): ([Float], [Float]) = ([], [])
    for y in 0..<shape.height {
      var row = (x: [Float](repeating: 0, count: shape.width), y: [Float](repeating: 0, count: shape.width))
      unsafe cimaging_lens_row(&lens, Int32(shape.width), Int32(shape.height), Int32(y), &row.x, &row.y)
      xs += row.x
      ys += row.y
    }
    return PlaceMap(width: shape.width, height: shape.height, xs: xs, ys: ys)
  }
}

internal import CImaging

/// A smooth field given by a few points: each says where the image is sampled there, and between them lies a mean.
package struct ControlField: PointField {
  private let method: Method
  /// Where the controls are, and where they are sampled or, of a spline, their weights.
  private let places, values: [SIMD2<Float>]
  /// Of a spline: the constant, and what is added for each column and row.
  private let affine: [SIMD2<Float>]

  private enum Method { case inverseSquares, spline }

  /// Means weighted by inverse squares of distances, in pixels.
  init(inverseSquares places: [SIMD2<Float>], sampledAt values: [SIMD2<Float>]) {
    precondition(places.count == values.count && !places.isEmpty, "a value for each place")
    (method, self.places, self.values, affine) = (.inverseSquares, places, values, [])
  }

  /// A thin plate that moves places to others, both relative to the size of the image.
  init(spline places: [Point], sampledAt values: [Point]) throws(ImagingError) {
    precondition(places.count == values.count && !places.isEmpty, "a value for each place")
    var (xs, ys, message) = (values.map(\.x), values.map(\.y), cimaging_message())
    var affine = [Double](repeating: 0, count: 6)
    let status = unsafe cimaging_spline(
      places.map(\.x), places.map(\.y), Int32(places.count), &xs, &ys, &affine, &message)
    try check(status, message)
    (method, self.places) = (.spline, places.map { SIMD2($0) })
    self.values = zip(xs, ys).map { SIMD2(Float($0), Float($1)) }
    self.affine = (0..<3).map { SIMD2(Float(affine[2 * $0]), Float(affine[2 * $0 + 1])) }
  }

  /// Calls `body` with the controls for the C layer.
  @safe
  private func withControls<Result, Failure: Error>(
    _ body: (UnsafePointer<cimaging_controls>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let numbers =
      [places.map(\.x), places.map(\.y), values.map(\.x), values.map(\.y)].joined()
      + affine.flatMap { [$0.x, $0.y] }
    let count = places.count
    return unsafe try Array(numbers).withUnsafeBufferPointer { numbers throws(Failure) in
      // Four lists of `count`, and six numbers of a spline.
      guard let first = numbers.baseAddress else { preconditionFailure("there are controls") }
      var controls = unsafe cimaging_controls(
        count: Int32(count), x: first, y: first + count, to_x: first + 2 * count, to_y: first + 3 * count,
        affine: method == .spline ? first + 4 * count : nil)
      return unsafe try body(&controls)
    }
  }

  /// OpenCV `remap`.
  package func apply(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    var resampling = resampling.cValue
    try withControls { controls throws(ImagingError) in
      unsafe try destination.fill(source.shape, from: source) { source, destination, message in
        unsafe cimaging_warp_controls(source, destination, controls, &resampling, message)
      }
    }
  }

  package func places(for shape: ImageShape) throws(ImagingError) -> PlaceMap {
    let count = shape.width * shape.height
    var (xs, ys, message) = (
      [Float](repeating: 0, count: count), [Float](repeating: 0, count: count), cimaging_message()
    )
    let status = withControls { controls in
      unsafe cimaging_controls_map(controls, Int32(shape.width), Int32(shape.height), &xs, &ys, &message)
    }
    try check(status, message)
    return PlaceMap(width: shape.width, height: shape.height, xs: xs, ys: ys)
  }

  package func map(for shape: ImageShape) -> any FieldMap {
    switch method {
    case .inverseSquares: DisplacementMap(InverseSquares(places, values, shape))
    case .spline: DisplacementMap(ThinPlate(places, values, affine, shape))
    }
  }
}

internal import CImaging

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

  /// Without strength labels stay as they are. (OpenCV's camera then still moves pixels by half of one, which looks like
  /// a blur.)
  package func map(for shape: ImageShape) -> any FieldMap {
    LensMap(k == 0 ? LensField(k: 0, isFisheye: true) : self, shape)
  }
}

/// A pixel at distance r from the centre shows what is (1 + second r² + fourth r⁴) times as far from it, with distances
/// in units of `scale`. Beyond the corners of the image the source distance grows as the pixel's does.
struct LensMap: FieldMap {
  private let second, fourth: Double
  /// Pixels per unit of distance.
  private let scale: Point
  /// The centre in the output, and in the source: half a pixel apart in the model of OpenCV's camera.
  private let middle, center: Point
  /// Distance of the corners.
  private let reach: Double
  let straightLength: Double
  private let isFolded: Bool

  init(_ lens: LensField, _ shape: ImageShape) {
    let size = Point(Double(shape.width), Double(shape.height))
    center = size / 2
    if lens.isFisheye {
      (scale, middle) = (Point(1, 1), center)
      (second, fourth) = (lens.k / (center * center).sum(), 0)
    } else {
      // The C layer takes the strength of this model in single precision, as OpenCV does.
      let k = Double(Float(lens.k))
      (scale, middle, second, fourth) = (size, (size - 1) / 2, k, k)
    }
    let corner = pointwiseMax(middle + 0.5, size - 0.5 - middle) / scale
    reach = (corner * corner).sum().squareRoot()
    straightLength = max(4, size.max() / 32)
    // The slope 1 + 3 second r² + 5 fourth r⁴ of the distances is least at the centre or, as both factors have the
    // same sign, at the corners.
    let square = reach * reach
    isFolded = !(1 + (3 * second + 5 * fourth * square) * square > 1e-6)
  }

  /// The source distance of an output distance.
  private func stretched(_ distance: Double) -> Double {
    let inner = min(distance, reach)
    let square = inner * inner
    return inner * (1 + (second + fourth * square) * square) + (distance - inner)
  }

  func place(of pixel: Point) -> Point {
    let offset = (pixel - middle) / scale
    let distance = (offset * offset).sum().squareRoot()
    guard distance > 0 else { return center }
    return center + offset * scale * (stretched(distance) / distance)
  }

  func pixel(showing place: Point, near: Point?) -> Point? {
    guard !isFolded else { return nil }
    let offset = (place - center) / scale
    let wanted = (offset * offset).sum().squareRoot()
    guard wanted > 0, second != 0 else { return place + (middle - center) }
    return middle + offset * scale * (distance(showing: wanted) / wanted)
  }

  /// The output distance of a source distance: by Newton, kept between bounds that close in.
  private func distance(showing wanted: Double) -> Double {
    let beyond = wanted - stretched(reach)
    if beyond >= 0 { return reach + beyond }
    var (low, high, distance) = (0.0, reach, min(wanted, reach))
    for _ in 0..<60 {
      let error = stretched(distance) - wanted
      if abs(error) <= 1e-14 * reach { break }
      if error > 0 { high = distance } else { low = distance }
      let square = distance * distance
      let next = distance - error / (1 + (3 * second + 5 * fourth * square) * square)
      distance = next > low && next < high ? next : (low + high) / 2
    }
    return distance
  }

  func folds(in box: Box) -> Bool { isFolded }
}

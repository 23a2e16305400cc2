internal import CImaging

/// What a lens does: places lie farther out, or nearer, the farther out a pixel is.
public struct LensField: PointField {
  /// Positive looks farther out, so that the image shrinks toward its middle.
  public var k: Double
  /// Factor 1 + k r² with r in half diagonals, rather than 1 + k r² + k r⁴ in widths and heights.
  public var isFisheye: Bool

  /// A lens of strength `k`.
  public init(k: Double, isFisheye: Bool) { (self.k, self.isFisheye) = (k, isFisheye) }

  private var cValue: cimaging_lens { cimaging_lens(k: k, is_fisheye: isFisheye ? 1 : 0) }

  /// OpenCV `initUndistortRectifyMap` and `remap`.
  public func apply(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    var (lens, resampling) = (cValue, resampling.cValue)
    unsafe try destination.fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_warp_lens(source, destination, &lens, &resampling, message)
    }
  }

  /// Row by row.
  public func places(for shape: ImageShape) -> PlaceMap {
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

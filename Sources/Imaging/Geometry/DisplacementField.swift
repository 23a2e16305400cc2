internal import CImaging

/// How far each pixel lies from its source, in pixels, row by row: out(x, y) = in(x + dx, y + dy).
public struct DisplacementField: PointField {
  /// To the right.
  public var dx: [Float]
  /// Down.
  public var dy: [Float]

  /// The field of these displacements.
  public init(dx: [Float], dy: [Float]) { (self.dx, self.dy) = (dx, dy) }

  /// OpenCV `remap`.
  public func apply(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    precondition(
      dx.count == source.shape.width * source.shape.height && dy.count == dx.count, "a value per pixel")
    var resampling = resampling.cValue
    unsafe try destination.fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_warp_fields(source, destination, dx, dy, &resampling, message)
    }
  }

  /// Each pixel's own place plus its displacement.
  public func places(for shape: ImageShape) -> PlaceMap {
    PlaceMap(
      width: shape.width, height: shape.height,
      xs: dx.indices.map { Float($0 % shape.width) + dx[$0] }, ys: dy.indices.map { Float($0 / shape.width) + dy[$0] })
  }
}

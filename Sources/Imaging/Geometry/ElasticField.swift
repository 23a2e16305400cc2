internal import CImaging

/// A smooth random field: noise, blurred and scaled. It is made as it is needed, strip by strip, and never stored.
public struct ElasticField: PointField {
  /// Seeds the noise of each pixel.
  public var seed: UInt64
  /// Strength: pixels per unit of the blurred noise.
  public var alpha: Double
  /// Standard deviation of the blur, in pixels.
  public var sigma: Double
  /// Whether the blur has 17 taps whatever sigma.
  public var isApproximate: Bool
  /// Whether one field serves both axes.
  public var isSame: Bool
  /// Whether the noise is even in −1 ... 1, rather than normal and divided by its largest.
  public var isUniform: Bool

  /// The field of a seed.
  public init(
    seed: UInt64, alpha: Double, sigma: Double, isApproximate: Bool = false, isSame: Bool = false,
    isUniform: Bool = false
  ) {
    (self.seed, self.alpha, self.sigma) = (seed, alpha, sigma)
    (self.isApproximate, self.isSame, self.isUniform) = (isApproximate, isSame, isUniform)
  }

  private var cValue: cimaging_elastic {
    cimaging_elastic(
      seed: seed, alpha: alpha, sigma: sigma, is_approximate: isApproximate ? 1 : 0, is_same: isSame ? 1 : 0,
      is_uniform: isUniform ? 1 : 0)
  }

  /// out(x, y) = in(x + dx(x, y), y + dy(x, y)).
  public func apply(
    _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    var (field, resampling) = (cValue, resampling.cValue)
    unsafe try destination.fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_warp_elastic(source, destination, &field, &resampling, message)
    }
  }

  /// The displacements that `apply` follows.
  public func displacements(for shape: ImageShape) throws(ImagingError) -> DisplacementField {
    let count = shape.width * shape.height
    var field = DisplacementField(dx: Array(repeating: 0, count: count), dy: Array(repeating: 0, count: count))
    var (elastic, message) = (cValue, cimaging_message())
    let status = unsafe cimaging_elastic_field(
      &elastic, Int32(shape.width), Int32(shape.height), &field.dx, &field.dy, &message)
    try check(status, message)
    return field
  }

  /// Those of its displacements.
  public func places(for shape: ImageShape) throws(ImagingError) -> PlaceMap {
    try displacements(for: shape).places(for: shape)
  }
}

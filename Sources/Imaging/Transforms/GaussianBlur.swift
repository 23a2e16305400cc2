internal import CImaging
internal import Glibc

/// Blurs with a Gaussian. Grey and colour.
///
/// Source: Albumentations `GaussianBlur`, OpenCV `sepFilter2D`; the image is reflected beyond its edge.
public struct GaussianBlur: Transform {
  /// The Gaussian.
  public struct Drawn: Sendable {
    /// Its standard deviation in pixels.
    public var sigma: Double
    /// Number of taps; 0 for as many as sigma needs.
    public var size: Int

    /// A Gaussian of `sigma` pixels.
    public init(sigma: Double, size: Int = 0) {
      self.sigma = sigma
      self.size = size
    }
  }

  /// The sentence of `augment-cli transforms`.
  public static let summary = "Blurs with a Gaussian."
  /// As in Albumentations.
  public static let parameters: [Parameter<GaussianBlur>] = [
    .integers(
      "blur_limit", \.blurLimit, in: 0...1001, lowest: 0,
      "number of taps, an even one counts as the next; 0 for as many as sigma needs"),
    .range("sigma_limit", \.sigmaLimit, in: 0...1000, lowest: 0, "standard deviation in pixels"),
  ]

  /// Range of the number of taps; 0 stands for as many as sigma needs.
  public var blurLimit = 0...0
  /// Range of the standard deviation, in pixels.
  public var sigmaLimit = 0.5...3.0

  /// The transform with its defaults.
  public init() {}

  /// Draws sigma and the number of taps.
  public func sample(for shape: ImageShape, using random: inout RandomStream) -> Drawn {
    let sigma = random.uniform(sigmaLimit)
    return Drawn(sigma: sigma, size: random.integer(blurLimit))
  }

  /// Blurs.
  public func apply(
    _ drawn: Drawn, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
  ) throws(ImagingError) {
    let taps = Self.taps(drawn)
    if taps.count == 1 { return try destination.copy(from: source) }
    unsafe try destination.fill(source.shape, from: source) { source, destination, message in
      unsafe cimaging_filter_separable(source, destination, taps, Int32(taps.count), message)
    }
  }

  /// The weights of a row, which add up to 1. Those of sigma 0 are those of no blur.
  static func taps(_ drawn: Drawn) -> [Double] {
    let radius = drawn.size == 0 ? Int(drawn.sigma * 3.5) : drawn.size / 2
    guard drawn.sigma > 0 else { return [1] }
    let weights = (-radius...radius).map { offset in
      let deviation = Double(offset) / drawn.sigma
      return exp(-0.5 * (deviation * deviation))
    }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// Whether there is but one tap.
  public var warnings: [String] {
    blurLimit.upperBound == 1 || (blurLimit == 0...0 && sigmaLimit.upperBound * 3.5 < 1)
      ? ["a single tap is no blur; from a sigma of 0.29 on there are more"] : []
  }
}

internal import CImaging
internal import Glibc

/// Gaussian blur. Grey and colour.
///
/// Source: Albumentations `GaussianBlur`, OpenCV `sepFilter2D` with `BORDER_REFLECT_101`.
package struct GaussianBlur: Transform {
  package struct Drawn: Codable, Sendable {
    /// Standard deviation in pixels.
    package var sigma: Double
    /// Number of taps; 0 derives it from sigma.
    package var size: Int

    package init(sigma: Double, size: Int = 0) {
      self.sigma = sigma
      self.size = size
    }
  }

  package static let summary = "Blurs with a Gaussian."
  package static let parameters: [Parameter<GaussianBlur>] = [
    .integers(
      "blur_limit", \.blurLimit, in: 0...1001, lowest: 0,
      "number of taps, even values rounded up to odd; 0 derives it from sigma"),
    .range("sigma_limit", \.sigmaLimit, in: 0...1000, lowest: 0, "standard deviation in pixels"),
  ]

  /// Range of the number of taps; 0 derives it from sigma.
  package var blurLimit = 0...0
  /// Range of the standard deviation in pixels.
  package var sigmaLimit = 0.5...3.0

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let sigma = random.uniform(sigmaLimit)
    return Drawn(sigma: sigma, size: random.integer(blurLimit))
  }

  /// Even numbers of taps become the odd ones that they stand for.
  package func fixed(at drawn: Drawn) -> PipelineNode? {
    let size = drawn.size == 0 ? 0 : drawn.size | 1
    return always { ($0.blurLimit, $0.sigmaLimit) = (.only(size), .only(drawn.sigma)) }
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let taps = Self.taps(drawn)
    if taps.count == 1 { return .identity }
    return .kernel { source, destination, message in
      unsafe cimaging_filter_separable(source, destination, taps, Int32(taps.count), message)
    }
  }

  /// Taps of one axis, normalized to sum 1; a single tap where sigma is 0. The default radius is ⌊3.5 sigma⌋.
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

  package var warnings: [String] {
    blurLimit.upperBound == 1 || (blurLimit == 0...0 && sigmaLimit.upperBound * 3.5 < 1)
      ? ["a single tap is no blur; from a sigma of 0.29 on there are more"] : []
  }
}

internal import CImaging

/// Sharpens where the image differs from its surroundings. Grey and colour.
///
/// Source: Albumentations `UnsharpMask`, OpenCV `GaussianBlur` of floats with `BORDER_REFLECT_101`.
package struct UnsharpMask: Transform {
  package struct Drawn: Codable, Sendable {
    /// Number of taps of the blur, odd.
    package var size: Int
    /// Standard deviation of the blur in pixels; 0 derives it from the number of taps.
    package var sigma: Double
    /// Share of the details to add, 0 ... 1.
    package var alpha: Double

    package init(size: Int, sigma: Double, alpha: Double) {
      self.size = size
      self.sigma = sigma
      self.alpha = alpha
    }
  }

  package static let summary = "Sharpens where the image differs from its surroundings."
  package static let parameters: [Parameter<UnsharpMask>] = [
    .kernelSizes(\.blurLimit, "taps of the blur"),
    .range(
      "sigma_limit", \.sigmaLimit, in: 0...1000, lowest: 0,
      "standard deviation of the blur in pixels; 0 derives it from the taps"),
    .range("alpha", \.alpha, in: 0...1, lowest: 0, "share of the details to add"),
    .integer("threshold", \.threshold, in: 0...255, "least difference to sharpen, in levels"),
  ]

  /// Range of the number of taps.
  package var blurLimit = 3...7
  /// Range of the standard deviation in pixels; 0 derives it from the number of taps.
  package var sigmaLimit = 0.0...0.0
  /// Range of the share of details to add.
  package var alpha = 0.2...0.5
  /// Least difference to sharpen, in levels.
  package var threshold = 10

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let size = random.kernelSize(blurLimit)
    let sigma = random.uniform(sigmaLimit)
    return Drawn(size: size, sigma: sigma, alpha: random.uniform(alpha))
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? {
    always {
      ($0.blurLimit, $0.sigmaLimit, $0.alpha) = (.only(drawn.size), .only(drawn.sigma), .only(drawn.alpha))
    }
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let threshold = Int32(threshold)
    return .kernel { source, destination, message in
      var settings = cimaging_mask_settings(
        size: Int32(drawn.size), threshold: threshold, sigma: drawn.sigma, alpha: drawn.alpha)
      return unsafe cimaging_unsharp_mask(source, destination, &settings, message)
    }
  }

  package var warnings: [String] {
    threshold == 255 || alpha.upperBound * 255 < 0.5
      ? ["an alpha this small or a threshold of 255 adds no details"] : []
  }
}

internal import CImaging

/// Sharpens. Grey and colour.
///
/// Source: Albumentations `Sharpen`, OpenCV `filter2D` with `BORDER_REFLECT_101`. Method `gaussian` is computed in
/// floating point; in Albumentations its differences wrap around at 0.
package struct Sharpen: Transform {
  /// How details are extracted.
  package enum Method: String, CaseIterable, Sendable {
    /// A 3 × 3 Laplacian.
    case kernel
    /// The difference from a Gaussian blur.
    case gaussian
  }

  package struct Drawn: Codable, Sendable {
    /// Share of the details to add, 0 ... 1.
    package var alpha: Double
    /// Factor on the brightness of the sharpened part, 1 to keep it. Method `kernel` only.
    package var lightness: Double

    package init(alpha: Double, lightness: Double) {
      self.alpha = alpha
      self.lightness = lightness
    }
  }

  package static let summary = "Sharpens; method kernel also darkens where lightness is below 1."
  package static let parameters: [Parameter<Sharpen>] = [
    .range("alpha", \.alpha, in: 0...1, "share of the details to add"),
    .range("lightness", \.lightness, in: 0...1e6, "brightness that is kept, 1 for all of it; method kernel only"),
    .choice("method", \.method, "a 3 x 3 kernel, or the difference from a Gaussian blur"),
    .integer("kernel_size", \.kernelSize, in: 3...1001, "taps of the blur, even values rounded up to odd"),
    .number("sigma", \.sigma, in: 1e-3...1000, "standard deviation of the blur in pixels"),
  ]

  /// Range of the share of details to add.
  package var alpha = 0.2...0.5
  /// Range of the brightness that is kept; 1 is all of it.
  package var lightness = 0.5...1.0
  package var method = Method.kernel
  package var kernelSize = 5
  /// Standard deviation of the blur in pixels.
  package var sigma = 1.0

  package init() {}

  /// Draws lightness for method `kernel` only.
  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let alpha = random.uniform(alpha)
    return Drawn(alpha: alpha, lightness: method == .kernel ? random.uniform(lightness) : 1)
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? {
    always {
      $0.alpha = .only(drawn.alpha)
      if method == .kernel { $0.lightness = .only(drawn.lightness) }
    }
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    switch method {
    case .kernel:
      let kernel = Self.kernel(drawn)
      return .kernel { source, destination, message in
        unsafe cimaging_correlate(source, destination, kernel, 3, message)
      }
    case .gaussian:
      let (size, sigma) = (Int32(kernelSize | 1), sigma)
      return .kernel { source, destination, message in
        unsafe cimaging_unsharp(source, destination, drawn.alpha, size, sigma, message)
      }
    }
  }

  /// 3 × 3 weights in row-major order.
  static func kernel(_ drawn: Drawn) -> [Float] {
    var kernel = [Float](repeating: -Float(drawn.alpha), count: 9)
    kernel[4] = Float(1 - drawn.alpha) + Float(drawn.alpha) * Float(8 + drawn.lightness)
    return kernel
  }

  package var warnings: [String] { alpha.upperBound * 255 < 0.5 ? ["an alpha this small adds no details"] : [] }
}

internal import CImaging

/// Sharpens. Grey and colour.
///
/// Source: Albumentations `Sharpen`, OpenCV `filter2D`; the image is reflected beyond its edge. Method `gaussian` is
/// computed in floating point: in Albumentations its differences wrap around at 0.
public struct Sharpen: Transform {
  /// How details are found.
  public enum Method: String, CaseIterable, Sendable {
    /// A Laplacian of 3 × 3.
    case kernel
    /// The difference from a Gaussian blur.
    case gaussian
  }

  /// How much to sharpen.
  public struct Drawn: Codable, Sendable {
    /// Share of the details, 0 ... 1.
    public var alpha: Double
    /// Of method `kernel`: what is kept of the brightness; 1 is all.
    public var lightness: Double

    /// Sharpens by `alpha`.
    public init(alpha: Double, lightness: Double) {
      self.alpha = alpha
      self.lightness = lightness
    }
  }

  /// The sentence of `augment-cli transforms`.
  public static let summary = "Sharpens; method kernel darkens too where lightness is under 1."
  /// As in Albumentations.
  public static let parameters: [Parameter<Sharpen>] = [
    .range("alpha", \.alpha, in: 0...1, "share of the details that is added"),
    .range("lightness", \.lightness, in: 0...1e6, "what is kept of the brightness, 1 is all; method kernel"),
    .choice("method", \.method, "a 3 x 3 kernel, or the difference from a Gaussian blur"),
    .integer("kernel_size", \.kernelSize, in: 3...1001, "taps of the blur, an even number counts as the next"),
    .number("sigma", \.sigma, in: 1e-3...1000, "standard deviation of the blur in pixels"),
  ]

  /// Range of the share of details.
  public var alpha = 0.2...0.5
  /// Range of what is kept of the brightness.
  public var lightness = 0.5...1.0
  /// How details are found.
  public var method = Method.kernel
  /// Taps of the blur.
  public var kernelSize = 5
  /// Standard deviation of the blur, in pixels.
  public var sigma = 1.0

  /// The transform with its defaults.
  public init() {}

  /// Draws alpha, and for method `kernel` lightness.
  public func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let alpha = random.uniform(alpha)
    return Drawn(alpha: alpha, lightness: method == .kernel ? random.uniform(lightness) : 1)
  }

  /// Sharpens.
  public func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
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

  /// Row by row.
  static func kernel(_ drawn: Drawn) -> [Float] {
    var kernel = [Float](repeating: -Float(drawn.alpha), count: 9)
    kernel[4] = Float(1 - drawn.alpha) + Float(drawn.alpha) * Float(8 + drawn.lightness)
    return kernel
  }

  /// Whether nothing is added.
  public var warnings: [String] { alpha.upperBound * 255 < 0.5 ? ["an alpha this small adds no details"] : [] }
}

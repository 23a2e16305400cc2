internal import Glibc

/// Displaces pixels by a smooth random field. Grey, colour and alpha.
///
/// Source: Albumentations `ElasticTransform` (after Simard and others, 2003), OpenCV `remap`. As in Albumentations, the
/// fields of both axes are stacked vertically while they are blurred. From sigma 12 the blur runs on a coarse grid.
package struct ElasticTransform: Transform, FieldWarp {
  package enum Noise: String, CaseIterable, Sendable {
    /// Standard normal, divided by the largest magnitude.
    case gaussian
    /// Uniform in −1 ... 1.
    case uniform
  }

  package struct Drawn: Codable, Sendable {
    /// Seeds the noise of every pixel.
    package var seed: UInt64

    package init(seed: UInt64) { self.seed = seed }
  }

  package static let summary = "Displaces pixels by a smooth random field."
  package static let parameters: [Parameter<ElasticTransform>] =
    [
      .number("alpha", \.alpha, in: 0...1e6, "strength; the displacement also depends on sigma, 50 suits a sigma of 5"),
      .number("sigma", \.sigma, in: 1...1000, "smoothness: standard deviation of the field's blur in pixels"),
      .flag("approximate", \.approximate, "whether to blur with 17 taps regardless of sigma"),
      .flag("same_dxdy", \.sameDxdy, "whether one field serves both axes"),
      .choice("noise_distribution", \.noiseDistribution, "noise to blur"),
    ] + Parameter.warping

  /// Strength: pixels per unit of the blurred field.
  package var alpha = 1.0
  /// Standard deviation of the field's blur in pixels.
  package var sigma = 50.0
  /// Whether the blur has 17 taps regardless of sigma.
  package var approximate = false
  /// Whether one field serves both axes.
  package var sameDxdy = false
  package var noiseDistribution = Noise.gaussian
  package var resampling = Resampling()
  package var keypointRemapping = KeypointRemapping.mask

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(seed: random.next())
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    .geometry(.field(field(drawn)), resampling)
  }

  private func field(_ drawn: Drawn) -> ElasticField {
    ElasticField(
      seed: drawn.seed, alpha: alpha, sigma: sigma, isApproximate: approximate, sharesAxes: sameDxdy,
      isUniform: noiseDistribution == .uniform)
  }

  /// Warns of displacements too small to see, and of the fill.
  package var warnings: [String] {
    let pixels = largestDisplacement
    guard pixels < 0.1 else { return resampling.warnings }
    let most = format((pixels * 1000).rounded() / 1000)
    return ["pixels move by about \(most) at most, which nobody sees; alpha 50 with sigma 5 is usual"]
      + resampling.warnings
  }

  /// About four standard deviations, in pixels. Blurring white noise with taps w along both axes scales its standard
  /// deviation by Σw².
  private var largestDisplacement: Double {
    let radius = approximate ? 8 : Int(4 * sigma)
    let weights = (-radius...radius).map { exp(-0.5 * Double($0 * $0) / (sigma * sigma)) }
    let sum = weights.reduce(0, +)
    let kept = weights.reduce(0) { $0 + $1 * $1 } / (sum * sum)
    // The largest of a million standard normal values is about 5.
    let deviation = noiseDistribution == .gaussian ? 0.2 : (1.0 / 3).squareRoot()
    return 4 * alpha * kept * deviation
  }
}

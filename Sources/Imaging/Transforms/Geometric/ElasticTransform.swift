internal import Glibc

/// Moves pixels by a smooth random field. Grey, colour and alpha.
///
/// Source: Albumentations `ElasticTransform` (after Simard and others, 2003), OpenCV `remap`. The fields of both axes
/// lie one above the other while they are blurred, as there. From sigma 12 on they are blurred on a coarse grid.
public struct ElasticTransform: Transform, Resampled {
  /// What is blurred.
  public enum Noise: String, CaseIterable, Sendable {
    /// Normal, divided by its largest.
    case gaussian
    /// Even in −1 ... 1.
    case uniform
  }

  /// Which field.
  public struct Drawn: Codable, Sendable {
    /// Seeds the noise of each pixel.
    public var seed: UInt64

    /// The field of `seed`.
    public init(seed: UInt64) { self.seed = seed }
  }

  /// The sentence of `augment-cli transforms`.
  public static let summary = "Moves pixels by a smooth random field."
  /// As in Albumentations.
  public static let parameters: [Parameter<ElasticTransform>] =
    [
      .number("alpha", \.alpha, in: 0...1e6, "strength; what it moves depends on sigma, 50 suits a sigma of 5"),
      .number("sigma", \.sigma, in: 1...1000, "smoothness, the blur of the field in pixels"),
      .flag("approximate", \.approximate, "blurs with 17 taps whatever sigma"),
      .flag("same_dxdy", \.sameDxdy, "moves as far right as down"),
      .choice("noise_distribution", \.noiseDistribution, "what is blurred"),
    ] + Parameter.resampling

  /// Strength: pixels per unit of the blurred field.
  public var alpha = 1.0
  /// Blur of the field, in pixels.
  public var sigma = 50.0
  /// Whether the blur has 17 taps whatever sigma.
  public var approximate = false
  /// Whether one field serves both axes.
  public var sameDxdy = false
  /// What is blurred.
  public var noiseDistribution = Noise.gaussian
  /// Between pixels and beyond the edge.
  public var resampling = Resampling()

  /// The transform with its defaults.
  public init() {}

  /// Draws the seed.
  public func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(seed: random.next())
  }

  /// Moves by the field of the seed.
  public func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    .geometry(.field(field(drawn)), resampling)
  }

  private func field(_ drawn: Drawn) -> ElasticField {
    ElasticField(
      seed: drawn.seed, alpha: alpha, sigma: sigma, isApproximate: approximate, isSame: sameDxdy,
      isUniform: noiseDistribution == .uniform)
  }

  /// Whether anybody would see it, and the fill.
  public var warnings: [String] {
    let pixels = largestDisplacement
    guard pixels < 0.1 else { return resampling.warnings }
    let most = format((pixels * 1000).rounded() / 1000)
    return ["pixels move by about \(most) at most, which nobody sees; alpha 50 with sigma 5 is usual"]
      + resampling.warnings
  }

  /// About four standard deviations. White noise that is blurred by taps w in both directions keeps Σw² of its own.
  private var largestDisplacement: Double {
    let radius = approximate ? 8 : Int(4 * sigma)
    let weights = (-radius...radius).map { exp(-0.5 * Double($0 * $0) / (sigma * sigma)) }
    let sum = weights.reduce(0, +)
    let kept = weights.reduce(0) { $0 + $1 * $1 } / (sum * sum)
    // The largest of a million normal numbers is about 5.
    let deviation = noiseDistribution == .gaussian ? 0.2 : (1.0 / 3).squareRoot()
    return 4 * alpha * kept * deviation
  }
}

/// Adds normally distributed noise, cut toward zero to whole levels. Grey and colour.
///
/// Source: Albumentations `GaussNoise`. Its arithmetic is the same; the noise itself is drawn here, from a distribution
/// that reaches to 4.2 standard deviations.
package struct GaussNoise: Transform {
  package struct Drawn: Codable, Sendable {
    /// Seeds the noise of every value.
    package var seed: UInt64
    /// In shares of 255 levels.
    package var standardDeviation: Double
    package var mean: Double

    package init(seed: UInt64, standardDeviation: Double, mean: Double) {
      (self.seed, self.standardDeviation, self.mean) = (seed, standardDeviation, mean)
    }
  }

  package static let summary = "Adds normally distributed noise."
  package static let differences = ["the noise reaches to 4.2 standard deviations"]
  package static let parameters: [Parameter<GaussNoise>] = [
    .fixedOrRange("std_range", \.stdRange, in: 0...1, "standard deviation in shares of 255 levels"),
    .fixedOrRange("mean_range", \.meanRange, in: -1...1, "mean in shares of 255 levels"),
    .flag("per_channel", \.perChannel, "whether each channel has noise of its own"),
    .number(
      "noise_scale_factor", \.noiseScaleFactor, in: 0.001...1,
      "share of each side at which the noise is drawn; below 1 it is coarser"),
  ]

  package var stdRange = 0.2...0.44
  package var meanRange = 0.0...0.0
  package var perChannel = true
  package var noiseScaleFactor = 1.0

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let seed = random.next()
    let standardDeviation = random.uniform(stdRange)
    return Drawn(seed: seed, standardDeviation: standardDeviation, mean: random.uniform(meanRange))
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    var noise = WhiteNoise(
      seed: drawn.seed, distribution: .normal, offset: drawn.mean * 255, scale: drawn.standardDeviation * 255)
    (noise.isShared, noise.density) = (!perChannel, noiseScaleFactor)
    return noise.adding
  }

  package var warnings: [String] {
    let mean = max(abs(meanRange.lowerBound), abs(meanRange.upperBound))
    return (mean + 3 * stdRange.upperBound) * 255 < 1 ? ["noise of less than a level changes nothing"] : []
  }
}

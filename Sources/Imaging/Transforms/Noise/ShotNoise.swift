internal import CImaging

/// The noise of a sensor that counts single photons: Poisson numbers in linear light. Grey and colour.
///
/// Source: Albumentations `ShotNoise`. It has no lower limit of the scale; here less than 0.0001 counts as that, where
/// the noise is below a level.
package struct ShotNoise: Transform {
  package struct Drawn: Codable, Sendable {
    /// The light of one photon, as a share of white.
    package var scale: Double
    /// Seeds the number of every value.
    package var seed: UInt64

    package init(scale: Double, seed: UInt64) { (self.scale, self.seed) = (scale, seed) }
  }

  package static let summary = "Adds the noise of a sensor that counts single photons."
  package static let differences = ["a scale below 0.0001 counts as that"]
  package static let parameters: [Parameter<ShotNoise>] = [
    .fixedOrRange("scale_range", \.scaleRange, in: 0...1000, "light of one photon, as a share of white")
  ]

  package var scaleRange = 0.1...0.3

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(scale: random.uniform(scaleRange), seed: random.next())
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    .kernel { source, destination, message in
      unsafe cimaging_shot_noise(source, destination, drawn.seed, max(drawn.scale, 1e-4), message)
    }
  }
}

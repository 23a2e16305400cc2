internal import CImaging

/// Darkens an image by random clouds. Grey and colour.
///
/// Source: Albumentations `PlasmaShadow`.
package struct PlasmaShadow: Transform {
  package struct Drawn: Codable, Sendable {
    /// Share of the light that is lost in the darkest place.
    package var intensity: Double
    /// Seeds the clouds.
    package var seed: UInt64

    package init(intensity: Double, seed: UInt64) { (self.intensity, self.seed) = (intensity, seed) }
  }

  package static let summary = "Casts the shadows of random clouds."
  package static let parameters: [Parameter<PlasmaShadow>] =
    [.range("shadow_intensity_range", \.shadowIntensityRange, in: 0...1, lowest: 0, "share of the light that is lost")]
    + Parameter.plasma(\.plasmaSize, \.roughness)

  package var shadowIntensityRange = 0.3...0.7
  package var plasmaSize = 256
  package var roughness = 3.0

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let intensity = random.uniform(shadowIntensityRange)
    return Drawn(intensity: intensity, seed: random.next())
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let plasma = Plasma(seed: drawn.seed, roughness: roughness)
    return .pixels { (source, destination) throws(ImagingError) in
      let pattern = try plasma.pattern(for: source.shape)
      try Self.operation(pattern, intensity: drawn.intensity).apply(to: source, into: &destination)
    }
  }

  /// With a given pattern, a value for each pixel in row-major order.
  package static func operation(_ pattern: [Float], intensity: Double) -> Operation {
    .kernel { source, destination, message in
      unsafe cimaging_plasma_shadow(source, destination, pattern, Float(intensity), message)
    }
  }
}

internal import CImaging

/// Changes brightness and contrast by random clouds. Grey and colour.
///
/// Source: Albumentations `PlasmaBrightnessContrast`, whose negative factors have no effect. Within one level: its mean
/// is summed in single precision.
package struct PlasmaBrightnessContrast: Transform {
  package struct Drawn: Codable, Sendable {
    /// Share of 255 that is added in the brightest place.
    package var brightness: Double
    /// What the factor on the distance from the mean exceeds 1 by, in the place of most contrast.
    package var contrast: Double
    /// Seeds the clouds.
    package var seed: UInt64
  }

  package static let summary = "Raises brightness and contrast by random clouds."
  package static let parameters: [Parameter<PlasmaBrightnessContrast>] =
    [
      .range("brightness_range", \.brightnessRange, in: -1...1, "share of 255 to add; below 0 without effect"),
      .range("contrast_range", \.contrastRange, in: -1...1, "contrast to add; below 0 without effect"),
    ] + Parameter.plasma(\.plasmaSize, \.roughness)

  package var brightnessRange = -0.3...0.3
  package var contrastRange = -0.3...0.3
  package var plasmaSize = 256
  package var roughness = 3.0

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let brightness = random.uniform(brightnessRange)
    let contrast = random.uniform(contrastRange)
    return Drawn(brightness: brightness, contrast: contrast, seed: random.next())
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    let plasma = Plasma(seed: drawn.seed, roughness: roughness)
    if drawn.brightness <= 0 && drawn.contrast <= 0 { return .identity }
    return .pixels { (source, destination) throws(ImagingError) in
      let pattern = try plasma.pattern(for: source.shape)
      try Self.operation(pattern, brightness: drawn.brightness, contrast: drawn.contrast)
        .apply(to: source, into: &destination)
    }
  }

  /// With a given pattern, a value for each pixel in row-major order.
  package static func operation(_ pattern: [Float], brightness: Double, contrast: Double) -> Operation {
    .kernel { source, destination, message in
      unsafe cimaging_plasma_contrast(source, destination, pattern, Float(brightness), Float(contrast), message)
    }
  }

  package var warnings: [String] {
    brightnessRange.upperBound <= 0 && contrastRange.upperBound <= 0
      ? ["factors below 0 have no effect, as in Albumentations"] : []
  }
}

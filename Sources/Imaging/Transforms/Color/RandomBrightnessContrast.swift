/// Applies a linear map, contrast × value + brightness, to all values. Grey and colour.
///
/// Source: Albumentations `RandomBrightnessContrast`.
package struct RandomBrightnessContrast: Transform {
  package struct Drawn: Codable, Sendable {
    /// Factor.
    package var contrast: Double
    /// Offset as a fraction of 255 or of the image's mean.
    package var brightness: Double

    package init(contrast: Double, brightness: Double) {
      self.contrast = contrast
      self.brightness = brightness
    }
  }

  package static let summary = "Multiplies all values by a factor and adds an offset."
  package static let parameters: [Parameter<RandomBrightnessContrast>] = [
    .range("brightness_limit", \.brightnessLimit, in: .anyNumber, "offset as a fraction of 255"),
    .range("contrast_limit", \.contrastLimit, in: .anyNumber, "factor minus 1"),
    .flag("brightness_by_max", \.brightnessByMax, "if false, brightness is a fraction of the image's mean instead"),
    .flag("ensure_safe_range", \.ensureSafeRange, "whether to limit both so that no value leaves 0 to 255"),
  ]

  /// Range of the brightness as a fraction of 255.
  package var brightnessLimit = -0.2...0.2
  /// Range of the contrast factor minus 1.
  package var contrastLimit = -0.2...0.2
  /// Whether brightness is a fraction of 255 rather than of the mean over pixels and channels.
  package var brightnessByMax = true
  /// Whether contrast and brightness are limited so that no value is clipped.
  package var ensureSafeRange = false

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let contrast = 1 + random.uniform(contrastLimit)
    return Drawn(contrast: contrast, brightness: random.uniform(brightnessLimit))
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? {
    always { ($0.contrastLimit, $0.brightnessLimit) = (.only(drawn.contrast - 1), .only(drawn.brightness)) }
  }

  /// A lookup table, computed per image where brightness is relative to the mean.
  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    if brightnessByMax { return .lookup(table(contrast: drawn.contrast, shift: drawn.brightness * 255)) }
    return .pixels { (source, destination) throws(ImagingError) in
      let table = table(contrast: drawn.contrast, shift: drawn.brightness * (try source.mean()))
      try table.apply(to: source, into: &destination)
    }
  }

  /// Values are clamped to 0 ... 255, then truncated. `shift` is in levels.
  func table(contrast: Double, shift: Double) -> LookupTable {
    let line = ensureSafeRange ? Self.safe(contrast, shift) : (contrast, shift)
    return .linear(slope: Float(line.0), offset: Float(line.1))
  }

  private static func safe(_ contrast: Double, _ shift: Double) -> (Double, Double) {
    if contrast > 0 {
      let shift = min(max(shift, 0), 255)
      return (min(contrast, (255 - shift) / 255), shift)
    }
    let shift = min(shift, 255)
    return (max(contrast, -shift / 255), shift)
  }

  package var warnings: [String] {
    let most = [brightnessLimit, contrastLimit].map { max(abs($0.lowerBound), abs($0.upperBound)) }.reduce(0, +)
    return most * 255 < 1 ? ["no value changes by more than one of 255 levels"] : []
  }
}

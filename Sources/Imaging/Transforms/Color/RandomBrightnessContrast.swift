/// Scales and shifts all values by one line. Grey and colour.
///
/// Source: Albumentations `RandomBrightnessContrast`.
public struct RandomBrightnessContrast: Transform {
  /// The line.
  public struct Drawn: Codable, Sendable {
    /// What values are multiplied by.
    public var contrast: Double
    /// What is added, as a share of 255 or of the mean.
    public var brightness: Double

    /// The line value × `contrast` + `brightness` × 255, or × mean.
    public init(contrast: Double, brightness: Double) {
      self.contrast = contrast
      self.brightness = brightness
    }
  }

  /// The sentence of `augment-cli transforms`.
  public static let summary = "Multiplies all values by one number and adds another."
  /// As in Albumentations.
  public static let parameters: [Parameter<RandomBrightnessContrast>] = [
    .range("brightness_limit", \.brightnessLimit, in: .anyNumber, "what is added, as a share of 255"),
    .range("contrast_limit", \.contrastLimit, in: .anyNumber, "what values are multiplied by, less 1"),
    .flag("brightness_by_max", \.brightnessByMax, "false: brightness is a share of the image's mean instead"),
    .flag("ensure_safe_range", \.ensureSafeRange, "limits both so that no value leaves 0 to 255"),
  ]

  /// Range of the brightness, as a share of 255.
  public var brightnessLimit = -0.2...0.2
  /// Range of the contrast, less 1.
  public var contrastLimit = -0.2...0.2
  /// Whether brightness is a share of 255 rather than of the mean over pixels and channels.
  public var brightnessByMax = true
  /// Whether contrast and brightness are limited so that no value is clipped.
  public var ensureSafeRange = false

  /// The transform with its defaults.
  public init() {}

  /// Draws contrast, then brightness.
  public func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let contrast = 1 + random.uniform(contrastLimit)
    return Drawn(contrast: contrast, brightness: random.uniform(brightnessLimit))
  }

  /// The line's table, which may depend on the image's mean.
  public func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    if brightnessByMax { return .lookup(table(contrast: drawn.contrast, shift: drawn.brightness * 255)) }
    return .pixels { (source, destination) throws(ImagingError) in
      let table = table(contrast: drawn.contrast, shift: drawn.brightness * (try source.mean()))
      try table.apply(to: source, into: &destination)
    }
  }

  /// The value that each of the 256 becomes.
  func table(contrast: Double, shift: Double) -> LookupTable {
    let line = ensureSafeRange ? Self.safe(contrast, shift) : (contrast, shift)
    let (slope, offset) = (Float(line.0), Float(line.1))
    return LookupTable { UInt8(min(max(Float($0) * slope + offset, 0), 255)) }
  }

  private static func safe(_ contrast: Double, _ shift: Double) -> (Double, Double) {
    if contrast > 0 {
      let shift = min(max(shift, 0), 255)
      return (min(contrast, (255 - shift) / 255), shift)
    }
    let shift = min(shift, 255)
    return (max(contrast, -shift / 255), shift)
  }

  /// Whether no value can change by a whole level.
  public var warnings: [String] {
    let most = [brightnessLimit, contrastLimit].map { max(abs($0.lowerBound), abs($0.upperBound)) }.reduce(0, +)
    return most * 255 < 1 ? ["no value changes by more than one of 255 levels"] : []
  }
}

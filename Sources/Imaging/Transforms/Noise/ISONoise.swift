internal import CImaging

/// The noise of a camera at a high sensitivity: bright specks and turned hues. Colour only.
///
/// Source: Albumentations `ISONoise`, OpenCV `cvtColor` between RGB and floating-point HLS.
public struct ISONoise: Transform {
  /// How much noise, and which.
  public struct Drawn: Codable, Sendable {
    /// Seeds the noise of each pixel.
    public var seed: UInt64
    /// Standard deviation of the hue's turn, in degrees per unit of intensity.
    public var colorShift: Double
    /// Strength of the specks, and with the image's contrast their number.
    public var intensity: Double

    /// Noise from `seed`.
    public init(seed: UInt64, colorShift: Double, intensity: Double) {
      self.seed = seed
      self.colorShift = colorShift
      self.intensity = intensity
    }
  }

  /// The sentence of `augment-cli transforms`.
  public static let summary = "Adds bright specks and turns hues, as the sensor of a camera does at night."
  /// As in Albumentations.
  public static let parameters: [Parameter<ISONoise>] = [
    .range("color_shift", \.colorShift, in: 0...1, "turn of the hue, in degrees per unit of intensity"),
    .range("intensity", \.intensity, in: 0...1000, "number and strength of the specks"),
  ]

  /// Range of the hue's turn.
  public var colorShift = 0.01...0.05
  /// Range of the intensity.
  public var intensity = 0.1...0.5

  /// The transform with its defaults.
  public init() {}

  /// Draws the seed, the turn and the intensity.
  public func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let seed = random.next()
    let colorShift = random.uniform(colorShift)
    return Drawn(seed: seed, colorShift: colorShift, intensity: random.uniform(intensity))
  }

  /// Adds the noise of the seed.
  public func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.channels == 3 else { return .inapplicable("a grey image has no colour to disturb") }
    return .kernel { source, destination, message in
      unsafe cimaging_iso_noise(source, destination, drawn.seed, drawn.colorShift, drawn.intensity, message)
    }
  }

  /// Adds noise that is given, a value per pixel row by row: how many events hit it, and by how many degrees its hue
  /// turns.
  package static func operation(events: [Int32], hue: [Float], intensity: Double) -> Operation {
    .kernel { source, destination, message in
      unsafe cimaging_apply_noise(source, destination, events, hue, intensity, message)
    }
  }

  /// Whether a speck is less than a level brighter than its pixel.
  public var warnings: [String] {
    intensity.upperBound * 255 < 0.5 ? ["an intensity this small brightens no pixel by a level"] : []
  }
}

internal import CImaging

/// The noise of a camera at high ISO: bright specks and hue shifts. Colour only.
///
/// Source: Albumentations `ISONoise`, OpenCV `cvtColor` between RGB and floating-point HLS.
package struct ISONoise: Transform {
  package struct Drawn: Codable, Sendable {
    /// Seeds the noise of every pixel.
    package var seed: UInt64
    /// Standard deviation of the hue shift in degrees per unit of intensity.
    package var colorShift: Double
    /// Strength of the specks; together with the image's contrast it also sets their number.
    package var intensity: Double

    package init(seed: UInt64, colorShift: Double, intensity: Double) {
      self.seed = seed
      self.colorShift = colorShift
      self.intensity = intensity
    }
  }

  package static let summary = "Adds bright specks and hue shifts, like a camera sensor at high ISO."
  package static let parameters: [Parameter<ISONoise>] = [
    .range(
      "color_shift", \.colorShift, in: 0...1, "standard deviation of the hue shift in degrees per unit of intensity"),
    .range("intensity", \.intensity, in: 0...1000, "number and strength of the specks"),
  ]

  /// Range of the hue shift's standard deviation in degrees per unit of intensity.
  package var colorShift = 0.01...0.05
  package var intensity = 0.1...0.5

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let seed = random.next()
    let colorShift = random.uniform(colorShift)
    return Drawn(seed: seed, colorShift: colorShift, intensity: random.uniform(intensity))
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.channels == 3 else { return .inapplicable("a grey image has no colour to disturb") }
    return .kernel { source, destination, message in
      unsafe cimaging_iso_noise(source, destination, drawn.seed, drawn.colorShift, drawn.intensity, message)
    }
  }

  /// Adds given noise, one value per pixel in row-major order: `events` that hit the pixel, and its `hue` shift in
  /// degrees.
  package static func operation(events: [Int32], hue: [Float], intensity: Double) -> Operation {
    .kernel { source, destination, message in
      unsafe cimaging_apply_noise(source, destination, events, hue, intensity, message)
    }
  }

  package var warnings: [String] {
    intensity.upperBound * 255 < 0.5 ? ["an intensity this small brightens no pixel by a level"] : []
  }
}

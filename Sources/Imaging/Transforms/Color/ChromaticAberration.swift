internal import CImaging

/// Colour fringes of a lens: red and blue are distorted, green is not. Colour only.
///
/// Source: Albumentations `ChromaticAberration`, OpenCV `initUndistortRectifyMap` and `remap`, which repeats the edge.
package struct ChromaticAberration: Transform {
  package enum Mode: String, CaseIterable, Sendable {
    /// Red and blue are distorted in the same direction.
    case greenPurple = "green_purple"
    /// In opposite directions.
    case redBlue = "red_blue"
    case random
  }

  /// Coefficients of r² (primary) and of r⁴ (secondary), with r as a share of width and height.
  package struct Drawn: Codable, Sendable {
    package var primaryRed, secondaryRed, primaryBlue, secondaryBlue: Double
  }

  package static let summary = "Adds the colour fringes of a lens: red and blue are distorted."
  package static let parameters: [Parameter<ChromaticAberration>] = [
    .range("primary_distortion_limit", \.primaryDistortionLimit, in: -1000...1000, "distortion by the square of r"),
    .range("secondary_distortion_limit", \.secondaryDistortionLimit, in: -1000...1000, "distortion by its square"),
    .choice("mode", \.mode, "colour of the fringes"),
    .code("interpolation", \.interpolation, "interpolation: 0 nearest, 1 linear, 2 cubic, 3 as 1, 4 Lanczos"),
  ]

  package var primaryDistortionLimit = -0.02...0.02
  package var secondaryDistortionLimit = -0.05...0.05
  package var mode = Mode.greenPurple
  package var interpolation = Resampling.Interpolation.linear

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let primaryRed = random.uniform(primaryDistortionLimit)
    let secondaryRed = Self.like(primaryRed, random.uniform(secondaryDistortionLimit))
    let primaryBlue = random.uniform(primaryDistortionLimit)
    let secondaryBlue = Self.like(primaryBlue, random.uniform(secondaryDistortionLimit))
    var drawn = Drawn(
      primaryRed: primaryRed, secondaryRed: secondaryRed, primaryBlue: primaryBlue, secondaryBlue: secondaryBlue)
    switch mode {
    case .greenPurple:
      drawn.primaryBlue = Self.like(primaryRed, primaryBlue)
      drawn.secondaryBlue = Self.like(secondaryRed, secondaryBlue)
    case .redBlue:
      drawn.primaryBlue = -Self.like(primaryRed, primaryBlue)
      drawn.secondaryBlue = -Self.like(secondaryRed, secondaryBlue)
    case .random: break
    }
    return drawn
  }

  /// `number` with the sign of another.
  private static func like(_ other: Double, _ number: Double) -> Double { other * number < 0 ? -number : number }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.channels == 3 else { return .inapplicable("a grey image has no colours to shift") }
    return .sequence([
      .channels([0], [distortion(drawn.primaryRed, drawn.secondaryRed)]),
      .channels([2], [distortion(drawn.primaryBlue, drawn.secondaryBlue)]),
    ])
  }

  private func distortion(_ primary: Double, _ secondary: Double) -> Operation {
    let radial = cimaging_radial(second: Float(primary), fourth: Float(secondary))
    var resampling = Resampling()
    (resampling.interpolation, resampling.border) = (interpolation, .replicate)
    let options = resampling.cValue
    return .kernel { source, destination, message in
      var (radial, options) = (radial, options)
      return unsafe cimaging_warp_radial(source, destination, &radial, &options, message)
    }
  }

  package var warnings: [String] {
    let limits = [primaryDistortionLimit, secondaryDistortionLimit]
    let most = limits.map { max(abs($0.lowerBound), abs($0.upperBound)) }.reduce(0, +)
    // At the corner of a 1000 × 1000 image both powers of r are at most a half.
    return most * 350 < 0.1 ? ["in an image of 1000 pixels nothing is moved by 0.1 of one"] : []
  }
}

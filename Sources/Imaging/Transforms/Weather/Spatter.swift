internal import CImaging

/// Spatters the lens with rain, which lights up, or mud, which covers. Colour only.
///
/// Source: Albumentations `Spatter`, OpenCV `GaussianBlur`, `Canny`, `distanceTransform`, `equalizeHist` and `filter2D`.
package struct Spatter: Transform {
  package enum Mode: String, CaseIterable, Sendable {
    case rain, mud

    /// Of drops for which a file names no colour.
    fileprivate var color: [UInt8] {
      switch self {
      case .rain: [238, 238, 175]
      case .mud: [20, 42, 63]
      }
    }
  }

  package struct Drawn: Codable, Sendable {
    /// Mean of the noise of which drops are made.
    package var mean: Double
    /// Its standard deviation.
    package var deviation: Double
    /// What of the blurred noise is dry.
    package var cutout: Double
    /// Of the noise's blur, in pixels.
    package var sigma: Double
    package var intensity: Double
    /// Draws the noise.
    package var seed: UInt64
  }

  package static let summary = "Spatters the lens with drops of rain or mud."
  package static let parameters: [Parameter<Spatter>] = [
    .range("mean", \.mean, in: 0...1, lowest: 0, "mean of the noise of which drops are made"),
    .range("std", \.std, in: 0...1, lowest: 0, "standard deviation of the noise"),
    .range("gauss_sigma", \.gaussSigma, in: 0...100, lowest: 0, "of the blur that makes drops of the noise, in pixels"),
    .range("cutout_threshold", \.cutoutThreshold, in: 0...1, lowest: 0, "blurred noise below it is dry"),
    .range("intensity", \.intensity, in: 0...1, lowest: 0, "strength of the drops"),
    .choice("mode", \.mode, "what the drops are"),
    colorOfDrops,
  ]

  /// Range of the mean of the noise.
  package var mean = 0.65...0.65
  /// Range of its standard deviation.
  package var std = 0.3...0.3
  /// Range of the blur's standard deviation in pixels.
  package var gaussSigma = 2.0...2.0
  package var cutoutThreshold = 0.68...0.68
  package var intensity = 0.6...0.6
  package var mode = Mode.rain
  /// `nil`: that of the mode.
  package var color: [UInt8]?

  package init() {}

  private static let colorOfDrops = Parameter<Spatter>(
    name: "color", summary: "colour of the drops: [red, green, blue]; null: that of the mode",
    text: { format($0.dropColor) }
  ) { value, root throws(ParameterError) in
    if case .null = value.content { return root.color = nil }
    root.color = try value.color()
  }

  private var dropColor: [UInt8] { color ?? mode.color }

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let mean = random.uniform(mean)
    let deviation = random.uniform(std)
    let cutout = random.uniform(cutoutThreshold)
    let sigma = random.uniform(gaussSigma)
    let intensity = random.uniform(intensity)
    return Drawn(
      mean: mean, deviation: deviation, cutout: cutout, sigma: sigma, intensity: intensity, seed: random.next())
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.channels == 3 else { return .inapplicable("it needs a colour image") }
    let spatter = inC(drawn)
    return .kernel { source, destination, message in
      var spatter = spatter
      var noise = cimaging_spatter_noise(seed: drawn.seed, mean: drawn.mean, deviation: drawn.deviation)
      return unsafe cimaging_draw_spatter(source, destination, &spatter, &noise, message)
    }
  }

  /// Drops of given noise, one number per pixel in row-major order.
  package func operation(_ drawn: Drawn, noise: [Double]) -> Operation {
    let spatter = inC(drawn)
    return .kernel { source, destination, message in
      var spatter = spatter
      return unsafe cimaging_apply_spatter(source, destination, &spatter, noise, message)
    }
  }

  private func inC(_ drawn: Drawn) -> cimaging_spatter {
    let color = dropColor
    return cimaging_spatter(
      sigma: min(max(drawn.sigma, 0), 100), cutout: drawn.cutout, intensity: drawn.intensity,
      color: (color[0], color[1], color[2]), is_mud: mode == .mud ? 1 : 0)
  }
}

/// Adds noise of one of four distributions, cut toward zero to whole levels. Grey and colour.
///
/// Source: Albumentations `AdditiveNoise`. Its arithmetic is the same; the noise itself is drawn here. Parameters of the
/// beta distribution are between 0.01 and 1000.
package struct AdditiveNoise: Transform {
  package struct Drawn: Codable, Sendable {
    /// A level for each channel, if the noise is constant.
    package var levels: [Double] = []
    /// Parameters of the distribution, in the order of `NoiseParameters`.
    package var parameters: [Double] = []
    /// Seeds the noise of every pixel.
    package var seed: UInt64 = 0
  }

  package enum SpatialMode: String, CaseIterable, Sendable {
    case constant
    case perPixel = "per_pixel"
    case shared
  }

  package static let summary = "Adds uniform, normal, Laplace or beta noise to channels, pixels or values."
  package static let differences = [
    "normal noise of pixels reaches to 4.2 standard deviations", "alpha_range and beta_range are within 0.01 to 1000",
    "constant normal noise changes the first channel as it does the others; there it is almost 0",
  ]
  package static let parameters: [Parameter<AdditiveNoise>] = [
    .choice("noise_type", \.noiseType, "distribution"),
    .choice("spatial_mode", \.spatialMode, "one number for a channel, for a value, or for a pixel"),
    .noiseParameters("noise_params", \.noiseParams, of: \.noiseType),
    .number(
      "approximation", \.approximation, in: 0...1,
      "share of each side at which the noise is drawn; below 1 it is coarser"),
  ]

  package var noiseType = NoiseParameters.Kind.uniform
  package var spatialMode = SpatialMode.constant
  package var noiseParams: NoiseParameters?
  package var approximation = 1.0

  package init() {}

  private var noise: NoiseParameters { noiseParams ?? NoiseParameters(noiseType) }

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    var drawn = Drawn()
    guard spatialMode == .constant else {
      drawn.parameters = noise.sample(using: &random)
      drawn.seed = random.next()
      return drawn
    }
    drawn.levels = noise.constants(context.shape.channels, using: &random).map { $0 * 255 }
    return drawn
  }

  /// A level for each channel is uniform noise of one number; no parameter holds a seed.
  package func fixed(at drawn: Drawn) -> PipelineNode? {
    guard spatialMode == .constant, (1...3).contains(drawn.levels.count) else { return nil }
    return always {
      $0.noiseType = .uniform
      $0.noiseParams = NoiseParameters(.uniform, drawn.levels.map { .only($0.shareOfLevels) })
    }
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard spatialMode == .constant else {
      var white = noise.whiteNoise(drawn.parameters, seed: drawn.seed)
      // Albumentations draws at least one number for each side.
      (white.isShared, white.density) = (spatialMode == .shared, max(approximation, 1e-9))
      return white.adding
    }
    guard drawn.levels.count == shape.channels else { return .inapplicable("noise_params has too few ranges for it") }
    let tables = drawn.levels.map { level in
      LookupTable { UInt8(min(max(Double($0) + level.rounded(.towardZero), 0), 255)) }
    }
    return .lookup(tables.count == 1 ? tables[0] : LookupTable(channels: tables))
  }
}

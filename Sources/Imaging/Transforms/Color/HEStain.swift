/// Varies the two stains of a histological image, haematoxylin and eosin. Colour only.
///
/// Source: Albumentations `HEStain`, within one level. An image that shows no tissue stays as it is where the stains are
/// estimated; Albumentations fails.
package struct HEStain: Transform {
  /// Where the colours of the stains come from.
  package enum Method: String, CaseIterable, Sendable {
    case preset
    case randomPreset = "random_preset"
    case vahadane, macenko
  }

  package struct Drawn: Codable, Sendable {
    /// `nil` if the stains are estimated from the image.
    package var preset: StainMatrix.Preset?
    /// Factors on the amounts of haematoxylin and eosin.
    package var scales: [Double]
    /// Amounts to add.
    package var shifts: [Double]
  }

  package static let summary = "Varies the haematoxylin and eosin stains of a histological image."
  package static let parameters: [Parameter<HEStain>] = [
    .choice("method", \.method, "colours of the stains: given, given at random, or estimated from the image"),
    preset,
    .range("intensity_scale_range", \.intensityScaleRange, in: 0...1000, lowest: 0, "factor on the amount of a stain"),
    .range("intensity_shift_range", \.intensityShiftRange, in: -1...1, "amount of a stain to add"),
    .flag("augment_background", \.augmentBackground, "whether light pixels, without tissue, change too"),
  ]

  package var method = Method.randomPreset
  /// Of method `preset`; `nil` is `standard`.
  package var preset: StainMatrix.Preset?
  package var intensityScaleRange = 0.7...1.3
  package var intensityShiftRange = -0.2...0.2
  package var augmentBackground = false

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let presets = StainMatrix.Preset.allCases
    let drawnPreset: StainMatrix.Preset? =
      switch method {
      case .preset: preset ?? .standard
      case .randomPreset: presets[random.integer(0...presets.count - 1)]
      case .vahadane, .macenko: nil
      }
    let scales = (0..<2).map { _ in random.uniform(intensityScaleRange) }
    return Drawn(preset: drawnPreset, scales: scales, shifts: (0..<2).map { _ in random.uniform(intensityShiftRange) })
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.channels == 3 else { return .inapplicable("a grey image has no stains to tell apart") }
    guard drawn.scales.count == 2, drawn.shifts.count == 2 else { return .inapplicable("it needs two stains") }
    return .pixels { [method, augmentBackground] (source, destination) throws(ImagingError) in
      guard let stains = try StainMatrix(drawn.preset, method, of: source) else {
        return try destination.copy(from: source)
      }
      let change = StainMatrix.Change(
        scales: drawn.scales, shifts: drawn.shifts, changesBackground: augmentBackground)
      try stains.apply(change, to: source, into: &destination)
    }
  }

  private static let preset = Parameter<HEStain>(
    name: "preset",
    summary: "stains of method preset: "
      + StainMatrix.Preset.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ") + ", or null for standard",
    text: { $0.preset.map { "\"\($0.rawValue)\"" } ?? "null" }
  ) { value, root throws(ParameterError) in
    if case .null = value.content { return root.preset = nil }
    root.preset = try value.choice() as StainMatrix.Preset
  }
}

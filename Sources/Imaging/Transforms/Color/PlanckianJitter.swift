/// Recolours an image as if it were lit by a body of another temperature. Colour only.
///
/// Source: Albumentations `PlanckianJitter`.
package struct PlanckianJitter: Transform {
  /// The kind of light.
  package enum Mode: String, CaseIterable, Sendable {
    case blackbody, cied
  }

  package enum SamplingMethod: String, CaseIterable, Sendable {
    /// Equally often at each temperature below 6000 K, and at each above.
    case uniform
    /// Seldom far from 6000 K.
    case gaussian
  }

  package struct Drawn: Codable, Sendable {
    /// In kelvin.
    package var temperature: Int
  }

  package static let summary = "Recolours the image as if lit by another colour temperature."
  package static let parameters: [Parameter<PlanckianJitter>] = [
    .choice("mode", \.mode, "light of a black body, or daylight of the CIE"),
    limit,
    .choice("sampling_method", \.samplingMethod, "distribution of the temperature"),
  ]

  package var mode = Mode.blackbody
  /// In kelvin; `nil`: all that the mode has.
  package var temperatureLimit: ClosedRange<Int>?
  package var samplingMethod = SamplingMethod.uniform

  package init() {}

  private static let white = 6000
  private static let highest = 15_000

  private var limits: ClosedRange<Int> { temperatureLimit ?? (mode == .cied ? 4000 : 3000)...Self.highest }

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    let isWarm = random.uniform() < 0.4
    let (end, white) = (Double(isWarm ? limits.lowerBound : limits.upperBound), Double(Self.white))
    let temperature =
      switch samplingMethod {
      case .uniform: random.uniform(min(end, white)...max(end, white))
      case .gaussian:
        white + abs(random.normal(standardDeviation: abs(end - white) / 3)) * (isWarm ? -1 : 1)
      }
    return Drawn(temperature: min(max(Int(temperature), limits.lowerBound), limits.upperBound))
  }

  /// Factors, because every range of temperatures includes that of white.
  package func fixed(at drawn: Drawn) -> PipelineNode? { .multiplying(channelsBy: factors(at: drawn.temperature)) }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    guard shape.channels == 3 else { return .inapplicable("a grey image has no colour to change") }
    let tables = factors(at: drawn.temperature).map { LookupTable.linear(slope: Float($0)) }
    return .lookup(LookupTable(channels: tables))
  }

  /// Green stays as it is.
  private func factors(at temperature: Int) -> [Double] {
    let (red, green, blue) = mode.light(at: temperature)
    return [red / green, 1, blue / green]
  }

  private static let limit = Parameter<PlanckianJitter>(
    name: "temperature_limit",
    summary: "range of the temperature in kelvin, around 6000, from 3000 (cied: 4000) to 15000; null: all of it",
    text: { $0.temperatureLimit.map { "[\($0.lowerBound), \($0.upperBound)]" } ?? "null" }
  ) { value, root throws(ParameterError) in
    if case .null = value.content { return root.temperatureLimit = nil }
    let limits = try value.integers(in: 3000...highest, lowest: white)
    guard limits.contains(white) else { throw ParameterError("must include 6000, not \(value.description)") }
    root.temperatureLimit = limits
  }
}

extension PlanckianJitter.Mode {
  /// Red, green and blue of the light; straight between multiples of 500 K.
  fileprivate func light(at temperature: Int) -> (Double, Double, Double) {
    let (lights, lowest) = self == .blackbody ? (Self.bodies, 3000) : (Self.daylights, 4000)
    let place = min(max(temperature, lowest) - lowest, 500 * (lights.count - 1))
    let (index, share) = (min(place / 500, lights.count - 2), Double(place % 500) / 500)
    let (left, right) = (lights[index], lights[index + 1])
    if place == 500 * (lights.count - 1) { return right }
    func mixed(_ a: Double, _ b: Double) -> Double { (1 - share) * a + share * b }
    return (mixed(left.0, right.0), mixed(left.1, right.1), mixed(left.2, right.2))
  }

  /// Of black bodies of 3000 ... 15,000 K.
  private static let bodies = [
    (0.6743, 0.4029, 0.0013), (0.6281, 0.4241, 0.1665), (0.5919, 0.4372, 0.2513), (0.5623, 0.4457, 0.3154),
    (0.5376, 0.4515, 0.3672), (0.5163, 0.4555, 0.4103), (0.4979, 0.4584, 0.4468), (0.4816, 0.4604, 0.4782),
    (0.4672, 0.4619, 0.5053), (0.4542, 0.463, 0.5289), (0.4426, 0.4638, 0.5497), (0.432, 0.4644, 0.5681),
    (0.4223, 0.4648, 0.5844), (0.4135, 0.4651, 0.599), (0.4054, 0.4653, 0.6121), (0.398, 0.4654, 0.6239),
    (0.3911, 0.4655, 0.6346), (0.3847, 0.4656, 0.6444), (0.3787, 0.4656, 0.6532), (0.3732, 0.4656, 0.6613),
    (0.368, 0.4655, 0.6688), (0.3632, 0.4655, 0.6756), (0.3586, 0.4655, 0.682), (0.3544, 0.4654, 0.6878),
    (0.3503, 0.4653, 0.6933),
  ]

  /// Of the daylight of the CIE of 4000 ... 15,000 K.
  private static let daylights = [
    (0.5829, 0.4421, 0.2288), (0.551, 0.4514, 0.2948), (0.5246, 0.4576, 0.3488), (0.5021, 0.4618, 0.3941),
    (0.4826, 0.4646, 0.4325), (0.4654, 0.4667, 0.4654), (0.4502, 0.4681, 0.4938), (0.4364, 0.4692, 0.5186),
    (0.424, 0.47, 0.5403), (0.4127, 0.4705, 0.5594), (0.4023, 0.4709, 0.5763), (0.3928, 0.4713, 0.5914),
    (0.3839, 0.4715, 0.6049), (0.3757, 0.4716, 0.6171), (0.3681, 0.4717, 0.6281), (0.3609, 0.4718, 0.638),
    (0.3543, 0.4719, 0.6472), (0.348, 0.4719, 0.6555), (0.3421, 0.4719, 0.6631), (0.3365, 0.4719, 0.6702),
    (0.3313, 0.4719, 0.6766), (0.3263, 0.4719, 0.6826), (0.3217, 0.4719, 0.6882),
  ]
}

internal import Glibc

/// Gamma correction. Grey and colour.
///
/// Source: Albumentations `RandomGamma`.
package struct RandomGamma: Transform {
  package struct Drawn: Codable, Sendable {
    /// Exponent; above 1 darkens, below 1 brightens.
    package var gamma: Double

    package init(gamma: Double) { self.gamma = gamma }
  }

  package static let summary = "Raises all values, scaled to 0 to 1, to a power."
  package static let parameters: [Parameter<RandomGamma>] = [
    .range("gamma_limit", \.gammaLimit, in: 1...1e6, lowest: 1, "exponent in percent; above 100 darkens")
  ]

  /// Range of the exponent in percent.
  package var gammaLimit = 80.0...120.0

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(gamma: random.uniform(gammaLimit) / 100)
  }

  package func fixed(at drawn: Drawn) -> PipelineNode? {
    let percent = drawn.gamma.source(near: drawn.gamma * 100) { $0 / 100 }
    return always { $0.gammaLimit = .only(max(percent, 1)) }
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation { .lookup(Self.table(gamma: drawn.gamma)) }

  /// Truncates instead of rounding, as in Albumentations: an exponent of 1 lowers 24 of the 256 values.
  static func table(gamma: Double) -> LookupTable {
    LookupTable { UInt8(pow(Double($0) * (1.0 / 255), gamma) * 255) }
  }

  /// Warns of exponents that change no value by more than the truncation does.
  package var warnings: [String] {
    max(abs(gammaLimit.lowerBound - 100), abs(gammaLimit.upperBound - 100)) < 0.5
      ? ["a power this near to 100 per cent changes no value by more than one of 255 levels"] : []
  }
}

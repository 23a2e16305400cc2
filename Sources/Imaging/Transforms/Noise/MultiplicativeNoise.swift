/// Multiplies by random factors, and cuts the products to whole levels. Grey and colour.
///
/// Source: Albumentations `MultiplicativeNoise`.
package struct MultiplicativeNoise: Transform {
  package struct Drawn: Codable, Sendable {
    /// One factor for all channels, or one per channel; not used if each pixel has its own.
    package var factors: [Double]
    /// Seeds the factors of every pixel.
    package var seed: UInt64

    package init(factors: [Double], seed: UInt64 = 0) { (self.factors, self.seed) = (factors, seed) }
  }

  package static let summary = "Multiplies the image, its channels, its pixels or its values by random factors."
  package static let parameters: [Parameter<MultiplicativeNoise>] = [
    .fixedOrRange("multiplier", \.multiplier, in: 0...1e6, "the factors"),
    .flag("per_channel", \.perChannel, "whether each channel has factors of its own"),
    .flag("elementwise", \.elementwise, "whether each pixel has a factor of its own"),
  ]

  package var multiplier = 0.9...1.1
  package var perChannel = false
  package var elementwise = false

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    if elementwise { return Drawn(factors: [], seed: random.next()) }
    let count = perChannel ? context.shape.channels : 1
    return Drawn(factors: (0..<count).map { _ in random.uniform(multiplier) })
  }

  /// No parameter holds the seed of factors for pixels.
  package func fixed(at drawn: Drawn) -> PipelineNode? {
    guard !elementwise, (1...3).contains(drawn.factors.count) else { return nil }
    guard drawn.factors.count > 1 else { return always { $0.multiplier = .only(drawn.factors[0]) } }
    return .multiplying(channelsBy: drawn.factors)
  }

  package func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation {
    if elementwise {
      var noise = WhiteNoise.uniform(multiplier, seed: drawn.seed)
      noise.isShared = !perChannel
      return noise.multiplying
    }
    let tables = drawn.factors.map { factor in
      LookupTable { UInt8(min(max(Float($0) * Float(factor), 0), 255)) }
    }
    if tables.count == 1 { return .lookup(tables[0]) }
    guard tables.count == shape.channels else { return .inapplicable("there is a factor for each of other channels") }
    return .lookup(LookupTable(channels: tables))
  }

  package var warnings: [String] {
    max(abs(multiplier.lowerBound - 1), abs(multiplier.upperBound - 1)) * 255 < 0.5
      ? ["factors this near to 1 change no value by half a level"] : []
  }
}

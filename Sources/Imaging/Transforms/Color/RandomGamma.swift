internal import Glibc

/// Raises all values to one power. Grey and colour.
///
/// Source: Albumentations `RandomGamma`.
public struct RandomGamma: Transform {
  /// The power.
  public struct Drawn: Codable, Sendable {
    /// Over 1 darkens, under 1 brightens.
    public var gamma: Double

    /// Raises values to `gamma`.
    public init(gamma: Double) { self.gamma = gamma }
  }

  /// The sentence of `augment-cli transforms`.
  public static let summary = "Raises all values, as shares of 255, to one power."
  /// As in Albumentations.
  public static let parameters: [Parameter<RandomGamma>] = [
    .range("gamma_limit", \.gammaLimit, in: 1...1e6, lowest: 1, "the power in per cent; over 100 darkens")
  ]

  /// Range of the power, in per cent.
  public var gammaLimit = 80.0...120.0

  /// The transform with its defaults.
  public init() {}

  /// Draws the power.
  public func sample(for context: SampleContext, using random: inout RandomStream) -> Drawn {
    Drawn(gamma: random.uniform(gammaLimit) / 100)
  }

  /// The power's table.
  public func operation(_ drawn: Drawn, for shape: ImageShape) -> Operation { .lookup(Self.table(gamma: drawn.gamma)) }

  /// Cut rather than rounded, so that a power of 1 lowers 24 of the 256, as in Albumentations.
  static func table(gamma: Double) -> LookupTable {
    LookupTable { UInt8(pow(Double($0) * (1.0 / 255), gamma) * 255) }
  }

  /// Whether no value changes by more than cutting does.
  public var warnings: [String] {
    max(abs(gammaLimit.lowerBound - 100), abs(gammaLimit.upperBound - 100)) < 0.5
      ? ["a power this near to 100 per cent changes no value by more than one of 255 levels"] : []
  }
}

/// A law of how speedup depends on the number of ranks.
///
/// All three are linear in their parameters once they are written as relative times, so their fits have one solution and
/// need no starting values.
public enum ScalingLaw: String, CaseIterable, Sendable {
  /// Fixed work, of which a share is serial: S(p) = 1 / (s + (1 − s) / p). Amdahl 1967.
  case amdahl
  /// Fixed work, contention σ and coherence κ: S(p) = p / (1 + σ (p − 1) + κ p (p − 1)). Gunther 1993.
  case universal
  /// Work that grows with the ranks, a share of the time being serial: S(p) = p − α (p − 1). Gustafson 1988.
  case gustafson

  /// As people know it.
  public var name: String {
    switch self {
    case .amdahl: "Amdahl"
    case .universal: "Universal Scalability Law"
    case .gustafson: "Gustafson"
    }
  }

  /// Symbols of the parameters, in the order of `Fit.parameters`.
  public var symbols: [String] {
    switch self {
    case .amdahl: ["s"]
    case .universal: ["σ", "κ"]
    case .gustafson: ["α"]
    }
  }

  /// What can be said of them beforehand; each is at least 0.
  var upperBound: Double { self == .universal ? .infinity : 1 }

  /// The speedup with so many ranks.
  public func speedup(ranks: Int, parameters: [Double]) -> Double {
    let p = Double(ranks)
    switch self {
    case .amdahl: return p / (1 + parameters[0] * (p - 1))
    case .universal: return p / (1 + parameters[0] * (p - 1) + parameters[1] * p * (p - 1))
    case .gustafson: return p - parameters[0] * (p - 1)
    }
  }

  /// The point as an equation for the parameters, `coefficients · parameters = value`, whose error is that of the
  /// predicted time (for Gustafson: of the predicted speedup) relative to the measured one.
  func equation(of point: SpeedupPoint) -> LinearEquation {
    let p = Double(point.ranks)
    let efficiency = point.efficiency
    switch self {
    case .amdahl: return LinearEquation([(p - 1) * efficiency], 1 - efficiency)
    case .universal: return LinearEquation([(p - 1) * efficiency, p * (p - 1) * efficiency], 1 - efficiency)
    case .gustafson: return LinearEquation([(p - 1) / point.speedup], (p - point.speedup) / point.speedup)
    }
  }
}

/// What was measured with so many ranks, in units of the baseline: one point of a fit.
public struct SpeedupPoint: Hashable, Sendable {
  /// Processes that worked.
  public var ranks: Int
  /// Time of the baseline over the time measured; in a weak study, work per second over that of the baseline.
  public var speedup: Double

  /// A point.
  public init(ranks: Int, speedup: Double) { (self.ranks, self.speedup) = (ranks, speedup) }

  /// Speedup over ranks.
  public var efficiency: Double { speedup / Double(ranks) }

  /// The serial fraction that would explain this point alone (Karp and Flatt 1990); `nil` for one rank, which says
  /// nothing about it. Negative where the speedup is more than the ranks.
  public var serialFraction: Double? {
    guard ranks > 1, speedup > 0 else { return nil }
    return (1 / speedup - 1 / Double(ranks)) / (1 - 1 / Double(ranks))
  }
}

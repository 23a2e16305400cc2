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

internal import Imaging

/// How much a fit owes to chance: each cell is drawn again from its own repetitions, with replacement, and the law is
/// fitted anew. Few repetitions understate it, so it is a lower limit of the uncertainty. The draws are the same each
/// time, and so are the results.
public struct Bootstrap: Sendable {
  /// The times of a cell, one per repetition.
  public struct Sample: Hashable, Sendable {
    /// Processes that worked.
    public var ranks: Int
    /// Seconds, one per repetition; in a weak study, seconds per unit of work.
    public var seconds: [Double]

    /// The repetitions of a cell.
    public init(ranks: Int, seconds: [Double]) { (self.ranks, self.seconds) = (ranks, seconds) }
  }

  /// Draws; an interval is between the 2.5th and the 97.5th percentile of what they give.
  public static let drawCount = 1000

  /// The times of the baseline and of each number of ranks.
  public let baseline: [Double], samples: [Sample]

  /// A bootstrap of these.
  public init(baseline: [Double], samples: [Sample]) { (self.baseline, self.samples) = (baseline, samples) }

  /// The points of the medians.
  public var points: [SpeedupPoint] {
    samples.map { SpeedupPoint(ranks: $0.ranks, speedup: baseline.median / $0.seconds.median) }
  }

  /// An interval of 95 % for each parameter; `nil` where no cell was measured twice.
  public func intervals(of law: ScalingLaw) -> [ClosedRange<Double>]? {
    guard samples.contains(where: { $0.seconds.count > 1 }) else { return nil }
    var random = SplitMix64(seed: 1)
    var draws: [[Double]] = []
    for _ in 0..<Self.drawCount {
      let base = baseline.resampled(&random).median
      let points = samples.map { SpeedupPoint(ranks: $0.ranks, speedup: base / $0.seconds.resampled(&random).median) }
      guard let fit = try? Fit(law, to: points) else { return nil }
      draws.append(fit.parameters)
    }
    return law.symbols.indices.map { index in
      let sorted = draws.map { $0[index] }.sorted()
      return sorted[sorted.count * 25 / 1000]...sorted[sorted.count * 975 / 1000 - 1]
    }
  }
}

extension [Double] {
  fileprivate func resampled(_ random: inout SplitMix64) -> [Double] {
    map { _ in self[Int(random.next() % UInt64(count))] }
  }
}

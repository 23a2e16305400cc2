internal import Imaging

/// Bootstrap intervals of a fit: each draw resamples the repetitions of every cell, with replacement, and refits the
/// law. With few repetitions the intervals are too narrow, so they are a lower bound of the uncertainty. The seed is
/// fixed: the same samples give the same intervals.
package struct Bootstrap: Sendable {
  /// The times of one cell.
  package struct Sample: Hashable, Sendable {
    package var ranks: Int
    /// Seconds per unit of work, one per repetition.
    package var seconds: [Double]

    package init(ranks: Int, seconds: [Double]) { (self.ranks, self.seconds) = (ranks, seconds) }
  }

  /// Number of draws; an interval spans their 2.5th to 97.5th percentile.
  package static let drawCount = 1000

  /// Seconds of the baseline, one per repetition, and the samples, one per rank count.
  package let baseline: [Double], samples: [Sample]

  package init(baseline: [Double], samples: [Sample]) { (self.baseline, self.samples) = (baseline, samples) }

  /// The speedups of the medians.
  package var points: [SpeedupPoint] {
    samples.map { SpeedupPoint(ranks: $0.ranks, speedup: baseline.median / $0.seconds.median) }
  }

  /// The 95 % interval of each parameter; `nil` if no cell was measured twice or a draw cannot be fitted.
  package func intervals(of law: ScalingLaw) -> [ClosedRange<Double>]? {
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

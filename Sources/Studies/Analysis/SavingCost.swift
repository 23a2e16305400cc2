package import Strategies

/// A configuration with and without saving.
package struct SavingCost: Sendable {
  package let on: ConfigurationSummary, off: ConfigurationSummary

  /// Wall seconds that saving adds to the median.
  package var seconds: Double { on.wallSeconds.median - off.wallSeconds.median }

  /// The same as a share of the time without saving.
  package var share: Double { seconds / off.wallSeconds.median }

  /// Whether the ranges of the repetitions overlap, so that the cost may be chance.
  package var isWithinSpread: Bool { on.wallSeconds.overlaps(off.wallSeconds) }

  /// Seconds of some stages that saving adds to each rank. Over all stages these add up to the cost.
  package func addedSeconds(_ stages: [Stage]) -> Double {
    (on.stageSeconds(stages) - off.stageSeconds(stages)) / Double(on.configuration.ranks)
  }
}

extension Analysis {
  /// What was measured both ways: the baseline, then strategy by strategy, from few ranks to many.
  package var savingCosts: [SavingCost] { (baselines(.on) + summaries(.on)).compactMap(savingCost) }

  /// `nil` where it was not measured without saving.
  package func savingCost(_ on: ConfigurationSummary) -> SavingCost? {
    summaries(on.configuration.strategy, .off)
      .first { $0.configuration.isSameWork(as: on.configuration) }
      .map { SavingCost(on: on, off: $0) }
  }

  /// For each number of ranks with more than one strategy, the one that is the fastest with saving. The cost alone would
  /// favour one that is slow without saving, too.
  package var bestSavings: [SavingCost] {
    let costs = savingCosts.filter { !$0.on.configuration.isBaseline }
    return Set(costs.map(\.on.configuration.ranks)).sorted().compactMap { ranks in
      let rivals = costs.filter { $0.on.configuration.ranks == ranks }
      return rivals.count < 2 ? nil : rivals.min { $0.on.wallSeconds.median < $1.on.wallSeconds.median }
    }
  }
}

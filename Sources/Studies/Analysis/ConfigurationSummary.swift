internal import Imaging
internal import OrderedCollections
package import Strategies

/// All repetitions of one configuration.
package struct ConfigurationSummary: Sendable {
  package let configuration: Configuration
  /// At least one, ordered by repetition.
  package let rows: [StudyRow]

  /// Processes that transform.
  package var workers: Int { rows[0].workers }
  /// Processes that only save.
  package var savers: Int { rows[0].savers }
  package var wallSeconds: Spread { spread { $0.wallSeconds } }
  /// User and system seconds of all processes.
  package var processorSeconds: Spread { spread { $0.processorSeconds } }

  /// The spread of a measured number over the repetitions.
  package func spread(_ value: (Measurement) -> Double) -> Spread { Spread(rows.map { value($0.measurement) }) }

  /// The median of a number that only some machines tell; `nil` if none was told.
  package func median(_ value: (Measurement) -> Double?) -> Double? {
    let told = rows.compactMap { value($0.measurement) }
    return told.isEmpty ? nil : told.median
  }

  /// Median seconds of a stage, summed over all ranks.
  package func stageSeconds(_ stage: Stage) -> Double { spread { $0.stages[stage] }.median }

  /// Sum of the stages' median seconds.
  package func stageSeconds(_ stages: [Stage]) -> Double { stages.reduce(0) { $0 + stageSeconds($1) } }

  /// One summary per configuration, in order of first appearance.
  package static func summaries(of rows: [StudyRow]) -> [ConfigurationSummary] {
    OrderedDictionary(grouping: rows, by: \.configuration).map { configuration, rows in
      ConfigurationSummary(configuration: configuration, rows: rows.sorted { $0.repetition < $1.repetition })
    }
  }
}

/// Median, minimum and maximum of a few numbers.
package struct Spread: Hashable, Sendable {
  /// The middle number, or the mean of the two middle ones.
  package let median: Double
  package let min: Double
  package let max: Double

  /// - Precondition: `values` is not empty.
  package init(_ values: [Double]) {
    precondition(!values.isEmpty, "a median needs a number")
    let sorted = values.sorted()
    let middle = sorted.count / 2
    median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    (min, max) = (sorted[0], sorted[sorted.count - 1])
  }

  /// Whether the ranges overlap, so that a difference of the medians may be chance.
  package func overlaps(_ other: Spread) -> Bool { min <= other.max && other.min <= max }

  /// "43.7 [43.1–44.9]", or only the median if all numbers are equal.
  package var text: String {
    let median = NumberText.significant(median)
    return min == max ? median : "\(median) [\(NumberText.significant(min))–\(NumberText.significant(max))]"
  }
}

extension [Double] {
  var median: Double { Spread(self).median }
}

/// The same work with and without saving.
package struct SavingCost: Sendable {
  package let on: ConfigurationSummary, off: ConfigurationSummary

  /// Wall seconds that saving adds to the median.
  package var seconds: Double { on.wallSeconds.median - off.wallSeconds.median }

  /// `seconds` as a share of the time without saving.
  package var share: Double { seconds / off.wallSeconds.median }

  /// Whether the ranges of the repetitions overlap, so that the cost may be chance.
  package var isWithinSpread: Bool { on.wallSeconds.overlaps(off.wallSeconds) }

  /// Seconds that saving adds to these stages per rank. Over all stages they add up to the cost.
  package func addedSeconds(_ stages: [Stage]) -> Double {
    (on.stageSeconds(stages) - off.stageSeconds(stages)) / Double(on.configuration.ranks)
  }
}

extension Analysis {
  /// All work measured both ways: the baseline, then by strategy and ranks.
  package var savingCosts: [SavingCost] { (baselines(.on) + summaries(.on)).compactMap(savingCost) }

  /// `nil` if the work was not measured without saving.
  package func savingCost(_ on: ConfigurationSummary) -> SavingCost? {
    summaries(on.configuration.strategy, .off)
      .first { $0.configuration.isSameWork(as: on.configuration) }
      .map { SavingCost(on: on, off: $0) }
  }

  /// For each rank count with more than one strategy, the fastest with saving. The lowest cost would favour a strategy
  /// that is slow without saving too.
  package var bestSavings: [SavingCost] {
    let costs = savingCosts.filter { !$0.on.configuration.isBaseline }
    return Set(costs.map(\.on.configuration.ranks)).sorted().compactMap { ranks in
      let rivals = costs.filter { $0.on.configuration.ranks == ranks }
      return rivals.count < 2 ? nil : rivals.min { $0.on.wallSeconds.median < $1.on.wallSeconds.median }
    }
  }
}

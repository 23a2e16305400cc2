internal import Strategies

/// Numbers derived from a run: the only source of every table, chart, answer and fit.
///
/// The baseline of a configuration is `sequential` on one rank, with the same images if that was measured; otherwise,
/// as in a weak study, with the smallest ones, its time scaled to the work of the configuration. Work is counted in
/// pixels of the outputs, or in outputs if the images of a folder keep their own sizes.
package struct Analysis: Sendable {
  package let study: Study
  /// All configurations with a wall time above 0.
  package let summaries: [ConfigurationSummary]

  package init(_ study: Study) {
    self.study = study
    summaries = study.summaries.filter { $0.wallSeconds.min > 0 }
  }

  /// Whether work grows with the ranks.
  package var isWeak: Bool { study.description.study == .weak }

  /// Cores available to the study; at least 1.
  package var cores: Int { max(1, study.description.cores) }

  package func isOversubscribed(_ ranks: Int) -> Bool { ranks > cores }

  /// The measured kinds of saving, `on` first.
  package var savings: [Saving] {
    Saving.allCases.filter { saving in summaries.contains { $0.configuration.saving == saving } }
  }

  /// Names of the strategies without the baseline.
  package func strategies(_ saving: Saving) -> [String] {
    Self.ordered(
      summaries.filter { $0.configuration.saving == saving && !$0.configuration.isBaseline }.map(
        \.configuration.strategy))
  }

  /// Distinct strategy names in catalogue order, then unknown ones in alphabetical order.
  package static func ordered(_ names: [String]) -> [String] {
    let names = Set(names)
    let known = StrategyCatalog.all.map { $0.name }
    return known.filter(names.contains) + names.subtracting(known).sorted()
  }

  /// Summaries of one strategy, ordered by ranks, then by work.
  package func summaries(_ strategy: String, _ saving: Saving) -> [ConfigurationSummary] {
    summaries.filter { $0.configuration.strategy == strategy && $0.configuration.saving == saving }
      .sorted { Configuration.isBefore($0.configuration, $1.configuration) }
  }

  /// Summaries of all strategies without the baseline, grouped by strategy.
  package func summaries(_ saving: Saving) -> [ConfigurationSummary] {
    strategies(saving).flatMap { summaries($0, saving) }
  }

  /// All measured baselines, ordered by work.
  package func baselines(_ saving: Saving) -> [ConfigurationSummary] {
    summaries(StudyDescription.baselineStrategy, saving).filter(\.configuration.isBaseline)
  }
}

extension Analysis {
  /// The baseline of a configuration; `nil` if none was measured.
  package func baseline(of configuration: Configuration) -> ConfigurationSummary? {
    let candidates = baselines(configuration.saving)
    return candidates.first {
      $0.configuration.size == configuration.size && $0.configuration.tasks == configuration.tasks
    } ?? candidates.min { $0.configuration.work < $1.configuration.work }
  }

  /// Baseline seconds for the same work, measured or scaled.
  package func baselineSeconds(of configuration: Configuration) -> Double? {
    baseline(of: configuration).map { $0.wallSeconds.median * configuration.work / $0.configuration.work }
  }

  /// Baseline seconds / median seconds, for the same work; `nil` without a baseline.
  package func speedup(_ summary: ConfigurationSummary) -> Double? {
    baselineSeconds(of: summary.configuration).map { $0 / summary.wallSeconds.median }
  }

  package func efficiency(_ summary: ConfigurationSummary) -> Double? {
    speedup(summary).map { $0 / Double(summary.configuration.ranks) }
  }

  /// The speedup as a point for the laws; `nil` without a baseline.
  package func point(_ summary: ConfigurationSummary) -> SpeedupPoint? {
    speedup(summary).map { SpeedupPoint(ranks: summary.configuration.ranks, speedup: $0) }
  }

  /// Baseline seconds / ranks.
  package func idealSeconds(_ configuration: Configuration) -> Double? {
    baselineSeconds(of: configuration).map { $0 / Double(configuration.ranks) }
  }

  /// The samples for the fits of a strategy.
  /// - Parameter maxRanks: leaves out configurations with more ranks; `nil` for no limit.
  package func bootstrap(_ strategy: String, _ saving: Saving, maxRanks: Int?) -> Bootstrap? {
    let chosen = summaries(strategy, saving).filter { $0.configuration.ranks <= maxRanks ?? .max }
    guard let first = chosen.first, let baseline = baseline(of: first.configuration) else { return nil }
    return Bootstrap(
      baseline: baseline.secondsOfWork,
      samples: chosen.map { Bootstrap.Sample(ranks: $0.configuration.ranks, seconds: $0.secondsOfWork) })
  }
}

extension Analysis {
  /// The largest measured rank count in 2...cores; if there is none, the smallest above 1.
  package func referenceRanks(_ saving: Saving) -> Int? {
    let ranks = summaries(saving).map(\.configuration.ranks).filter { $0 > 1 }
    return ranks.filter { $0 <= cores }.max() ?? ranks.min()
  }

  /// All strategies on `ranks` ranks, fastest first, each with its largest work.
  package func contest(_ saving: Saving, ranks: Int) -> [ConfigurationSummary] {
    strategies(saving).compactMap { strategy in
      summaries(strategy, saving).last { $0.configuration.ranks == ranks }
    }.sorted { $0.wallSeconds.median < $1.wallSeconds.median }
  }

  /// "64 *" if ranks share cores, else "64".
  package func ranksText(_ ranks: Int) -> String { isOversubscribed(ranks) ? "\(ranks) *" : "\(ranks)" }
}

extension ConfigurationSummary {
  /// Seconds per unit of work, one per repetition.
  fileprivate var secondsOfWork: [Double] { rows.map { $0.measurement.wallSeconds / configuration.work } }
}

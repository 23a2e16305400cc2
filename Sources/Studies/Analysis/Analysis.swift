internal import Strategies

/// What a run says, worked out in this one place: every table, chart, answer and fit takes its numbers from here.
///
/// The baseline of a configuration is `sequential` on one rank, with the same images where that was measured, and else,
/// as in a weak study, with the smallest ones: then its time is scaled to the work of the configuration. Work is counted
/// in pixels of what is made, or in things made where images are as they are in a folder.
package struct Analysis: Sendable {
  /// The run.
  package let study: Study
  /// Every configuration that has a time.
  package let summaries: [ConfigurationSummary]

  /// The analysis of a run.
  package init(_ study: Study) {
    self.study = study
    summaries = study.summaries.filter { $0.wallSeconds.min > 0 }
  }

  /// Whether work grows with the ranks.
  package var isWeak: Bool { study.description.study == .weak }

  /// Cores that the study could use.
  package var cores: Int { max(1, study.description.cores) }

  /// Whether some of so many ranks have to share a core.
  package func isOversubscribed(_ ranks: Int) -> Bool { ranks > cores }

  /// With saving first.
  package var savings: [Saving] {
    Saving.allCases.filter { saving in summaries.contains { $0.configuration.saving == saving } }
  }

  /// Names of the strategies beside the baseline.
  package func strategies(_ saving: Saving) -> [String] {
    Self.ordered(
      summaries.filter { $0.configuration.saving == saving && !$0.configuration.isBaseline }.map(
        \.configuration.strategy))
  }

  /// Names of strategies, each once, in the order in which they are always shown; then unknown ones.
  package static func ordered(_ names: [String]) -> [String] {
    let names = Set(names)
    let known = StrategyCatalog.all.map { $0.name }
    return known.filter(names.contains) + names.subtracting(known).sorted()
  }

  /// Those of a strategy from few ranks to many, and from small images to large.
  package func summaries(_ strategy: String, _ saving: Saving) -> [ConfigurationSummary] {
    summaries.filter { $0.configuration.strategy == strategy && $0.configuration.saving == saving }
      .sorted { Configuration.isBefore($0.configuration, $1.configuration) }
  }

  /// Those of all strategies beside the baseline, by strategy.
  package func summaries(_ saving: Saving) -> [ConfigurationSummary] {
    strategies(saving).flatMap { summaries($0, saving) }
  }

  /// Every baseline that was measured, from small images to large.
  package func baselines(_ saving: Saving) -> [ConfigurationSummary] {
    summaries(StudyDescription.baselineStrategy, saving).filter(\.configuration.isBaseline)
  }
}

extension Analysis {
  /// What a configuration is compared with; `nil` where no baseline was measured.
  package func baseline(of configuration: Configuration) -> ConfigurationSummary? {
    let candidates = baselines(configuration.saving)
    return candidates.first {
      $0.configuration.size == configuration.size && $0.configuration.tasks == configuration.tasks
    } ?? candidates.min { $0.configuration.work < $1.configuration.work }
  }

  /// Seconds that the baseline needs for the same work: measured, or scaled.
  package func baselineSeconds(of configuration: Configuration) -> Double? {
    baseline(of: configuration).map { $0.wallSeconds.median * configuration.work / $0.configuration.work }
  }

  /// How many times the baseline's pace; `nil` without a baseline.
  package func speedup(_ summary: ConfigurationSummary) -> Double? {
    baselineSeconds(of: summary.configuration).map { $0 / summary.wallSeconds.median }
  }

  /// Speedup over ranks.
  package func efficiency(_ summary: ConfigurationSummary) -> Double? {
    speedup(summary).map { $0 / Double(summary.configuration.ranks) }
  }

  /// The baseline's time shared evenly.
  package func idealSeconds(_ configuration: Configuration) -> Double? {
    baselineSeconds(of: configuration).map { $0 / Double(configuration.ranks) }
  }

  /// For the fits of a strategy.
  /// - Parameter maxRanks: more ranks are left out; `nil`: none are.
  package func bootstrap(_ strategy: String, _ saving: Saving, maxRanks: Int?) -> Bootstrap? {
    let chosen = summaries(strategy, saving).filter { $0.configuration.ranks <= maxRanks ?? .max }
    guard let first = chosen.first, let baseline = baseline(of: first.configuration) else { return nil }
    return Bootstrap(
      baseline: baseline.secondsOfWork,
      samples: chosen.map { Bootstrap.Sample(ranks: $0.configuration.ranks, seconds: $0.secondsOfWork) })
  }
}

extension Analysis {
  /// The ranks that fill the cores without more: the most of those measured, above one; then the fewest above one.
  package func referenceRanks(_ saving: Saving) -> Int? {
    let ranks = summaries(saving).map(\.configuration.ranks).filter { $0 > 1 }
    return ranks.filter { $0 <= cores }.max() ?? ranks.min()
  }

  /// Every strategy on so many ranks, the fastest first; with the largest work where there are several.
  package func contest(_ saving: Saving, ranks: Int) -> [ConfigurationSummary] {
    strategies(saving).compactMap { strategy in
      summaries(strategy, saving).last { $0.configuration.ranks == ranks }
    }.sorted { $0.wallSeconds.median < $1.wallSeconds.median }
  }

  /// "64 *" where ranks shared cores, else "64".
  package func ranksText(_ ranks: Int) -> String { isOversubscribed(ranks) ? "\(ranks) *" : "\(ranks)" }
}

extension ConfigurationSummary {
  /// Seconds for a unit of work, one per repetition.
  fileprivate var secondsOfWork: [Double] { rows.map { $0.measurement.wallSeconds / configuration.work } }
}

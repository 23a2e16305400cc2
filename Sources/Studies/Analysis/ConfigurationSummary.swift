internal import OrderedCollections
public import Strategies

/// All repetitions of one configuration.
public struct ConfigurationSummary: Sendable {
  /// What was measured.
  public let configuration: Configuration
  /// Its rows, at least one, by repetition.
  public let rows: [StudyRow]

  /// Processes that transform.
  public var workers: Int { rows[0].workers }
  /// Processes that only save.
  public var savers: Int { rows[0].savers }
  /// Seconds from begin to end.
  public var wallSeconds: Spread { spread { $0.wallSeconds } }
  /// Seconds of all processors.
  package var processorSeconds: Spread { spread { $0.processorSeconds } }

  /// The spread of any number that is measured.
  public func spread(_ value: (Measurement) -> Double) -> Spread { Spread(rows.map { value($0.measurement) }) }

  /// Median seconds of a stage, of all ranks together.
  public func stageSeconds(_ stage: Stage) -> Double { spread { $0.stages[stage] }.median }

  /// Median seconds of some stages, of all ranks together.
  package func stageSeconds(_ stages: [Stage]) -> Double { stages.reduce(0) { $0 + stageSeconds($1) } }

  /// One summary per configuration, in the order in which they first appear.
  public static func summaries(of rows: [StudyRow]) -> [ConfigurationSummary] {
    OrderedDictionary(grouping: rows, by: \.configuration).map { configuration, rows in
      ConfigurationSummary(configuration: configuration, rows: rows.sorted { $0.repetition < $1.repetition })
    }
  }
}

package import Strategies

/// A line of `timeline.csv`: one stage of one task on one rank.
package struct TimelineEntry: Hashable, Codable, Sendable {
  /// Name of the strategy, and the ranks it ran on.
  package var strategy: String, ranks: Int
  /// The rank; `ranks` for the main process if it is not a rank.
  package var rank: Int
  package var stage: Stage
  /// Number of the task, in order of completion.
  package var task: Int
  /// Seconds since the start of the run.
  package var beginSeconds: Double, endSeconds: Double

  package init(
    strategy: String, ranks: Int, rank: Int, stage: Stage, task: Int, beginSeconds: Double, endSeconds: Double
  ) {
    (self.strategy, self.ranks, self.rank) = (strategy, ranks, rank)
    (self.stage, self.task) = (stage, task)
    (self.beginSeconds, self.endSeconds) = (beginSeconds, endSeconds)
  }

  package var seconds: Double { endSeconds - beginSeconds }
}

extension TimelineEntry: TableRow {
  package static let fileName = "timeline.csv"

  package static let owner = "timeline"

  package static var blank: TimelineEntry {
    TimelineEntry(strategy: "", ranks: 1, rank: 0, stage: .wait, task: 0, beginSeconds: 0, endSeconds: 0)
  }

  package static var columns: [Column<TimelineEntry>] {
    [
      Column("strategy", \.strategy), Column("ranks", \.ranks, in: 1...100_000),
      Column("rank", \.rank, in: 0...100_000),
      Column("stage", \.stage), Column("task", \.task), Column("beginSeconds", \.beginSeconds, in: 0..<1e9),
      Column("endSeconds", \.endSeconds, in: 0..<1e9),
    ]
  }

  package var isConsistent: Bool { endSeconds >= beginSeconds }
}

extension [TimelineEntry] {
  /// The stages of a run's tasks, which are in order of completion.
  /// - Parameter beginSeconds: start of the run on the clock of the spans.
  init(_ tasks: [[StageSpan]], of configuration: Configuration, beginSeconds: Double) {
    self = tasks.enumerated().flatMap { task, spans in
      spans.map { span in
        TimelineEntry(
          strategy: configuration.strategy, ranks: configuration.ranks,
          rank: span.rank == StageSpan.mainRank ? configuration.ranks : span.rank, stage: span.stage, task: task,
          beginSeconds: Swift.max(0, Double(span.begin) * 1e-9 - beginSeconds),
          endSeconds: Swift.max(0, Double(span.end) * 1e-9 - beginSeconds))
      }
    }
  }
}

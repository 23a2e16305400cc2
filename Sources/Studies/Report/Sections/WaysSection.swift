internal import Imaging

/// The tables of the original study of object detection: for each way, what it gains on each number of ranks, and on
/// how many it gains most.
struct WaysSection {
  let analysis: Analysis
  let saving: Saving

  var speedups: Table {
    table("Speedup, saving \(saving.rawValue)") { Self.fixed(analysis.speedup($0)) }
  }

  var efficiencies: Table {
    table("Efficiency, saving \(saving.rawValue): speedup / ranks") { Self.fixed(analysis.efficiency($0)) }
  }

  /// Ways with the number of ranks on which each was fastest, and the fewer of two that were equally fast.
  var best: Table {
    let best = analysis.strategies(saving).compactMap { strategy in
      analysis.summaries(strategy, saving).min { $0.wallSeconds.median < $1.wallSeconds.median }
    }
    return Table(
      "Best number of ranks of each strategy, saving \(saving.rawValue)",
      [
        .words("Strategy") { $0.configuration.strategy },
        Column("Ranks", text: { analysis.ranksText($0.configuration.ranks) }),
        Column("Execution time", unit: "s", text: { $0.wallSeconds.text }),
        Column("Speedup (efficiency)", text: gain),
      ] + reported, best
    ).oversubscribed(best.map { analysis.isOversubscribed($0.configuration.ranks) })
  }

  /// What the original study says of the same way in Python.
  private var reported: [Column<ConfigurationSummary>] {
    guard let dataset = analysis.study.description.dataset else { return [] }
    return [
      Column("In the report", text: { dataset.reported($0.configuration.strategy)?.text ?? NumberText.none })
    ]
  }

  /// The tables of a strong study: the last one says nothing unless there was a choice, and the first two say again what
  /// the list of cells does, in the form of the original study.
  var tables: [Table] {
    guard analysis.study.description.study == .strong, ranks.count > 1 else { return [] }
    return (analysis.study.description.dataset == nil ? [] : [speedups, efficiencies]) + [best]
  }

  /// Those for a terminal.
  var text: String? {
    tables.isEmpty ? nil : tables.map { "\($0.caption)\n\n\($0.text)" }.joined(separator: "\n")
  }

  private var ranks: [Int] { Set(analysis.summaries(saving).map(\.configuration.ranks)).sorted() }

  private func table(_ caption: String, _ text: @escaping (ConfigurationSummary) -> String) -> Table {
    let ranks = ranks
    let columns = analysis.strategies(saving).map { strategy in
      let summaries = analysis.summaries(strategy, saving)
      return Column<Int>(
        strategy,
        text: { ranks in
          summaries.first { $0.configuration.ranks == ranks }.map(text) ?? NumberText.none
        })
    }
    return Table(caption, [Column("Ranks", text: analysis.ranksText)] + columns, ranks)
      .oversubscribed(ranks.map(analysis.isOversubscribed))
  }

  private func gain(_ summary: ConfigurationSummary) -> String {
    guard analysis.speedup(summary) != nil else { return NumberText.none }
    return "\(Self.fixed(analysis.speedup(summary))) (\(Self.fixed(analysis.efficiency(summary))))"
  }

  private static func fixed(_ value: Double?) -> String { value.map { NumberText.fixed($0, 2) } ?? NumberText.none }
}

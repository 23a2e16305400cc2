internal import Imaging

/// Ideal time, and time, speedup and efficiency of each strategy relative to the baseline.
///
/// With median time T, ranks p and work w relative to the baseline's (1 in a strong study): the ideal time is
/// w · T(1) / p, the speedup w · T(1) / T(p), the efficiency speedup / p.
struct ScalingSection {
  let analysis: Analysis
  let saving: Saving

  /// One row per rank count and size, strategies side by side, as in the tables of the original study.
  var table: Table {
    let strategies = analysis.strategies(saving)
    let sideBySide = outcomes.flatMap { outcome in
      strategies.map { strategy in
        outcome.named(strategy).map { (line: Line) in line.summaries.first { $0.configuration.strategy == strategy } }
      }
    }
    let groups = outcomes.map { Table.Group(title: $0.heading, columns: strategies.count) }
    let lines = lines
    return Table(
      "Saving \(saving.rawValue): median [minimum–maximum] of the repetitions",
      groups: [.init(title: "", columns: analysis.isWeak ? 3 : 2)] + groups,
      [
        Column("Ranks", text: { $0.isBaseline ? "1 (sequential)" : analysis.ranksText($0.configuration.ranks) })
      ] + size(\.configuration) + [
        Column("Ideal", unit: "s", text: { $0.baseline?.wallSeconds.text ?? ideal($0.configuration) })
      ] + sideBySide, lines
    ).oversubscribed(lines.map { analysis.isOversubscribed($0.configuration.ranks) })
  }

  /// One row per configuration, because a terminal is too narrow for more.
  var list: Table {
    let rows =
      analysis.baselines(saving)
      + analysis.summaries(saving).enumerated().sorted {
        ($0.element.configuration.ranks, $0.offset) < ($1.element.configuration.ranks, $1.offset)
      }.map(\.element)
    return Table(
      heading(rows),
      [Column("Ranks", text: { analysis.ranksText($0.configuration.ranks) })] + size(\.configuration) + [
        Column("Ideal", unit: "s", text: { ideal($0.configuration) }), .words("Strategy") { $0.configuration.strategy },
      ] + outcomes, rows)
  }

  /// For a terminal: the list, and what its marks mean; `nil` if nothing was measured.
  var text: String? {
    let list = list
    guard !list.lines.isEmpty else { return nil }
    let isOver = analysis.summaries(saving).contains { analysis.isOversubscribed($0.configuration.ranks) }
    return "\(list.caption)\n\n\(list.text)\(isOver ? "  * more ranks than the \(analysis.cores) cores\n" : "")"
  }

  /// The columns of each strategy.
  private var outcomes: [Column<ConfigurationSummary>] {
    [
      Column("Execution time", unit: "s", text: { $0.wallSeconds.text }),
      Column(analysis.isWeak ? "Speedup for the same work" : "Speedup", { analysis.speedup($0) }),
      Column("Efficiency", { analysis.efficiency($0) }, format: { NumberText.percent($0) }),
    ]
  }

  private func size<Row>(_ configuration: KeyPath<Row, Configuration>) -> [Column<Row>] {
    analysis.isWeak ? [Column("Size", text: { $0[keyPath: configuration].size.description })] : []
  }

  private func ideal(_ configuration: Configuration) -> String {
    NumberText.significant(analysis.idealSeconds(configuration))
  }

  private func heading(_ rows: [ConfigurationSummary]) -> String {
    let work = rows.last.map { analysis.study.description.work(of: $0.configuration) } ?? ""
    let size = analysis.isWeak ? "" : rows.last.map { ", \($0.configuration.size)" } ?? ""
    let repetitions = Set(rows.map(\.rows.count)).sorted().map(String.init).joined(separator: " or ")
    let kind = analysis.isWeak ? "Weak scaling" : "Strong scaling"
    return "\(kind), saving \(saving.rawValue): \(work)\(size); medians of \(repetitions)"
  }
}

extension ScalingSection {
  /// A row: the baseline, whose time stands in the ideal column, or all strategies with the same work and ranks.
  private struct Line {
    var configuration: Configuration
    var summaries: [ConfigurationSummary] = []
    var baseline: ConfigurationSummary?
    var isBaseline: Bool { baseline != nil }
  }

  private var lines: [Line] {
    var works: [Line] = []
    for summary in analysis.summaries(saving) {
      if let index = works.firstIndex(where: { $0.configuration.isSameWork(as: summary.configuration) }) {
        works[index].summaries.append(summary)
      } else {
        works.append(Line(configuration: summary.configuration, summaries: [summary]))
      }
    }
    return analysis.baselines(saving).map { Line(configuration: $0.configuration, baseline: $0) }
      + works.sorted { Configuration.isBefore($0.configuration, $1.configuration) }
  }
}

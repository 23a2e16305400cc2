internal import Imaging

/// Compares two stored runs cell by cell.
package struct RunComparison: Sendable {
  /// A configuration in both runs.
  package struct Entry: Sendable {
    package let first: ConfigurationSummary
    package let second: ConfigurationSummary

    /// The second median / the first: below 1, the second run is faster.
    package var ratio: Double {
      second.wallSeconds.median / max(first.wallSeconds.median, .leastNonzeroMagnitude)
    }
    /// Whether the ranges of the repetitions overlap, so that the difference may be chance.
    package var isUncertain: Bool { first.wallSeconds.overlaps(second.wallSeconds) }
  }

  package let first, second: Study
  /// In the order of the first run.
  package let entries: [Entry]

  package init(_ first: Study, _ second: Study) {
    (self.first, self.second) = (first, second)
    let others = Dictionary(second.summaries.map { ($0.configuration, $0) }, uniquingKeysWith: { first, _ in first })
    entries = first.summaries.compactMap { summary in
      others[summary.configuration].map { Entry(first: summary, second: $0) }
    }
  }

  /// For a terminal: the table, and how many cells are in only one run.
  package var text: String {
    let table = Table("", columns, entries)
    let heading = "first:  \(Self.name(first))\nsecond: \(Self.name(second))\n"
    let shown = entries.isEmpty ? "No cell is in both.\n" : "\(table.text)\n\(verdict)"
    return "\(heading)\n\(shown)\(rest)"
  }

  private var columns: [Column<Entry>] {
    [
      .words("Cell") { $0.first.configuration.text }, Column("First", unit: "s", text: { $0.first.wallSeconds.text }),
      Column("Second", unit: "s", text: { $0.second.wallSeconds.text }),
      Column("Ratio", text: { NumberText.fixed($0.ratio, 3) }),
      .words("") { $0.isUncertain ? "overlap" : $0.ratio < 1 ? "faster" : "slower" },
    ]
  }

  private var verdict: String {
    let certain = entries.filter { !$0.isUncertain }
    let faster = certain.filter { $0.ratio < 1 }.count
    let ratios = Spread(entries.map(\.ratio))
    let cells = NumberText.counted(entries.count, "cell")
    return "Of \(cells) the second run is faster in \(faster), slower in \(certain.count - faster), and "
      + "in \(entries.count - certain.count) the ranges overlap. Median ratio: \(NumberText.fixed(ratios.median, 3)) "
      + "(\(NumberText.fixed(ratios.min, 3)) to \(NumberText.fixed(ratios.max, 3))).\n"
  }

  private var rest: String {
    let firstCount = first.summaries.count - entries.count
    let secondCount = second.summaries.count - entries.count
    guard firstCount + secondCount > 0 else { return "" }
    return "Only in the first: \(NumberText.counted(firstCount, "cell")); only in the second: \(secondCount).\n"
  }

  private static func name(_ study: Study) -> String {
    let machine = study.machine.map { ", \($0.machine), commit \($0.commit)" } ?? ""
    return "\(study.folder) (\(study.description.study.rawValue)\(machine))"
  }
}

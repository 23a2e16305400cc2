package import Strategies

/// A stage of a task on a rank, as `timeline.csv` has it.
package struct TimelineEntry: Hashable, Sendable {
  /// Name of the strategy, and the ranks it ran on.
  package var strategy: String, ranks: Int
  /// Who worked.
  package var rank: Int
  /// What was done.
  package var stage: Stage
  /// From and to, in seconds since the begin of the run.
  package var begin: Double, end: Double

  /// "timeline.csv"
  package static let fileName = "timeline.csv"
  /// Its first line.
  package static let header = "strategy,ranks,rank,stage,task,beginSeconds,endSeconds"

  /// Reads a `timeline.csv`; a last line without an end is what a killed run had written of it.
  package static func entries(text: String, path: String) throws(StudyError) -> [TimelineEntry] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    lines.removeLast()
    guard lines.isEmpty || lines[0] == header else {
      throw StudyError("\(path): the first line is not that of a timeline")
    }
    var entries: [TimelineEntry] = []
    for (index, line) in lines.enumerated().dropFirst() {
      guard let entry = TimelineEntry(line: String(line)) else {
        throw StudyError("\(path): line \(index + 1) is no row of a timeline")
      }
      entries.append(entry)
    }
    return entries
  }

  private init?(line: String) {
    guard let fields = CSV.fields(line), fields.count == 7, let ranks = Int(fields[1]), let rank = Int(fields[2]),
      let stage = Stage(rawValue: fields[3]), let begin = Double(fields[5]), let end = Double(fields[6]),
      (1...100_000).contains(ranks), (0...100_000).contains(rank), begin >= 0, end >= begin, end < 1e9
    else { return nil }
    (strategy, self.ranks, self.rank, self.stage) = (fields[0], ranks, rank, stage)
    (self.begin, self.end) = (begin, end)
  }
}

/// What each rank did when: one run as bars in time.
struct TimelineChart {
  let strategy: String
  let ranks: Int
  /// Of this run alone.
  let entries: [TimelineEntry]
  let prefix: String

  /// More would make a page that is slow to open.
  static let entryLimit = 3000

  /// One chart for each strategy, on the fewest ranks above one.
  static func charts(_ entries: [TimelineEntry], prefix: String) -> [Chart] {
    let strategies = Set(entries.map(\.strategy))
    let known = StrategyCatalog.all.map { $0.name }
    let ordered = known.filter(strategies.contains) + strategies.subtracting(known).sorted()
    return ordered.enumerated().compactMap { index, strategy in
      let own = entries.filter { $0.strategy == strategy }
      let ranks = Set(own.map(\.ranks))
      guard let chosen = ranks.filter({ $0 > 1 }).min() ?? ranks.min() else { return nil }
      let shown = own.filter { $0.ranks == chosen && $0.stage != .wait }
      return TimelineChart(strategy: strategy, ranks: chosen, entries: shown, prefix: "\(prefix)\(index)").chart
    }
  }

  var chart: Chart {
    let sorted = entries.sorted { ($0.begin, $0.rank) < ($1.begin, $1.rank) }
    let shown = sorted.prefix(Self.entryLimit)
    let rows = (shown.map(\.rank).max() ?? 0) + 1
    var chart = Chart(
      name: "\(prefix)timeline", title: "Timeline of \(strategy), \(ranks) ranks",
      xLabel: "seconds since the begin", yLabel: "rank", series: [],
      caption: "What each rank did when\(rows > ranks ? "; rank \(ranks) is the main process" : "").")
    (chart.isWide, chart.height) = (true, min(900, 220 + 36 * rows))
    chart.commands = [
      "set style fill solid 1.0 noborder", "set yrange [\(Double(rows) - 0.4):-0.6]",
      "unset grid", "set grid xtics back linecolor rgb '#9aa1ab' dashtype 3", "set ytics \(max(1, rows / 16))",
    ]
    chart.series = Stage.allCases.compactMap { stage in
      let boxes = shown.filter { $0.stage == stage }.map { entry in
        "\(entry.begin) \(entry.rank) \(entry.begin) \(entry.end) \(Double(entry.rank) - 0.38) \(Double(entry.rank) + 0.38)"
      }
      guard !boxes.isEmpty else { return nil }
      let color = StageChart.colors[stage] ?? "#000000"
      return Chart.Series(
        title: stage.rawValue, points: boxes, style: "using 1:2:3:4:5:6 with boxxyerror linecolor rgb '\(color)'")
    }
    if sorted.count > shown.count { chart.caption += " Its first \(shown.count) of \(sorted.count) stages." }
    return chart
  }
}

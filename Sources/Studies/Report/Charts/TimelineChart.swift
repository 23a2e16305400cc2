internal import Strategies

/// Timeline of one run: the stages of each rank as bars.
struct TimelineChart {
  let strategy: String
  let ranks: Int
  /// Entries of this run only.
  let entries: [TimelineEntry]
  let prefix: String

  /// Bars shorter than this share of the run, two pixels of a wide chart, are merged with their neighbours: a page with
  /// all stages of a thousand copies would exceed a megabyte.
  private static let leastShare = 1.0 / 500

  /// One chart per strategy, on the smallest rank count above 1.
  static func charts(_ entries: [TimelineEntry], prefix: String) -> [Chart] {
    Analysis.ordered(entries.map(\.strategy)).enumerated().compactMap { index, strategy in
      let own = entries.filter { $0.strategy == strategy }
      let ranks = Set(own.map(\.ranks))
      guard let chosen = ranks.filter({ $0 > 1 }).min() ?? ranks.min() else { return nil }
      let shown = own.filter { $0.ranks == chosen && $0.stage != .wait }
      return TimelineChart(strategy: strategy, ranks: chosen, entries: shown, prefix: "\(prefix)\(index)").chart
    }
  }

  var chart: Chart {
    let rows = (entries.map(\.rank).max() ?? 0) + 1
    let seconds = (entries.map(\.endSeconds).max() ?? 0) - (entries.map(\.beginSeconds).min() ?? 0)
    let shown = entries.thinned(to: Self.leastShare * seconds)
    var chart = Chart(
      name: "\(prefix)timeline", title: "Timeline of \(strategy), \(ranks) ranks",
      xLabel: "seconds since the start", yLabel: "rank", series: [],
      caption: "The stages of each rank over time\(rows > ranks ? "; rank \(ranks) is the main process" : "").")
    let layout = Layout(rows: rows)
    (chart.isWide, chart.height) = (true, layout.height)
    chart.commands =
      [
        "set yrange [\(Double(rows) - 0.5):-0.5]", "unset grid",
        "set grid xtics back linecolor rgb '#9aa1ab' dashtype 3", "set ytics \(max(1, rows / 16))",
      ] + layout.margins
    chart.series = Stage.allCases.compactMap { series($0, shown, layout) }
    if shown.count < entries.count {
      chart.caption +=
        " Stages too short to see are merged into groups, in which each stage appears once with its total time."
    }
    return chart
  }

  /// A bar is a thick line, ended by an empty line: gnuplot draws all bars of a stage as one path, where boxes would be
  /// one element each.
  private func series(_ stage: Stage, _ shown: [TimelineEntry], _ layout: Layout) -> Chart.Series? {
    let bars = shown.filter { $0.stage == stage }.flatMap { entry in
      ["\(entry.beginSeconds) \(entry.rank)", "\(entry.endSeconds) \(entry.rank)", ""]
    }
    guard !bars.isEmpty else { return nil }
    let color = StageChart.colors[stage] ?? "#000000"
    return Chart.Series(
      title: stage.rawValue, points: bars,
      style: "using 1:2 with lines linewidth \(layout.barPixels) linecolor rgb '\(color)'")
  }

  /// Fixes the height of rows, so that bar widths can be given in pixels.
  private struct Layout {
    let rowPixels: Int
    let height: Int

    private static let (titlePixels, axisPixels) = (50, 75)

    init(rows: Int) {
      rowPixels = max(6, min(44, 720 / rows))
      height = rows * rowPixels + Self.titlePixels + Self.axisPixels
    }

    /// Leaves a gap between rows.
    var barPixels: Int { rowPixels * 3 / 4 }

    var margins: [String] {
      let (top, bottom) = (Double(height - Self.titlePixels), Double(Self.axisPixels))
      return ["set tmargin at screen \(top / Double(height))", "set bmargin at screen \(bottom / Double(height))"]
    }
  }
}

extension [TimelineEntry] {
  /// Merges entries without changing the total time of any stage: consecutive stages of a rank shorter than `seconds`
  /// are gathered into groups of about four times that length, in which each stage appears once with its total time.
  package func thinned(to seconds: Double) -> [TimelineEntry] {
    let ranks = Dictionary(grouping: self, by: \.rank).sorted { $0.key < $1.key }
    return ranks.flatMap { _, entries -> [TimelineEntry] in
      var (thinned, group): ([TimelineEntry], [TimelineEntry]) = ([], [])
      for entry in entries.sorted(by: { $0.beginSeconds < $1.beginSeconds }) {
        if let first = group.first, let last = group.last {
          let isNeighbour = entry.seconds < seconds && entry.beginSeconds - last.endSeconds < seconds
          if !isNeighbour || last.endSeconds - first.beginSeconds >= 4 * seconds {
            thinned += group.gathered
            group = []
          }
        }
        group.append(entry)
        if entry.seconds >= seconds {
          thinned += group.gathered
          group = []
        }
      }
      return thinned + group.gathered
    }
  }

  /// Each stage once with its total time, end to end from the start of the first entry.
  private var gathered: [TimelineEntry] {
    guard count > 1, var entry = first else { return self }
    return Stage.allCases.compactMap { stage in
      let seconds = filter { $0.stage == stage }.reduce(0) { $0 + $1.seconds }
      guard seconds > 0 else { return nil }
      (entry.stage, entry.endSeconds) = (stage, entry.beginSeconds + seconds)
      defer { entry.beginSeconds = entry.endSeconds }
      return entry
    }
  }
}

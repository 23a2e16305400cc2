internal import Strategies

/// The time of a rank by stage, as stacked bars.
struct StageChart {
  let analysis: Analysis
  let saving: Saving
  let prefix: String

  /// A bar, or the gap between two strategies.
  private struct Bar {
    var summary: ConfigurationSummary?
    var label: String
  }

  static let colors: [Stage: String] = [
    .read: "#56b4e9", .decode: "#0072b2", .transform: "#009e73", .encode: "#e69f00", .write: "#cc79a7",
    .wait: "#b9bec7",
  ]

  var chart: Chart? {
    let groups = ([StudyDescription.baselineStrategy] + analysis.strategies(saving)).map {
      ($0, analysis.summaries($0, saving))
    }
    var bars: [Bar] = []
    var labels: [String] = []
    for (strategy, summaries) in groups where !summaries.isEmpty {
      if !bars.isEmpty { bars.append(Bar(label: "")) }
      let middle = Double(bars.count) + Double(summaries.count - 1) / 2
      labels.append("set label \(Chart.quoted(strategy)) at \(middle), graph -0.17 center")
      bars += summaries.map { Bar(summary: $0, label: "\($0.configuration.ranks)\(mark($0))") }
    }
    guard bars.contains(where: { $0.summary != nil }) else { return nil }
    var chart = Chart(
      name: "\(prefix)stages", title: "Where the time of a rank goes, \(saving.words)",
      xLabel: "", yLabel: "seconds per rank", series: series(bars), caption: caption)
    (chart.isWide, chart.height) = (true, 460)
    let tics = bars.enumerated().filter { $0.element.summary != nil }.map { "\"\($0.element.label)\" \($0.offset)" }
    chart.commands =
      [
        "set style data histograms", "set style histogram rowstacked", "set style fill solid 1.0 noborder",
        "set boxwidth 0.8", "set yrange [0:*]", "unset grid", "set grid ytics back linecolor rgb '#9aa1ab' dashtype 3",
        "set xrange [-0.8:\(Double(bars.count) - 0.2)]", "set bmargin 5",
        "set xtics (\(tics.joined(separator: ", "))) scale 0 font ',13'",
      ] + labels
    return chart
  }

  private var caption: String {
    """
    One bar per number of ranks, * more than the cores: the seconds of all ranks divided by the ranks. With more ranks \
    than cores a stage takes longer because the rank does not have a core all the time; wait is the time outside the \
    other stages.
    """
  }

  private func mark(_ summary: ConfigurationSummary) -> String {
    analysis.isOversubscribed(summary.configuration.ranks) ? "*" : ""
  }

  private func series(_ bars: [Bar]) -> [Chart.Series] {
    Stage.allCases.map { stage in
      let points = bars.map { bar in
        bar.summary.map { String($0.stageSeconds(stage) / Double($0.configuration.ranks)) } ?? "0"
      }
      let color = Self.colors[stage] ?? "#000000"
      return Chart.Series(title: stage.rawValue, points: points, style: "using 1 linecolor rgb '\(color)'")
    }
  }
}

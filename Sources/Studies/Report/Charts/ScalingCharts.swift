internal import Imaging

/// Time, speedup, efficiency and memory against ranks, and throughput against size, of all strategies of a run with or
/// without saving.
struct ScalingCharts {
  let analysis: Analysis
  let saving: Saving
  /// Prefix of the chart names.
  let prefix: String

  var all: [Chart] {
    let charts = [time, speedup, efficiency] + (isWeak ? [throughput] : []) + [memory]
    return charts.filter { !$0.series.isEmpty && !ranks.isEmpty }
  }

  private var isWeak: Bool { analysis.isWeak }
  private var strategies: [String] { analysis.strategies(saving) }
  private var cores: Int { analysis.cores }
  private var products: String { analysis.study.description.products }
  private var words: String { saving.words }
  private var ranks: [Int] {
    Set(analysis.summaries.filter { $0.configuration.saving == saving }.map(\.configuration.ranks)).sorted()
  }

  private var time: Chart {
    var chart = chart("time", "Time, \(words)", y: "seconds")
    chart.commands += isWeak ? Self.fromZero : ["set logscale y 10"]
    let ideal = idealPoints { analysis.idealSeconds($0.configuration) }
    chart.series = [line("ideal", ideal, "#8a8f98", dash: 2)]
    chart.series += strategies.map { strategy in
      let points = analysis.summaries(strategy, saving).map { summary in
        let seconds = summary.wallSeconds
        return "\(x(summary, strategy)) \(seconds.median) \(seconds.min) \(seconds.max)"
      }
      return Chart.Series(title: strategy, points: points, style: "using 1:2:3:4 \(ChartMark.errorLine(strategy))")
    }
    chart.caption +=
      " Median, with bars from the fastest to the slowest repetition. The dashed line is the "
    chart.caption += "baseline's time, sequential on one rank, divided by the ranks."
    return chart
  }

  private var speedup: Chart {
    var chart = chart("speedup", "Speedup, \(words)", y: isWeak ? "speedup for the same work" : "speedup")
    chart.commands.append("set logscale y 2")
    chart.series = [
      line("ideal", ranks.map { "\($0) \($0)" }, "#8a8f98", dash: 2),
      line("limit of \(coresText)", limitRanks.map { "\($0) \(min($0, cores))" }, "#d55e00", dash: 4),
    ]
    chart.series += values { analysis.speedup($0) }
    chart.caption += " The baseline's time for the same work divided by the measured time."
    return chart
  }

  private var efficiency: Chart {
    var chart = chart("efficiency", "Efficiency, \(words)", y: "speedup / ranks, %")
    chart.commands += Self.fromZero
    chart.series = [
      line("ideal", ranks.map { "\($0) 100" }, "#8a8f98", dash: 2),
      line(
        "limit of \(coresText)", limitRanks.map { "\($0) \(100 * Double(min($0, cores)) / Double($0))" }, "#d55e00",
        dash: 4),
    ]
    chart.series += values { summary in analysis.efficiency(summary).map { 100 * $0 } }
    return chart
  }

  private var throughput: Chart {
    var chart = Chart(
      name: "\(prefix)throughput", title: "Throughput against size, \(words)", xLabel: "megapixels per image",
      yLabel: "megapixels of \(products) per second", series: [], caption: "")
    chart.commands = ["set logscale x 10", "set yrange [0:*]"]
    chart.series = ([StudyDescription.baselineStrategy] + strategies).compactMap { strategy in
      let points = analysis.summaries(strategy, saving).map { summary in
        let size = summary.configuration.pixels / 1e6
        return "\(size) \(summary.configuration.work / 1e6 / summary.wallSeconds.median)"
      }
      guard !points.isEmpty, strategies != [StudyDescription.baselineStrategy] else { return nil }
      return Chart.Series(title: strategy, points: points, style: "using 1:2 \(ChartMark.line(strategy))")
    }
    chart.caption =
      "Pixels of all \(products) divided by the time, against the size of one image. In this study the ranks grow "
    chart.caption += "with the size: the larger sizes have more ranks than the \(coresText)."
    return chart
  }

  private var memory: Chart {
    var chart = chart("memory", "Peak memory of all processes, \(words)", y: "megabytes")
    chart.commands += Self.fromZero
    chart.series = values { $0.spread { Double($0.peakMemorySummedBytes) }.median / 1e6 }
    chart.caption += " Each process's private memory at its peak, plus shared memory counted once."
    return chart
  }

  /// Offsets strategies horizontally, because their points often coincide: each by 6 %, three quarters of a mark's width
  /// on an axis from 1 to 64 ranks.
  private func x(_ summary: ConfigurationSummary, _ strategy: String) -> Double {
    let index = Double(strategies.firstIndex(of: strategy) ?? 0) - Double(strategies.count - 1) / 2
    return Double(summary.configuration.ranks) * (1 + 0.06 * index)
  }

  private func chart(_ name: String, _ title: String, y: String) -> Chart {
    var chart = Chart(
      name: "\(prefix)\(name)", title: title, xLabel: isWeak ? "ranks and image size in pixels" : "ranks",
      yLabel: y, series: [], caption: "Strategies on the same ranks are drawn side by side.")
    chart.hasLongTics = isWeak
    let (least, most) = (ranks.first ?? 1, ranks.last ?? 1)
    let tics = ranks.map { rank in
      let label = isWeak ? "\\n\(size(rank))" : ""
      return "\"\(rank)\(label)\" \(rank)"
    }
    // Room for the marks at both ends, whose offset with four strategies is 9 %. As long on either side: 0.85 ≈ 1 / 1.18.
    chart.commands = [
      "set logscale x 2", "set xrange [\(Double(least) * 0.85):\(Double(max(most, least + 1)) * 1.18)]",
      "set xtics (\(tics.joined(separator: ", ")))\(isWeak ? " font ',11'" : "")",
    ]
    if cores >= least && cores < most {
      // To the right of the marks on all cores, and to the left of those on twice as many ranks.
      let mark = Double(cores) * 1.25
      chart.commands += [
        "set arrow from \(mark), graph 0 to \(mark), graph 1 nohead linewidth 1.5 dashtype 2 linecolor rgb '#d55e00'",
        "set label 'more ranks than \(coresText)' at \(mark), graph 0.96 left offset 0.5,0 textcolor rgb '#d55e00'",
      ]
    }
    return chart
  }

  /// From 0, with room for the label at the top.
  private static let fromZero = ["set yrange [0:*]", "set offsets 0, 0, graph 0.12, 0"]

  private var coresText: String { NumberText.counted(cores, "core") }

  private func size(_ ranks: Int) -> String {
    let first = analysis.summaries.first { $0.configuration.ranks == ranks && $0.configuration.saving == saving }?
      .configuration
    return first.map { $0.size == .asTheyAre ? "" : "\($0.widthPixels)×\($0.heightPixels)" } ?? ""
  }

  /// The measured rank counts and the core count, where the limit line bends.
  private var limitRanks: [Int] {
    guard let least = ranks.first, let most = ranks.last else { return [] }
    return (Set(ranks).union((least...most).contains(cores) ? [cores] : [])).sorted()
  }

  private func idealPoints(_ value: (ConfigurationSummary) -> Double?) -> [String] {
    ranks.compactMap { rank in
      analysis.summaries.first { $0.configuration.ranks == rank && $0.configuration.saving == saving }.flatMap(value)
        .map { "\(rank) \($0)" }
    }
  }

  private func line(_ title: String, _ points: [String], _ color: String, dash: Int) -> Chart.Series {
    let style = "using 1:2 with lines linewidth 1.8 dashtype \(dash) linecolor rgb '\(color)'"
    return Chart.Series(title: title, points: points, style: style)
  }

  private func values(_ value: (ConfigurationSummary) -> Double?) -> [Chart.Series] {
    strategies.compactMap { strategy in
      let points = analysis.summaries(strategy, saving).compactMap { summary in
        value(summary).map { "\(x(summary, strategy)) \($0)" }
      }
      guard !points.isEmpty else { return nil }
      return Chart.Series(title: strategy, points: points, style: "using 1:2 \(ChartMark.line(strategy))")
    }
  }
}

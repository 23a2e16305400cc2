internal import Jobs

/// One run on the page.
struct StudySection {
  /// What belongs to a run beside its rows.
  struct Extras {
    var timeline: [TimelineEntry] = []
    var prediction: Prediction?
  }

  let analysis: StudyAnalysis
  let extras: Extras
  /// From 1; tells the drawings of runs apart, and links lead to it.
  let number: Int

  var anchor: String { "run-\(number)" }

  var title: String {
    switch analysis.study.description.study {
    case .strong: "Strong scaling: the same work on more and more ranks"
    case .weak: "Weak scaling: work that grows with the ranks"
    case .compare: "With saving and without"
    }
  }

  func html(_ drawn: (Chart) -> HTML) -> HTML {
    let savings = analysis.savings
    let charts = savings.flatMap {
      ScalingCharts(analysis: analysis, saving: $0, prefix: "r\(number)\($0.rawValue)").all
    }
    let stages = savings.compactMap {
      StageChart(analysis: analysis, saving: $0, prefix: "r\(number)\($0.rawValue)").chart
    }
    let timelines = TimelineChart.charts(extras.timeline, prefix: "r\(number)t")
    let tables = savings.map { ScalingSection(analysis: analysis).table($0).html }
    let limits = savings.map { LimitsSection(analysis: analysis, saving: $0).table.html }
    let pieces: [HTML] =
      [.element("h2", [("id", anchor)], title), .paragraph(work)] + warnings
      + [.element("h3", [], "Times")] + tables
      + [.element("h3", [], "Charts"), figures(charts + stages, drawn)]
      + (timelines.isEmpty ? [] : [.element("h3", [], "Timeline of one run"), figures(timelines, drawn)])
      + [.element("h3", [], "What limits it")] + limits
      + [SavingSection(analysis: analysis).html] + savings.map { FitSection(analysis: analysis, saving: $0).html }
      + [OriginalComparison(analysis: analysis).html]
      + [extras.prediction.map { PredictionSection(prediction: $0, analysis: analysis).html } ?? .nothing]
      + [MachineSection(analysis: analysis).html]
    return .element("section", [("aria-labelledby", anchor)], [.lines(pieces.filter { $0 != .nothing })])
  }

  /// Two beside each other, or a wide one alone: rows that paper can be turned between.
  private func figures(_ charts: [Chart], _ drawn: (Chart) -> HTML) -> HTML {
    var rows: [[Chart]] = []
    for chart in charts {
      if let last = rows.last, last.count == 1, !last[0].isWide, !chart.isWide {
        rows[rows.count - 1].append(chart)
      } else {
        rows.append([chart])
      }
    }
    let lines = rows.map { row in HTML.element("div", [("class", "row")], row.map { figure($0, drawn) }) }
    return .element("div", [("class", "charts")], [.lines(lines)])
  }

  private func figure(_ chart: Chart, _ drawn: (Chart) -> HTML) -> HTML {
    .element(
      "figure", chart.isWide ? [("class", "wide")] : [], [drawn(chart), .element("figcaption", [], chart.caption)])
  }

  private var work: String {
    let description = analysis.study.description
    let cell = analysis.cells.first?.cell
    let sizes = Set(analysis.cells.map(\.cell.size)).sorted { $0.width * $0.height < $1.width * $1.height }
    let images = description.input.map { _ in "images of a folder" } ?? "\(description.pattern ?? "generated") images"
    let counted = cell.map { "\($0.images) \(images), \($0.copies) copies of each" } ?? "no cell measured yet"
    let cache = description.cold ? "dropped from the page cache before each cell" : description.pageCache
    return """
      Job \(description.job): \(counted); \(sizes.count == 1 ? "size" : "sizes") \(Figures.list(sizes.map(\.description))). \
      \(analysis.cores) \(analysis.cores == 1 ? "core" : "cores"). \(description.repetitions) \
      \(description.repetitions == 1 ? "repetition" : "repetitions"), interleaved; medians. Page cache: \(cache). Baseline: \
      sequential on one rank. Rows marked * have more ranks than cores.
      """
  }

  private var warnings: [HTML] {
    let description = analysis.study.description
    let expected = description.cells.count * description.repetitions
    var texts: [String] = []
    if !description.complete || analysis.study.rows.count < expected {
      texts.append(
        "This run is not complete: \(analysis.study.rows.count) of \(expected) measurements. What is here is what there is."
      )
    }
    if description.repetitions < 3 {
      texts.append(
        "With fewer than three repetitions, a spread says little: differences of a few per cent may be chance.")
    }
    if let limit = description.writeBandwidthMegabytesPerSecond {
      texts.append("Writing was held to \(Figures.plain(limit)) MB/s, as a slow disk would.")
    }
    if !analysis.cells.contains(where: { analysis.isBaseline($0.cell) }) {
      texts.append("The baseline, sequential on one rank, was not measured: there are times, but no speedups.")
    }
    return texts.map { .element("p", [("class", "warning")], $0) }
  }
}

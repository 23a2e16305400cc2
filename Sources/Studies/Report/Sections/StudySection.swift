internal import Imaging
internal import Jobs

/// One run on the page.
struct StudySection {
  /// Optional files of a run besides its rows.
  struct Attachments {
    var timeline: [TimelineEntry] = []
    var prediction: Prediction?
    var nodePrediction: NodePrediction?
  }

  let analysis: Analysis
  let attachments: Attachments
  /// From 1; makes the ids of charts and anchors unique.
  let number: Int

  var anchor: String { "run-\(number)" }

  /// Names the job unless it is the usual one, because a page may hold runs of several.
  var title: String {
    let job = analysis.study.description.job
    return job == Augment.name ? kind : "\(kind) (\(job))"
  }

  private var kind: String {
    switch analysis.study.description.study {
    case .strong: "Strong scaling: the same work on more and more ranks"
    case .weak: "Weak scaling: work that grows with the ranks"
    case .compare: "With and without saving"
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
    let timelines = TimelineChart.charts(attachments.timeline, prefix: "r\(number)t")
    let tables = savings.flatMap { saving in
      [ScalingSection(analysis: analysis, saving: saving).table.html]
        + WaysSection(analysis: analysis, saving: saving).tables.map(\.html)
    }
    let limits = savings.map { LimitsSection(analysis: analysis, saving: $0).table.html }
    let pieces: [HTML] =
      [.element("h2", [("id", anchor)], title), .paragraph(work)] + warnings
      + [.element("h3", [], "Times")] + tables
      + [.element("h3", [], "Charts"), figures(charts + stages, drawn)]
      + (timelines.isEmpty ? [] : [.element("h3", [], "Timeline of one run"), figures(timelines, drawn)])
      + [.element("h3", [], "What limits it")] + limits
      + [SavingSection(analysis: analysis).html] + savings.map { FitSection(analysis: analysis, saving: $0).html }
      + [OriginalComparison(analysis: analysis).html]
      + [attachments.prediction.map { PredictionSection($0, cores: analysis.cores).html } ?? .nothing]
      + [attachments.nodePrediction.map { NodeSection($0).html } ?? .nothing]
      + [MachineSection(analysis: analysis).html]
    return .element("section", [("aria-labelledby", anchor)], [.lines(pieces.filter { $0 != .nothing })])
  }

  /// Groups charts into rows, two side by side or a wide one alone. Print may break the page between rows.
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
    let sizes = Set(analysis.summaries.map(\.configuration.size)).sorted { $0.pixelCount < $1.pixelCount }
    let images = description.input.map { _ in "images of a folder" } ?? "\(description.pattern ?? "generated") images"
    let counted = analysis.summaries.first.map { description.work(of: $0.configuration, images: images) }
    let batch = description.chunkSize.map { " Tasks per message: \($0)." } ?? ""
    let cache = description.cold ? "images dropped before each cell" : description.pageCache
    return """
      Job \(description.job): \(counted ?? "no cell measured yet"); \(sizes.count == 1 ? "size" : "sizes") \(NumberText.list(sizes.map(\.description))). \
      \(NumberText.counted(analysis.cores, "core")). \
      \(NumberText.counted(description.repetitions, "repetition")), interleaved; medians.\(batch) Page cache: \(cache). Baseline: \
      sequential on one rank. Rows marked * have more ranks than cores.
      """
  }

  private var warnings: [HTML] {
    let description = analysis.study.description
    let expected = description.cells.count * description.repetitions
    var texts: [String] = []
    if !description.complete || analysis.study.rows.count < expected {
      texts.append(
        "This run is not complete: \(analysis.study.rows.count) of \(expected) measurements exist."
      )
    }
    if description.repetitions < 3 {
      texts.append(
        "With fewer than three repetitions, a spread says little: differences of a few per cent may be chance.")
    }
    if let limit = description.writeMegabytesPerSecond {
      texts.append("Writing was limited to \(NumberText.significant(limit)) MB/s, as by a slow disk.")
    }
    if let load = analysis.study.machine?.loadAtBegin, load > Self.quietLoad * Double(analysis.cores) {
      texts.append(
        "The machine was busy when this run began: its load was \(NumberText.significant(load)) on "
          + "\(NumberText.counted(analysis.cores, "core")). Times may be longer than those of the program alone.")
    }
    if !analysis.summaries.contains(where: \.configuration.isBaseline) {
      texts.append("The baseline, sequential on one rank, was not measured: there are times, but no speedups.")
    }
    return texts.map { .element("p", [("class", "warning")], $0) }
  }

  /// Load average per core above which the machine counts as busy: more than an idle machine has, less than one working
  /// program causes.
  private static let quietLoad = 0.25
}

extension Study {
  /// The main tables of the study, for a terminal.
  package var text: String {
    let analysis = Analysis(self)
    let parts =
      description.study == .compare
      ? [SavingSection(analysis: analysis).text]
      : analysis.savings.flatMap { saving in
        [
          ScalingSection(analysis: analysis, saving: saving).text, WaysSection(analysis: analysis, saving: saving).text,
        ]
      }
    let texts = parts.compactMap { $0 }
    return texts.isEmpty ? "No cell has been measured.\n" : texts.joined(separator: "\n")
  }
}

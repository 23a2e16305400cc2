internal import Imaging
internal import Strategies

/// The original study's numbers beside ours, as ratios.
struct OriginalComparison {
  let analysis: Analysis

  var html: HTML {
    let tables = analysis.savings.map { table($0).html }.filter { $0 != .nothing }
    guard !tables.isEmpty else { return .nothing }
    let note = """
      The report ran the same pipeline, by Albumentations under Python's multiprocessing, on a machine that it does not \
      name; P1 is main-reads here, PQ savers, P2 worker-reads. A ratio above 1 is in our favour: its seconds over ours, \
      our speedup over its own. Seconds are compared only where images and copies are as many and as large as the \
      report's. Speedups depend on the cores, and its machine had more than two: it reached 7.59 with 16 ranks.
      """
    return .lines([.element("h3", [], "Beside the original report"), .paragraph(note)] + tables)
  }

  /// One strategy on as many ranks, with images of the same size in a weak study.
  private struct Pair {
    var strategy: String
    var line: OriginalReport.Line
    var theirSeconds: Double, theirSpeedup: Double
    var ours: ConfigurationSummary
    var ourSpeedup: Double?

    var isSameWork: Bool {
      ours.configuration.size == line.size && ours.configuration.images == OriginalReport.images
        && ours.configuration.copies == OriginalReport.copies
    }
  }

  private func table(_ saving: Saving) -> Table {
    let lines = OriginalReport.table(analysis.study.description.study, saving)
    let pairs = lines.flatMap { line in
      OriginalReport.strategies.compactMap { pair($0, line, lines[0], saving) }
    }
    return Table(
      "Table \(analysis.isWeak ? 2 : 1) of the report beside this run, saving \(saving.rawValue)",
      groups: [
        .init(title: "", columns: analysis.isWeak ? 3 : 2), .init(title: "Time [s]", columns: 3),
        .init(title: analysis.isWeak ? "Speedup for the same work" : "Speedup", columns: 3),
      ], columns, pairs
    ).oversubscribed(pairs.map { analysis.isOversubscribed($0.line.ranks) })
  }

  private var columns: [Column<Pair>] {
    let size: [Column<Pair>] = analysis.isWeak ? [.words("Size") { $0.line.size.description }] : []
    return [Column("Ranks", text: { analysis.ranksText($0.line.ranks) })] + size + [
      .words("Strategy") { OriginalReport.label($0.strategy) },
      Column("report", text: { NumberText.fixed($0.theirSeconds, 2) }),
      Column("ours", { $0.ours.wallSeconds.median }),
      Column(
        "ratio",
        text: { pair in
          pair.isSameWork ? NumberText.times(pair.theirSeconds / pair.ours.wallSeconds.median) : "other work"
        }),
      Column("report", { $0.theirSpeedup }), Column("ours", { $0.ourSpeedup }),
      Column("ratio", { pair in pair.ourSpeedup.map { $0 / pair.theirSpeedup } }, format: { NumberText.times($0) }),
    ]
  }

  private func pair(
    _ strategy: String, _ line: OriginalReport.Line, _ first: OriginalReport.Line, _ saving: Saving
  ) -> Pair? {
    guard let seconds = line.seconds[strategy], let base = first.seconds[StudyDescription.baselineStrategy],
      let ours = analysis.summaries(strategy, saving).first(where: {
        $0.configuration.ranks == line.ranks && (!analysis.isWeak || $0.configuration.size == line.size)
      })
    else { return nil }
    let work = Double(line.size.pixelCount) / Double(first.size.pixelCount)
    return Pair(
      strategy: strategy, line: line, theirSeconds: seconds, theirSpeedup: base * work / seconds, ours: ours,
      ourSpeedup: analysis.speedup(ours))
  }
}

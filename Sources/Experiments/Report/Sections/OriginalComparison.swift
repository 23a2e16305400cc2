/// The original report's figures beside ours, as ratios.
struct OriginalComparison {
  let analysis: StudyAnalysis

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

  private func table(_ saving: Saving) -> HTMLTable {
    let kind = analysis.study.description.study
    let isWeak = kind == .weak
    let lines = OriginalReport.table(kind, saving)
    let strategies = ["sequential", "main-reads", "savers", "worker-reads"]
    let rows = lines.flatMap { line in
      strategies.compactMap { strategy in row(strategy, line, lines[0], saving) }
    }
    let number = isWeak ? 2 : 1
    return HTMLTable(
      caption: "Table \(number) of the report beside this run, saving \(saving.rawValue)",
      groups: [
        .init(title: "", columns: isWeak ? 3 : 2), .init(title: "Time [s]", columns: 3),
        .init(title: isWeak ? "Speedup for the same work" : "Speedup", columns: 3),
      ],
      columns: ["Ranks"] + (isWeak ? ["Size"] : []) + [
        "Strategy", "report", "ours", "ratio", "report", "ours", "ratio",
      ],
      textColumns: isWeak ? 3 : 2, rows: rows)
  }

  private func row(
    _ strategy: String, _ line: OriginalReport.Line, _ first: OriginalReport.Line, _ saving: Saving
  ) -> HTMLTable.Row? {
    let isWeak = analysis.study.description.study == .weak
    guard let theirs = line.seconds[strategy], let theirBase = first.seconds["sequential"],
      let ours = analysis.cells(strategy, saving).first(where: {
        $0.cell.ranks == line.ranks && (!isWeak || $0.cell.size == line.size)
      })
    else { return nil }
    let isSameWork =
      ours.cell.size == line.size && ours.cell.images == OriginalReport.images
      && ours.cell.copies == OriginalReport.copies
    let work = Double(line.size.width * line.size.height) / Double(first.size.width * first.size.height)
    let theirSpeedup = theirBase * work / theirs
    let speedup = analysis.speedup(ours)
    let isOver = analysis.isOversubscribed(line.ranks)
    let cells = [
      "\(line.ranks)\(isOver ? " *" : "")", isWeak ? line.size.description : nil,
      "\(strategy)\(OriginalReport.name(strategy).map { $0 == strategy ? "" : " (\($0))" } ?? "")",
      Number.fixed(theirs, 2), Figures.plain(ours.wallSeconds.median),
      isSameWork ? Figures.times(theirs / ours.wallSeconds.median) : "other work", Figures.plain(theirSpeedup),
      Figures.plain(speedup), Figures.times(speedup.map { $0 / theirSpeedup }),
    ]
    return HTMLTable.Row(cells: cells.compactMap { $0 }, isOversubscribed: isOver)
  }
}

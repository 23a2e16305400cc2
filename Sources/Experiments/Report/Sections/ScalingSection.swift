/// Tables in the form of the original report: ideal time, and time, speedup and efficiency of each strategy.
struct ScalingSection {
  let analysis: StudyAnalysis

  func table(_ saving: Saving) -> HTMLTable {
    let strategies = analysis.strategies(saving)
    let isWeak = analysis.study.description.study == .weak
    let groups = ["Execution time [s]", isWeak ? "Speedup for the same work" : "Speedup", "Efficiency"]
    return HTMLTable(
      caption: "Saving \(saving.rawValue): median [smallest–largest] of the repetitions",
      groups: [.init(title: "", columns: isWeak ? 3 : 2)] + groups.map { .init(title: $0, columns: strategies.count) },
      columns: ["Ranks"] + (isWeak ? ["Size"] : []) + ["Ideal [s]"] + strategies + strategies + strategies,
      rows: strategies.isEmpty ? baselineRows(saving, 0) : baselineRows(saving, strategies.count) + rows(saving))
  }

  /// The seconds of the baseline, where the strategies have theirs: the original report's first line.
  private func baselineRows(_ saving: Saving, _ strategyCount: Int) -> [HTMLTable.Row] {
    analysis.cells(StudyDescription.baselineStrategy, saving).filter { analysis.isBaseline($0.cell) }.map { summary in
      let isWeak = analysis.study.description.study == .weak
      let empty = Array(repeating: Figures.none, count: max(0, 3 * strategyCount))
      return HTMLTable.Row(
        cells: ["1 (sequential)"] + (isWeak ? [summary.cell.size.description] : [])
          + [Figures.spread(summary.wallSeconds)] + empty)
    }
  }

  private func rows(_ saving: Saving) -> [HTMLTable.Row] {
    let strategies = analysis.strategies(saving)
    let isWeak = analysis.study.description.study == .weak
    let cells = strategies.flatMap { analysis.cells($0, saving) }
    var lines: [Cell] = []
    for summary in cells.sorted(by: { StudyAnalysis.work($0.cell) < StudyAnalysis.work($1.cell) }) {
      if !lines.contains(where: { isSameLine($0, summary.cell) }) { lines.append(summary.cell) }
    }
    return lines.sorted { ($0.ranks, StudyAnalysis.work($0)) < ($1.ranks, StudyAnalysis.work($1)) }.map { line in
      let summaries = strategies.map { strategy in
        cells.first { $0.cell.strategy == strategy && isSameLine($0.cell, line) }
      }
      let isOver = analysis.isOversubscribed(line.ranks)
      let texts =
        ["\(line.ranks)\(isOver ? " *" : "")"] + (isWeak ? [line.size.description] : [])
        + [Figures.plain(analysis.idealSeconds(line))]
        + summaries.map { $0.map { Figures.spread($0.wallSeconds) } ?? Figures.none }
        + summaries.map { Figures.plain($0.flatMap(analysis.speedup)) }
        + summaries.map { Figures.percent($0.flatMap(analysis.efficiency)) }
      return HTMLTable.Row(cells: texts, isOversubscribed: isOver)
    }
  }

  private func isSameLine(_ left: Cell, _ right: Cell) -> Bool {
    left.ranks == right.ranks && left.size == right.size && left.images == right.images && left.copies == right.copies
  }
}

internal import Strategies

/// What saving costs each strategy, and where the cost goes.
struct SavingSection {
  let analysis: StudyAnalysis

  var html: HTML {
    let rows = analysis.strategies(.on).flatMap { self.rows($0) }
    guard !rows.isEmpty else { return .nothing }
    let table = HTMLTable(
      caption: "Saving on against off: seconds of the whole run, and seconds of one rank by stage",
      groups: [
        .init(title: "", columns: isWeak ? 3 : 2), .init(title: "Time [s]", columns: 4),
        .init(title: "More of one rank's time with saving [s]", columns: 4),
      ],
      columns: ["Strategy", "Ranks"] + (isWeak ? ["Size"] : []) + [
        "saving off", "saving on", "cost", "cost", "encode", "write", "wait", "all other",
      ], rows: rows)
    let note = """
      A strategy hides saving where the cost is less than what encode and write take. A cost within the spread of the \
      repetitions is marked ~.
      """
    return .lines([.element("h3", [], "Cost of saving"), .paragraph(note), table.html])
  }

  private var isWeak: Bool { analysis.study.description.study == .weak }

  private func rows(_ strategy: String) -> [HTMLTable.Row] {
    analysis.cells(strategy, .on).compactMap { on in
      let off = analysis.cells(strategy, .off).first {
        $0.cell.ranks == on.cell.ranks && $0.cell.size == on.cell.size && $0.cell.images == on.cell.images
          && $0.cell.copies == on.cell.copies
      }
      return off.map { row(on, $0) }
    }
  }

  private func row(_ on: CellSummary, _ off: CellSummary) -> HTMLTable.Row {
    let cost = on.wallSeconds.median - off.wallSeconds.median
    func more(_ stages: [Stage]) -> String {
      let difference = stages.reduce(0) { $0 + on.stageSeconds($1) - off.stageSeconds($1) } / Double(on.cell.ranks)
      return Figures.plain(difference)
    }
    let isOver = analysis.isOversubscribed(on.cell.ranks)
    let chance = on.wallSeconds.overlaps(off.wallSeconds) ? "~ " : ""
    let cells =
      [on.cell.strategy, "\(on.cell.ranks)\(isOver ? " *" : "")"] + (isWeak ? [on.cell.size.description] : [])
      + [
        Figures.spread(off.wallSeconds), Figures.spread(on.wallSeconds), "\(chance)\(Figures.plain(cost))",
        Figures.change(cost / off.wallSeconds.median, 1), more([.encode]), more([.write]), more([.wait]),
        more([.read, .decode, .transform]),
      ]
    return HTMLTable.Row(cells: cells, isOversubscribed: isOver)
  }
}

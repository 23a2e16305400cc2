internal import Imaging
internal import Strategies

/// The cost of saving for each strategy, split by stage.
struct SavingSection {
  let analysis: Analysis

  var html: HTML {
    let table = table
    guard !table.lines.isEmpty else { return .nothing }
    let note = """
      A strategy hides saving if the cost is less than the time of encode and write. A cost within the spread of the \
      repetitions is marked ~.
      """
    return .lines([.element("h3", [], "Cost of saving"), .paragraph(note), table.html])
  }

  /// For a terminal: the table, and which strategy hides the cost best; `nil` if nothing was measured both ways.
  var text: String? {
    let table = table
    guard !table.lines.isEmpty else { return nil }
    var notes: [String] = []
    if table.lines.contains(where: \.isOversubscribed) { notes.append("* more ranks than the \(analysis.cores) cores") }
    if analysis.savingCosts.contains(where: \.isWithinSpread) {
      notes.append("~ the repetitions with and without saving overlap: the cost may be chance")
    }
    return "\(table.caption)\n\n\(table.text)\(notes.map { "  \($0)\n" }.joined())\(verdicts)"
  }

  private var table: Table {
    let costs = analysis.savingCosts
    return Table(
      "Saving on against off: seconds of the whole run, and seconds per rank by stage",
      groups: [
        .init(title: "", columns: analysis.isWeak ? 3 : 2), .init(title: "Time [s]", columns: 4),
        .init(title: "Time that saving adds per rank [s]", columns: 4),
      ], columns, costs
    ).oversubscribed(costs.map { analysis.isOversubscribed($0.on.configuration.ranks) })
  }

  private var columns: [Column<SavingCost>] {
    let size: [Column<SavingCost>] =
      analysis.isWeak ? [Column("Size", text: { $0.on.configuration.size.description })] : []
    func more(_ name: String, _ stages: [Stage]) -> Column<SavingCost> { Column(name, { $0.addedSeconds(stages) }) }
    return [
      .words("Strategy") { $0.on.configuration.strategy },
      Column("Ranks", text: { analysis.ranksText($0.on.configuration.ranks) }),
    ] + size + [
      Column("saving off", text: { $0.off.wallSeconds.text }), Column("saving on", text: { $0.on.wallSeconds.text }),
      Column("cost", text: { "\($0.isWithinSpread ? "~ " : "")\(NumberText.significant($0.seconds))" }),
      Column("cost", { $0.share }, format: { NumberText.change($0, 1) }),
      more("encode", [.encode]), more("write", [.write]), more("wait", [.wait]),
      more("other", [.read, .decode, .transform]),
    ]
  }

  private var verdicts: String {
    let lines = analysis.bestSavings.map { cost in
      "On \(NumberText.counted(cost.on.configuration.ranks, "rank")), \(cost.on.configuration.strategy) hides saving best: "
        + "\(NumberText.significant(cost.on.wallSeconds.median)) s with it, which costs "
        + "\(NumberText.significant(cost.seconds)) s, \(NumberText.percent(cost.share))"
        + (cost.isWithinSpread ? ", within the spread of the repetitions.\n" : ".\n")
    }
    return lines.isEmpty ? "" : "\n\(lines.joined())"
  }
}

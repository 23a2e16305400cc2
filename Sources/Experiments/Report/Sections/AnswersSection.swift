/// The answers, before the tables: which strategy won where, by how much, and whether by more than chance.
struct AnswersSection {
  let analysis: StudyAnalysis

  /// Sentences, the most important first.
  var sentences: [String] {
    analysis.savings.flatMap { saving -> [String] in
      let words = saving == .on ? "With saving" : "Without saving"
      return [winner(saving).map { "\(words), \($0)" }, quickest(saving).map { "\(words), \($0)" }].compactMap { $0 }
        + [oversubscription(saving).map { "\(words), \($0)" }].compactMap { $0 }
    } + [costOfSaving].compactMap { $0 }
  }

  /// The ranks that fill the cores without more: the most of those measured, above one; then the fewest above one.
  func referenceRanks(_ saving: Saving) -> Int? {
    let ranks = analysis.strategies(saving).flatMap { analysis.cells($0, saving).map(\.cell.ranks) }.filter { $0 > 1 }
    return ranks.filter { $0 <= analysis.cores }.max() ?? ranks.min()
  }

  /// Cells of so many ranks, the fastest first; of the largest work where there are several.
  func contest(_ saving: Saving, ranks: Int) -> [CellSummary] {
    analysis.strategies(saving).compactMap { strategy in
      analysis.cells(strategy, saving).last { $0.cell.ranks == ranks }
    }.sorted { $0.wallSeconds.median < $1.wallSeconds.median }
  }

  private func winner(_ saving: Saving) -> String? {
    guard let ranks = referenceRanks(saving) else { return nil }
    let contest = contest(saving, ranks: ranks)
    guard let first = contest.first else { return nil }
    let gain = "\(Figures.times(analysis.speedup(first))) the pace of sequential"
    let text = """
      on \(ranks) ranks (\(analysis.cores) cores) \(first.cell.strategy) was fastest: \
      \(Figures.plain(first.wallSeconds.median)) s, \(gain), \(Figures.percent(analysis.efficiency(first))) efficiency
      """
    guard contest.count > 1 else { return "\(text); nothing else was measured there." }
    let others = contest.dropFirst().map { other in
      let loss = other.wallSeconds.median / first.wallSeconds.median - 1
      return
        "\(other.cell.strategy) took \(Figures.percent(loss, 1)) longer\(isChance(first, other) ? " (within the spread)" : "")"
    }
    return "\(text). Beside it, \(Figures.list(others))."
  }

  private func quickest(_ saving: Saving) -> String? {
    guard analysis.study.description.study != .weak else { return weakest(saving) }
    let all = analysis.strategies(saving).flatMap { analysis.cells($0, saving) }
    guard let best = all.min(by: { $0.wallSeconds.median < $1.wallSeconds.median }) else { return nil }
    return """
      the shortest time of all was that of \(best.cell.strategy) on \(best.cell.ranks) ranks: \
      \(Figures.plain(best.wallSeconds.median)) s, speedup \(Figures.plain(analysis.speedup(best))).
      """
  }

  /// For a weak study: who keeps the most of its efficiency at the largest work.
  private func weakest(_ saving: Saving) -> String? {
    let last = analysis.strategies(saving).compactMap { analysis.cells($0, saving).last }
    guard let best = last.max(by: { (analysis.efficiency($0) ?? 0) < (analysis.efficiency($1) ?? 0) }) else {
      return nil
    }
    return """
      at the largest work (\(best.cell.size) on \(best.cell.ranks) ranks) \(best.cell.strategy) did best: \
      \(Figures.times(analysis.speedup(best))) the pace of the baseline.
      """
  }

  private func oversubscription(_ saving: Saving) -> String? {
    guard analysis.study.description.study != .weak, let reference = referenceRanks(saving),
      let most = analysis.strategies(saving).flatMap({ analysis.cells($0, saving) }).map(\.cell.ranks).max(),
      most > analysis.cores, most > reference
    else { return nil }
    let changes = analysis.strategies(saving).compactMap { strategy -> String? in
      let cells = analysis.cells(strategy, saving)
      guard let few = cells.first(where: { $0.cell.ranks == reference }),
        let many = cells.first(where: { $0.cell.ranks == most })
      else { return nil }
      let change = many.wallSeconds.median / few.wallSeconds.median - 1
      return "\(strategy) \(Figures.change(change, 1))\(isChance(few, many) ? " (within the spread)" : "")"
    }
    guard !changes.isEmpty else { return nil }
    return "\(most) ranks on \(analysis.cores) cores against \(reference) changed the time by \(Figures.list(changes))."
  }

  private var costOfSaving: String? {
    guard analysis.savings.count == 2, let ranks = referenceRanks(.on) else { return nil }
    let costs = contest(.on, ranks: ranks).compactMap { on -> String? in
      let off = analysis.cells(on.cell.strategy, .off).last { $0.cell.ranks == ranks && $0.cell.size == on.cell.size }
      return off.map { off in
        let cost = Figures.change(on.wallSeconds.median / off.wallSeconds.median - 1, 1)
        return "\(on.cell.strategy) \(cost)\(isChance(on, off) ? " (within the spread)" : "")"
      }
    }
    return costs.isEmpty ? nil : "Saving cost, on \(ranks) ranks: \(Figures.list(costs)) of the time without it."
  }

  /// Whether the repetitions of the two have times in common. One repetition cannot tell.
  private func isChance(_ left: CellSummary, _ right: CellSummary) -> Bool {
    left.wallSeconds.overlaps(right.wallSeconds)
  }
}

internal import Imaging

/// The answers above the tables: which strategy won where, by how much, and whether that may be chance.
struct AnswersSection {
  let analysis: Analysis

  /// Sentences, the most important first.
  var sentences: [String] {
    analysis.savings.flatMap { saving in
      let answers = [winner(saving), analysis.isWeak ? weakest(saving) : quickest(saving), oversubscription(saving)]
      return answers.compactMap { $0 }.map { "\(saving == .on ? "With" : "Without") saving, \($0)" }
    } + [costOfSaving].compactMap { $0 }
  }

  private func winner(_ saving: Saving) -> String? {
    guard let ranks = analysis.referenceRanks(saving) else { return nil }
    let contest = analysis.contest(saving, ranks: ranks)
    guard let first = contest.first else { return nil }
    let gain = "\(NumberText.times(analysis.speedup(first))) the pace of sequential"
    let text = """
      on \(ranks) ranks (\(analysis.cores) cores) \(first.configuration.strategy) was fastest: \
      \(NumberText.significant(first.wallSeconds.median)) s, \(gain), \(NumberText.percent(analysis.efficiency(first))) efficiency
      """
    guard contest.count > 1 else { return "\(text); no other strategy was measured there." }
    let others = contest.dropFirst().map { other in
      let loss = other.wallSeconds.median / first.wallSeconds.median - 1
      return
        "\(other.configuration.strategy) took \(NumberText.percent(loss, 1)) longer\(isChance(first, other) ? Self.chance : "")"
    }
    return "\(text). By comparison, \(NumberText.list(others))."
  }

  private func quickest(_ saving: Saving) -> String? {
    let all = analysis.summaries(saving)
    guard let best = all.min(by: { $0.wallSeconds.median < $1.wallSeconds.median }) else { return nil }
    return """
      the fastest run overall was \(best.configuration.strategy) on \
      \(NumberText.counted(best.configuration.ranks, "rank")): \
      \(NumberText.significant(best.wallSeconds.median)) s, speedup \(NumberText.significant(analysis.speedup(best))).
      """
  }

  /// For a weak study: the strategy with the best efficiency at the largest work.
  private func weakest(_ saving: Saving) -> String? {
    let last = analysis.strategies(saving).compactMap { analysis.summaries($0, saving).last }
    guard let best = last.max(by: { (analysis.efficiency($0) ?? 0) < (analysis.efficiency($1) ?? 0) }) else {
      return nil
    }
    return """
      at the largest work (\(best.configuration.size) on \
      \(NumberText.counted(best.configuration.ranks, "rank"))) \(best.configuration.strategy) did best: \
      \(NumberText.times(analysis.speedup(best))) the pace of the baseline.
      """
  }

  private func oversubscription(_ saving: Saving) -> String? {
    guard !analysis.isWeak, let reference = analysis.referenceRanks(saving),
      let most = analysis.summaries(saving).map(\.configuration.ranks).max(),
      most > analysis.cores, most > reference
    else { return nil }
    let changes = analysis.strategies(saving).compactMap { strategy -> String? in
      let all = analysis.summaries(strategy, saving)
      guard let few = all.first(where: { $0.configuration.ranks == reference }),
        let many = all.first(where: { $0.configuration.ranks == most })
      else { return nil }
      let change = many.wallSeconds.median / few.wallSeconds.median - 1
      return "\(strategy) \(NumberText.change(change, 1))\(isChance(few, many) ? Self.chance : "")"
    }
    guard !changes.isEmpty else { return nil }
    return
      "from \(reference) to \(most) ranks on \(analysis.cores) cores, the time changed: \(NumberText.list(changes))."
  }

  private var costOfSaving: String? {
    guard analysis.savings.count == 2, let ranks = analysis.referenceRanks(.on) else { return nil }
    let costs = analysis.contest(.on, ranks: ranks).compactMap(analysis.savingCost).map { cost in
      "\(cost.on.configuration.strategy) \(NumberText.change(cost.share, 1))\(cost.isWithinSpread ? Self.chance : "")"
    }
    return costs.isEmpty ? nil : "Cost of saving on \(ranks) ranks: \(NumberText.list(costs)) of the time without it."
  }

  private static let chance = " (within the spread)"

  /// Whether the ranges of the repetitions overlap. Single repetitions do not, which proves nothing.
  private func isChance(_ left: ConfigurationSummary, _ right: ConfigurationSummary) -> Bool {
    left.wallSeconds.overlaps(right.wallSeconds)
  }
}

public import Strategies

/// What saving costs: cells with and without it side by side.
public struct SavingTable: Sendable {
  /// One strategy on so many ranks.
  public struct Entry: Sendable {
    /// With saving.
    public let on: CellSummary
    /// Without.
    public let off: CellSummary
    /// Whether some ranks had to share a core.
    public let isOversubscribed: Bool

    /// Wall seconds that saving adds to the median.
    public var costSeconds: Double { on.wallSeconds.median - off.wallSeconds.median }
    /// The same in hundredths of the time without saving.
    public var costPercent: Double { 100 * costSeconds / max(off.wallSeconds.median, .leastNonzeroMagnitude) }
    /// Whether the ranges of the repetitions overlap, so that the cost may be chance.
    public var isUncertain: Bool { on.wallSeconds.overlaps(off.wallSeconds) }

    /// Seconds of a stage that saving adds to each rank: where the cost goes, for these add up to it with what the other
    /// stages take longer.
    public func addedSeconds(_ stage: Stage) -> Double {
      (on.stageSeconds(stage) - off.stageSeconds(stage)) / Double(on.cell.ranks)
    }

    /// What the stages other than encode, write and wait take longer on each rank.
    public var addedElsewhereSeconds: Double {
      [Stage.read, .decode, .transform].map(addedSeconds).reduce(0, +)
    }
  }

  /// By ranks, then in the order of the study.
  public let entries: [Entry]

  /// The pairs of a study; `nil` if no cell was measured both ways.
  public init?(_ study: Study) {
    let summaries = study.summaries
    var entries: [Entry] = []
    for on in summaries where on.cell.saving == .on {
      var other = on.cell
      other.saving = .off
      guard let off = summaries.first(where: { $0.cell == other }) else { continue }
      entries.append(Entry(on: on, off: off, isOversubscribed: on.cell.ranks > study.description.cores))
    }
    guard !entries.isEmpty else { return nil }
    self.entries = entries.enumerated()
      .sorted { ($0.element.on.cell.ranks, $0.offset) < ($1.element.on.cell.ranks, $1.offset) }
      .map(\.element)
  }

  /// For each number of ranks with more than one strategy, the one that is the fastest with saving. The cost alone would
  /// favour one that is slow without saving, too.
  public var best: [Entry] {
    Set(entries.map(\.on.cell.ranks)).sorted().compactMap { ranks in
      let rivals = entries.filter { $0.on.cell.ranks == ranks && !$0.on.cell.isBaseline }
      return rivals.count < 2 ? nil : rivals.min { $0.on.wallSeconds.median < $1.on.wallSeconds.median }
    }
  }
}

extension SavingTable {
  /// The table for a terminal, and who hides the cost.
  public func text(for description: StudyDescription) -> String {
    var table = TextTable([
      ("ranks", .right), ("strategy", .left), ("off s", .right), ("on s", .right), ("cost s", .right), ("%", .right),
      ("encode", .right), ("write", .right), ("wait", .right), ("other", .right),
    ])
    for entry in entries {
      let added = [Stage.encode, .write, .wait].map { Number.fixed(entry.addedSeconds($0), 2) }
      table.append(
        [
          "\(entry.on.cell.ranks)\(entry.isOversubscribed ? "*" : "")", entry.on.cell.strategy,
          Number.fixed(entry.off.wallSeconds.median, 2), Number.fixed(entry.on.wallSeconds.median, 2),
          Number.fixed(entry.costSeconds, 2), Number.fixed(entry.costPercent, 0) + (entry.isUncertain ? "?" : ""),
        ] + added + [Number.fixed(entry.addedElsewhereSeconds, 2)])
    }
    let notes = footnotes(description).map { "  \($0)\n" }.joined()
    return "The cost of saving, and the seconds of each rank where it goes\n\n\(table.text)\(notes)" + verdicts
  }

  private func footnotes(_ description: StudyDescription) -> [String] {
    var notes: [String] = []
    if entries.contains(where: \.isOversubscribed) { notes.append("* more ranks than the \(description.cores) cores") }
    if entries.contains(where: \.isUncertain) {
      notes.append("? the repetitions with and without saving overlap: it may be chance")
    }
    return notes
  }

  private var verdicts: String {
    let lines = best.map { entry in
      "On \(entry.on.cell.ranks) \(entry.on.cell.ranks == 1 ? "rank" : "ranks"), \(entry.on.cell.strategy) hides saving "
        + "best: \(Number.fixed(entry.on.wallSeconds.median, 2)) s with it, which costs "
        + "\(Number.fixed(entry.costSeconds, 2)) s, \(Number.fixed(entry.costPercent, 0)) %"
        + (entry.isUncertain ? ", within the range of the repetitions.\n" : ".\n")
    }
    return lines.isEmpty ? "" : "\n\(lines.joined())"
  }
}

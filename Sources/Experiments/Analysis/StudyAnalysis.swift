internal import Strategies

/// The cells of a run beside the baseline.
///
/// The baseline of a cell is `sequential` on one rank, with the same images where that was measured, and else, as in a
/// weak study, with the smallest ones: then its time is scaled to the work of the cell. Work is counted in pixels of
/// copies, or in copies where images are as they are in a folder.
package struct StudyAnalysis: Sendable {
  /// The run.
  package let study: Study
  /// Every cell that has a time.
  package let cells: [CellSummary]

  /// The analysis of a run.
  package init(_ study: Study) {
    self.study = study
    cells = study.summaries.filter { $0.wallSeconds.min > 0 }
  }

  /// Cores that the study could use.
  package var cores: Int { max(1, study.description.cores) }

  /// Whether a cell has more ranks than there are cores.
  package func isOversubscribed(_ ranks: Int) -> Bool { ranks > cores }

  /// With saving first.
  package var savings: [Saving] { Saving.allCases.filter { saving in cells.contains { $0.cell.saving == saving } } }

  /// Names of the strategies beside the baseline, in the order in which they are always shown, then unknown ones.
  package func strategies(_ saving: Saving) -> [String] {
    let names = Set(cells.filter { $0.cell.saving == saving && !isBaseline($0.cell) }.map(\.cell.strategy))
    let known = StrategyCatalog.all.map { $0.name }
    return known.filter(names.contains) + names.subtracting(known).sorted()
  }

  /// Cells of a strategy from few ranks to many, and from small images to large.
  package func cells(_ strategy: String, _ saving: Saving) -> [CellSummary] {
    cells.filter { $0.cell.strategy == strategy && $0.cell.saving == saving }.sorted(by: Self.isBefore)
  }

  /// Whether a cell is of the baseline's kind.
  package func isBaseline(_ cell: Cell) -> Bool {
    cell.strategy == StudyDescription.baselineStrategy && cell.ranks == 1
  }

  /// What a cell is compared with; `nil` where no baseline was measured.
  package func baseline(of cell: Cell) -> CellSummary? {
    let candidates = cells(StudyDescription.baselineStrategy, cell.saving).filter { isBaseline($0.cell) }
    return candidates.first { $0.cell.size == cell.size && Self.tasks($0.cell) == Self.tasks(cell) }
      ?? candidates.min { Self.work($0.cell) < Self.work($1.cell) }
  }

  /// Seconds that the baseline needs for the work of the cell: measured, or scaled.
  package func baselineSeconds(of cell: Cell) -> Double? {
    baseline(of: cell).map { $0.wallSeconds.median * Self.work(cell) / Self.work($0.cell) }
  }

  /// How many times the baseline's pace; `nil` without a baseline.
  package func speedup(_ summary: CellSummary) -> Double? {
    baselineSeconds(of: summary.cell).map { $0 / summary.wallSeconds.median }
  }

  /// Speedup over ranks.
  package func efficiency(_ summary: CellSummary) -> Double? {
    speedup(summary).map { $0 / Double(summary.cell.ranks) }
  }

  /// The baseline's time shared evenly.
  package func idealSeconds(_ cell: Cell) -> Double? { baselineSeconds(of: cell).map { $0 / Double(cell.ranks) } }

  /// For the fits of a strategy.
  /// - Parameter maxRanks: the cells with more ranks are left out; `nil`: none are.
  package func bootstrap(_ strategy: String, _ saving: Saving, maxRanks: Int?) -> Bootstrap? {
    let chosen = cells(strategy, saving).filter { $0.cell.ranks <= maxRanks ?? .max }
    guard let first = chosen.first, let baseline = baseline(of: first.cell) else { return nil }
    return Bootstrap(
      baseline: baseline.rows.map { $0.measurement.wallSeconds / Self.work(baseline.cell) },
      cells: chosen.map { summary in
        let seconds = summary.rows.map { $0.measurement.wallSeconds / Self.work(summary.cell) }
        return Bootstrap.Sample(ranks: summary.cell.ranks, seconds: seconds)
      })
  }

  /// The size that the work of a cell is measured in.
  package static func work(_ cell: Cell) -> Double { max(1, pixels(cell)) * Double(max(1, tasks(cell))) }

  /// Pixels of one image; 1 where images are as they are.
  package static func pixels(_ cell: Cell) -> Double {
    cell.size == .asTheyAre ? 1 : Double(cell.widthPixels * cell.heightPixels)
  }

  static func tasks(_ cell: Cell) -> Int { cell.images * cell.copies }

  private static func isBefore(_ left: CellSummary, _ right: CellSummary) -> Bool {
    (left.cell.ranks, work(left.cell)) < (right.cell.ranks, work(right.cell))
  }
}

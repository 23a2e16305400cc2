/// How time falls as ranks are added: the table of a strong or a weak study for one kind of saving.
///
/// With T the median time, p the ranks and w the pixels of a cell divided by those of the baseline (1 in a strong study):
/// the ideal time is w · T(1) / p, the speedup w · T(1) / T(p), the efficiency speedup / p. T(1) is `sequential` on one
/// rank, on the images of the fewest ranks.
public struct ScalingTable: Sendable {
  /// One strategy on so many ranks.
  public struct Entry: Sendable {
    /// The measured cell.
    public let summary: CellSummary
    /// The time that the baseline divided by the ranks would take; `nil` without a baseline.
    public let idealSeconds: Double?
    /// `nil` without a baseline.
    public let speedup: Double?
    /// `nil` without a baseline.
    public let efficiency: Double?
    /// Whether some ranks had to share a core.
    public let isOversubscribed: Bool

    /// "64*" where ranks shared cores, else "64".
    public var ranksText: String { "\(summary.cell.ranks)\(isOversubscribed ? "*" : "")" }
  }

  /// Whether copies were saved in these cells.
  public let saving: Saving
  /// Strategies in the order in which they were first run, without the baseline.
  public let strategies: [String]
  /// The baseline; `nil` if it has not been measured.
  public let baseline: CellSummary?
  /// By ranks, then in the order of `strategies`.
  public let entries: [Entry]

  /// The table of those cells of a study that have the given saving; `nil` if there are none.
  public init?(_ study: Study, saving: Saving) {
    let summaries = study.summaries.filter { $0.cell.saving == saving }
    guard !summaries.isEmpty else { return nil }
    let baseline = summaries.first { $0.cell.isBaseline }
    (self.saving, self.baseline) = (saving, baseline)
    let others = summaries.filter { !$0.cell.isBaseline }
    let names = study.description.cells.map(\.strategy) + others.map(\.cell.strategy)
    strategies = names.reduce(into: []) { known, name in
      let isMeasured = others.contains { $0.cell.strategy == name }
      if isMeasured && !known.contains(name) { known.append(name) }
    }
    let order = strategies
    entries =
      others
      .sorted {
        ($0.cell.ranks, order.firstIndex(of: $0.cell.strategy) ?? 0) < (
          $1.cell.ranks, order.firstIndex(of: $1.cell.strategy) ?? 0
        )
      }
      .map { Entry($0, baseline, cores: study.description.cores) }
  }

  /// Numbers of ranks, ascending.
  public var ranks: [Int] { Set(entries.map(\.summary.cell.ranks)).sorted() }

  /// The entry of a strategy on so many ranks; `nil` if it was not measured.
  public func entry(_ strategy: String, ranks: Int) -> Entry? {
    entries.first { $0.summary.cell.strategy == strategy && $0.summary.cell.ranks == ranks }
  }
}

extension ScalingTable.Entry {
  fileprivate init(_ summary: CellSummary, _ baseline: CellSummary?, cores: Int) {
    self.summary = summary
    isOversubscribed = summary.cell.ranks > cores
    guard let baseline, summary.wallSeconds.median > 0 else {
      (idealSeconds, speedup, efficiency) = (nil, nil, nil)
      return
    }
    let ranks = Double(summary.cell.ranks)
    let work = summary.cell.work(besides: baseline.cell)
    let sequentialSeconds = work * baseline.wallSeconds.median
    idealSeconds = sequentialSeconds / ranks
    speedup = sequentialSeconds / summary.wallSeconds.median
    efficiency = sequentialSeconds / summary.wallSeconds.median / ranks
  }
}

extension Cell {
  /// Whether it is what others are compared with: one process that does one task after another.
  public var isBaseline: Bool { strategy == StudyDescription.baselineStrategy && ranks == 1 }

  /// Pixels to be made, as a multiple of those of another cell; 1 where sizes are not known.
  public func work(besides other: Cell) -> Double {
    let pixels = Double(max(1, widthPixels * heightPixels) * images * copies)
    return pixels / Double(max(1, other.widthPixels * other.heightPixels) * other.images * other.copies)
  }
}

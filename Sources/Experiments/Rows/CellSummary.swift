public import Strategies

/// The median of a few numbers, and how far they lie apart.
public struct Spread: Hashable, Sendable {
  /// The number in the middle, or the mean of the two there.
  public let median: Double
  /// The smallest.
  public let min: Double
  /// The largest.
  public let max: Double

  /// The spread of at least one number.
  public init(_ values: [Double]) {
    precondition(!values.isEmpty, "a median needs a number")
    let sorted = values.sorted()
    let middle = sorted.count / 2
    median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    (min, max) = (sorted[0], sorted[sorted.count - 1])
  }

  /// Whether the two ranges have a number in common, so that a difference of the medians may be chance.
  public func overlaps(_ other: Spread) -> Bool { min <= other.max && other.min <= max }
}

/// All repetitions of one cell.
public struct CellSummary: Sendable {
  /// The cell.
  public let cell: Cell
  /// Its rows, at least one, by repetition.
  public let rows: [StudyRow]

  /// Processes that augment.
  public var workers: Int { rows[0].workers }
  /// Processes that only save.
  public var savers: Int { rows[0].savers }
  /// Seconds from begin to end.
  public var wallSeconds: Spread { spread { $0.wallSeconds } }
  /// Copies made in a second of the median time.
  public var copiesPerSecond: Double {
    let seconds = wallSeconds.median
    return seconds > 0 ? Double(cell.images * cell.copies) / seconds : 0
  }

  /// The spread of any number that is measured.
  public func spread(_ value: (CellMeasurement) -> Double) -> Spread { Spread(rows.map { value($0.measurement) }) }

  /// Median seconds of a stage, of all ranks together.
  public func stageSeconds(_ stage: Stage) -> Double { spread { $0.stages[stage] }.median }

  /// One summary per cell, in the order in which the cells first appear.
  public static func summaries(of rows: [StudyRow]) -> [CellSummary] {
    var order: [Cell] = []
    var rowsByCell: [Cell: [StudyRow]] = [:]
    for row in rows {
      if rowsByCell[row.cell] == nil { order.append(row.cell) }
      rowsByCell[row.cell, default: []].append(row)
    }
    return order.compactMap { cell in
      rowsByCell[cell].map { CellSummary(cell: cell, rows: $0.sorted { $0.repetition < $1.repetition }) }
    }
  }
}

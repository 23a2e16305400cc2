/// One line of `runs.csv`: one repetition of one cell.
public struct StudyRow: Hashable, Sendable {
  /// What was measured.
  public var cell: Cell
  /// Processes that augment.
  public var workers: Int
  /// Processes that only save.
  public var savers: Int
  /// Number of the repetition, from 1.
  public var repetition: Int
  /// The numbers.
  public var measurement: CellMeasurement

  /// A row of the given parts.
  public init(cell: Cell, workers: Int, savers: Int, repetition: Int, measurement: CellMeasurement) {
    (self.cell, self.workers, self.savers) = (cell, workers, savers)
    (self.repetition, self.measurement) = (repetition, measurement)
  }
}

extension StudyRow {
  private static let cellColumns = [
    "job", "strategy", "ranks", "workers", "savers", "saving", "widthPixels", "heightPixels", "images", "copies",
    "repetition",
  ]

  /// The first line of `runs.csv`, without its end.
  public static let header = (cellColumns + CellMeasurement.columns).joined(separator: ",")

  /// The row as a line without its end.
  public var line: String {
    let numbers = [cell.widthPixels, cell.heightPixels, cell.images, cell.copies, repetition].map(String.init)
    let fields =
      [CSV.cell(cell.job), CSV.cell(cell.strategy)] + [cell.ranks, workers, savers].map(String.init)
      + [cell.saving.rawValue] + numbers + measurement.fields
    return fields.joined(separator: ",")
  }

  /// Reads a line; `nil` if it is no whole row.
  public init?(line: some StringProtocol) {
    guard let fields = CSV.fields(String(line)) else { return nil }
    let cellCount = Self.cellColumns.count
    guard fields.count == cellCount + CellMeasurement.columns.count, let saving = Saving(rawValue: fields[5]),
      let measurement = CellMeasurement(fields: fields[cellCount...])
    else { return nil }
    let numbers = (fields[2...4] + fields[6...10]).compactMap { Int($0) }
    guard numbers.count == 8, numbers.allSatisfy({ $0 >= 0 }), numbers[0] >= 1, numbers[7] >= 1 else { return nil }
    let cell = Cell(
      job: fields[0], strategy: fields[1], ranks: numbers[0], saving: saving,
      size: ImageSize(width: numbers[3], height: numbers[4]), images: numbers[5], copies: numbers[6])
    self.init(
      cell: cell, workers: numbers[1], savers: numbers[2], repetition: numbers[7], measurement: measurement)
  }
}

/// What a simulation says of a cell, beside what was measured of it, if it was.
package struct PredictedCell: Hashable, Sendable {
  /// The cell.
  package var cell: Cell
  /// Cores of the simulated machine.
  package var cores: Int
  /// Median; `nil` where the cell was not measured on such a machine.
  package var measuredSeconds: Double?
  /// With the contention between cores that was measured.
  package var simulatedSeconds: Double
  /// As if cores had nothing in common.
  package var simulatedSecondsWithoutContention: Double
  /// The measured baseline, scaled to the work, over the simulated seconds.
  package var simulatedSpeedup: Double

  /// Simulated over measured time, less 1.
  package var error: Double? { measuredSeconds.map { simulatedSeconds / $0 - 1 } }
}

extension PredictedCell {
  /// The first line of `prediction.csv`.
  package static let header = [
    "kind", "job", "strategy", "ranks", "saving", "widthPixels", "heightPixels", "images", "copies", "cores",
    "measuredSeconds", "simulatedSeconds", "simulatedSecondsWithoutContention", "simulatedSpeedup", "errorPercent",
  ].joined(separator: ",")

  /// The cell as a line of `prediction.csv`.
  package var line: String {
    let numbers = [cell.widthPixels, cell.heightPixels, cell.images, cell.copies, cores].map(String.init)
    let times = [simulatedSeconds, simulatedSecondsWithoutContention, simulatedSpeedup].map { Number.fixed($0, 6) }
    let fields =
      [measuredSeconds == nil ? "prediction" : "validation", CSV.cell(cell.job), CSV.cell(cell.strategy)]
      + [String(cell.ranks), cell.saving.rawValue] + numbers
      + [measuredSeconds.map { Number.fixed($0, 6) } ?? ""] + times + [error.map { Number.fixed(100 * $0, 2) } ?? ""]
    return fields.joined(separator: ",")
  }

  /// Reads a line; `nil` if it is none of a prediction.
  package init?(line: some StringProtocol) {
    guard let fields = CSV.fields(String(line)), fields.count == 15, let saving = Saving(rawValue: fields[4]) else {
      return nil
    }
    let counts = ([fields[3]] + fields[5...9]).compactMap { Int($0) }
    let times = fields[11...13].compactMap { Double($0) }
    guard counts.count == 6, counts.allSatisfy({ (0...1_000_000_000).contains($0) }), counts[0] >= 1, counts[5] >= 1,
      times.count == 3, times.allSatisfy({ $0 > 0 && $0 < 1e12 })
    else { return nil }
    let measured = Double(fields[10])
    guard fields[0] == (measured == nil ? "prediction" : "validation"), measured.map({ $0 > 0 && $0 < 1e12 }) ?? true
    else { return nil }
    let cell = Cell(
      job: fields[1], strategy: fields[2], ranks: counts[0], saving: saving,
      size: ImageSize(width: counts[1], height: counts[2]), images: counts[3], copies: counts[4])
    self.init(
      cell: cell, cores: counts[5], measuredSeconds: measured, simulatedSeconds: times[0],
      simulatedSecondsWithoutContention: times[1], simulatedSpeedup: times[2])
  }
}

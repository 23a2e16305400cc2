import Experiments
import Foundation
import Imaging
import Strategies

/// A run that was never measured: times by a rule, for pages and simulations.
struct MadeUpStudy {
  var kind = StudyDescription.Kind.strong
  var ranks = [1, 2, 4, 8]
  var savings: [Saving] = [.on, .off]
  var strategies = ["main-reads", "worker-reads", "savers", "adaptive"]
  var repetitions = 3
  /// Share by which a second core at work makes everything slower.
  var contention = 0.0
  /// Processor time that each rank beside the baseline takes to start.
  var startSeconds = 0.0
  /// The name of the job, which comes from a file.
  var job = "augment"

  static let costs: [Stage: Double] = [.transform: 0.02, .encode: 0.005, .write: 0.001]
  static let imageCosts: [Stage: Double] = [.read: 0.0005, .decode: 0.008]

  var study: Study {
    let rows = (1...repetitions).flatMap { repetition in cells.map { row($0, repetition) } }
    var description = HandMade.description(kind, cells)
    (description.repetitions, description.complete) = (repetitions, true)
    return Study(folder: "run", description: description, machine: nil, command: "augment-cli strong\n", rows: rows)
  }

  /// Leaves the files of a run in a folder.
  func write(to folder: RunFolder) throws {
    let lines = [StudyRow.header] + study.rows.map(\.line)
    try HandMade.write(lines.map { "\($0)\n" }.joined(), to: folder.file(RunFolder.rowsName))
    let description = try JSONEncoder().encode(study.description)
    try description.write(to: URL(filePath: folder.file(RunFolder.descriptionName)))
    try HandMade.write(study.command, to: folder.file(RunFolder.commandName))
  }

  private var cells: [Cell] {
    savings.flatMap { saving in
      ranks.flatMap { ranks -> [Cell] in
        let names = ranks == 1 ? ["sequential"] : strategies.filter { $0 != "savers" || saving == .on }
        return names.map { name in
          let width = kind == .weak ? 200 * ranks : 2000
          return Cell(
            job: job, strategy: name, ranks: ranks, saving: saving, size: ImageSize(width: width, height: 100),
            images: 4, copies: 20)
        }
      }
    }
  }

  private func row(_ cell: Cell, _ repetition: Int) -> StudyRow {
    let tasks = Double(cell.images * cell.copies)
    let size = kind == .weak ? Double(cell.widthPixels) / 200 : 1
    let cores = Double(min(cell.ranks, 2))
    let slowdown = 1 + contention * (cores - 1)
    var measurement = CellMeasurement()
    for (stage, seconds) in Self.costs where cell.saving == .on || stage == .transform {
      measurement.stages[stage] = seconds * tasks * size * slowdown
    }
    for (stage, seconds) in Self.imageCosts {
      measurement.stages[stage] = seconds * Double(cell.images) * size * slowdown
    }
    let busy = measurement.stages.total
    measurement.userSeconds = busy + (cell.strategy == "sequential" ? 0 : startSeconds * Double(cell.ranks))
    measurement.wallSeconds = busy / cores * (1 + 0.001 * Double(repetition))
    (measurement.writtenBytes, measurement.peakMemorySummedBytes) = (4_000_000, 50_000_000 * cell.ranks)
    let savers = cell.strategy == "savers" ? Savers.roles(.init(strategy: Savers.self, ranks: cell.ranks)).savers : 0
    return StudyRow(
      cell: cell, workers: cell.ranks - savers, savers: savers, repetition: repetition, measurement: measurement)
  }
}

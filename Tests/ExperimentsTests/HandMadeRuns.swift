import Jobs
import Experiments
import Foundation
import Imaging
import Strategies

/// Runs that were never measured, whose tables can be computed by hand.
enum HandMade {
  static func cell(
    _ strategy: String, _ ranks: Int, _ saving: Saving = .on, size: ImageSize = ImageSize(width: 200, height: 100)
  ) -> Cell {
    Cell(job: "augment", strategy: strategy, ranks: ranks, saving: saving, size: size, images: 2, copies: 5)
  }

  /// A row for each of the wall times.
  static func rows(_ cell: Cell, _ wallSeconds: [Double], stages: [Stage: Double] = [:]) -> [StudyRow] {
    wallSeconds.enumerated().map { index, seconds in
      var measurement = CellMeasurement()
      measurement.wallSeconds = seconds
      for (stage, seconds) in stages { measurement.stages[stage] = seconds }
      return StudyRow(
        cell: cell, workers: cell.ranks, savers: 0, repetition: index + 1, measurement: measurement)
    }
  }

  static func study(_ kind: StudyDescription.Kind, _ rows: [StudyRow]) -> Study {
    Study(folder: "run", description: description(kind, rows.map(\.cell)), machine: nil, command: "", rows: rows)
  }

  /// On a machine of two cores.
  static func description(_ kind: StudyDescription.Kind, _ cells: [Cell]) -> StudyDescription {
    let plan = StudyPlan(
      job: WorkloadCatalog.workload(of: Augment.self), steps: [], strategies: [], savings: [.on],
      work: (images: 2, copies: 5))
    var description = StudyDescription(
      kind, plan, pattern: .checkerboard, input: nil, method: .init(seed: 0, repetitions: 3, isCold: false))
    (description.cells, description.cores) = (cells, 2)
    return description
  }

  /// A folder that is removed after `use`.
  static func withFolder(_ use: (RunFolder) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    try use(RunFolder(folder.path(percentEncoded: false)))
  }

  static func write(_ text: String, to path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }
}

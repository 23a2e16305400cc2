import Foundation
import Imaging
import Jobs
import Scenes
import Strategies
import Studies

/// Synthetic runs: with given rows, whose tables can be computed by hand, or with times from a formula, for pages and
/// simulations.
struct MadeUpStudy {
  var kind = StudyDescription.Kind.strong
  var ranks = [1, 2, 4, 8]
  var savings: [Saving] = [.on, .off]
  var strategies = StrategyCatalog.strategies(for: Augment.self).map { $0.name }.filter { $0 != Sequential.name }
  var repetitions = 3
  /// Share by which a second busy core slows everything.
  var contention = 0.0
  /// Processor time that each rank except the baseline takes to start.
  var startSeconds = 0.0
  /// The name of the job, as read from a file.
  var job = "augment"

  static let costs: [Stage: Double] = [.transform: 0.02, .encode: 0.005, .write: 0.001]
  static let imageCosts: [Stage: Double] = [.read: 0.0005, .decode: 0.008]

  var study: Study {
    let rows = (1...repetitions).flatMap { repetition in configurations.map { row($0, repetition) } }
    var description = Self.description(kind, configurations)
    (description.repetitions, description.complete, description.job) = (repetitions, true, job)
    return Study(folder: "run", description: description, machine: nil, command: "augment-cli strong\n", rows: rows)
  }

  /// Writes the files of a run to a folder.
  func write(to folder: RunFolder) throws {
    try folder.write(StudyRow.text(study.rows), to: RunFolder.rowsName)
    let description = try JSONEncoder().encode(study.description)
    try folder.write(String(decoding: description, as: UTF8.self), to: RunFolder.descriptionName)
    try folder.write(study.command, to: RunFolder.commandName)
  }

  private var configurations: [Configuration] {
    savings.flatMap { saving in
      ranks.flatMap { ranks -> [Configuration] in
        let names = ranks == 1 ? [Sequential.name] : strategies.filter { $0 != Savers.name || saving == .on }
        return names.map { name in
          let width = kind == .weak ? 200 * ranks : 2000
          return Configuration(
            job: job, strategy: name, ranks: ranks, saving: saving, size: ImageSize(width: width, height: 100),
            images: 4, copies: 20)
        }
      }
    }
  }

  private func row(_ configuration: Configuration, _ repetition: Int) -> StudyRow {
    let tasks = Double(configuration.images * configuration.copies)
    let size = kind == .weak ? Double(configuration.widthPixels) / 200 : 1
    let cores = Double(min(configuration.ranks, 2))
    let slowdown = 1 + contention * (cores - 1)
    var measurement = Measurement()
    for (stage, seconds) in Self.costs where configuration.saving == .on || stage == .transform {
      measurement.stages[stage] = seconds * tasks * size * slowdown
    }
    for (stage, seconds) in Self.imageCosts {
      measurement.stages[stage] = seconds * Double(configuration.images) * size * slowdown
    }
    let busy = measurement.stages.total
    measurement.userSeconds =
      busy + (configuration.strategy == Sequential.name ? 0 : startSeconds * Double(configuration.ranks))
    measurement.wallSeconds = busy / cores * (1 + 0.001 * Double(repetition))
    (measurement.writtenBytes, measurement.peakMemorySummedBytes) = (4_000_000, 50_000_000 * configuration.ranks)
    let savers =
      configuration.strategy == Savers.name
      ? Savers.roles(.init(strategy: Savers.self, ranks: configuration.ranks)).savers : 0
    return StudyRow(
      configuration: configuration, workers: configuration.ranks - savers, savers: savers, repetition: repetition,
      measurement: measurement)
  }
}

/// Runs with given rows.
extension MadeUpStudy {
  static func configuration(
    _ strategy: String, _ ranks: Int, _ saving: Saving = .on, size: ImageSize = ImageSize(width: 200, height: 100)
  ) -> Configuration {
    Configuration(job: "augment", strategy: strategy, ranks: ranks, saving: saving, size: size, images: 2, copies: 5)
  }

  /// One row per wall time.
  static func rows(
    _ configuration: Configuration, _ wallSeconds: [Double], stages: [Stage: Double] = [:]
  ) -> [StudyRow] {
    wallSeconds.enumerated().map { index, seconds in
      var measurement = Measurement()
      measurement.wallSeconds = seconds
      for (stage, seconds) in stages { measurement.stages[stage] = seconds }
      return StudyRow(
        configuration: configuration, workers: configuration.ranks, savers: 0, repetition: index + 1,
        measurement: measurement)
    }
  }

  static func study(_ kind: StudyDescription.Kind, _ rows: [StudyRow]) -> Study {
    Study(
      folder: "run", description: description(kind, rows.map(\.configuration)), machine: nil, command: "", rows: rows)
  }

  /// On a machine with two cores.
  static func description(_ kind: StudyDescription.Kind, _ configurations: [Configuration]) -> StudyDescription {
    let plan = StudyPlan(
      job: WorkloadCatalog.workload(of: Augment.self), steps: [], strategies: [], savings: [.on],
      work: (images: 2, copies: 5))
    var description = StudyDescription(
      kind, plan, pattern: .checkerboard, input: nil, method: .init(seed: 0, repetitions: 3, isCold: false))
    (description.cells, description.cores) = (configurations, 2)
    return description
  }
}

extension RunFolder {
  /// A folder that is removed after `use`.
  static func temporary(_ use: (RunFolder) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    try use(RunFolder(folder.path(percentEncoded: false)))
  }

  func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: URL(filePath: file(name))) }
}

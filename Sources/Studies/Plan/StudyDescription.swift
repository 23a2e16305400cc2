package import Imaging
internal import OrderedCollections
package import ProcPool
internal import Strategies

/// The content of `study.json`: what a study measures, and whether it is complete.
package struct StudyDescription: Hashable, Codable, Sendable {
  /// The kind of study.
  package enum Kind: String, Codable, Sendable {
    /// Strong scaling: the same work on more and more ranks.
    case strong
    /// Weak scaling: work that grows with the ranks.
    case weak
    /// The same cells with and without saving.
    case compare
  }

  package var study: Kind
  /// Name of the job.
  package var job: String
  /// Plural noun for the job's outputs; `nil` in runs from before there was a second job.
  package var unit: String?
  /// Pattern of the generated images; `nil` if a folder was given.
  package var pattern: String?
  /// The folder of images; `nil` if they were generated.
  package var input: String?
  /// Seed of all draws.
  package var seed: UInt64
  /// Measurements of each cell.
  package var repetitions: Int
  /// Whether images were dropped from the page cache before each cell.
  package var cold: Bool
  /// Limit on the combined write rate of all ranks, in MB/s; `nil` for no limit.
  package var writeMegabytesPerSecond: Double?
  /// CPUs on which the ranks might run; `nil` for any.
  package var placement: Placement?
  /// Tasks per message to a rank; `nil`: as many as the strategy chooses.
  package var chunkSize: Int?
  /// The dataset of the original study that the images stand for.
  package var dataset: StudyDataset?
  /// The pipeline of the job; `nil`: its usual one.
  package var preset: PipelinePreset?
  /// Number of images in `input`, if only the first of them are used.
  package var inputImages: Int?
  /// Idle seconds before each cell, for the processor to cool down.
  package var pauseSeconds: Double?
  /// All cells, in the order in which a repetition runs them.
  package var cells: [Configuration]
  /// Cores available to the study.
  package var cores: Int
  /// Rank counts above the number of cores.
  package var oversubscribed: [Int]
  /// State of the page cache during the measurement, as a sentence.
  package var pageCache: String
  /// Start time, UTC.
  package var beginTime: String
  /// Time at which it ended or was stopped, UTC; `nil` while it runs and if it was killed.
  package var endTime: String?
  /// Whether every cell has all its repetitions.
  package var complete: Bool

  /// The strategy of the baseline, which runs on one rank.
  package static let baselineStrategy = Sequential.name

  private enum CodingKeys: String, CodingKey {
    case study, job, unit, pattern, input, seed, repetitions, cold
    /// The name in the files of earlier runs.
    case writeMegabytesPerSecond = "writeBandwidthMegabytesPerSecond"
    case placement, chunkSize, dataset, preset, inputImages, pauseSeconds, cells, cores, oversubscribed, pageCache,
      beginTime, endTime, complete
  }
}

extension StudyDescription {
  /// Plural noun for the job's outputs, in tables and captions.
  package var products: String { unit ?? "copies" }

  /// "10 images, 100 copies of each", or only the images if each has one output.
  package func work(of configuration: Configuration, images: String = "images") -> String {
    let each = "\(configuration.images) \(images)"
    let all = configuration.copies == 1 ? each : "\(each), \(configuration.copies) \(products) of each"
    return dataset.map { "\(all) (\($0.text(images: configuration.images)))" } ?? all
  }
}

extension StudyDescription {
  /// The first difference between what a stored study and this one measure, as a clause; `nil` if there is none.
  package func difference(from kept: StudyDescription) -> String? {
    for (name, text) in Self.settings where text(kept) != text(self) {
      return "its \(name) is \(text(kept)) and not \(text(self))"
    }
    return cells == kept.cells ? nil : "its cells differ"
  }

  /// What all runs of a plan have in common. The lists from the cells come last, because a setting may change them: the
  /// setting is the difference to name.
  private static var settings: [(name: String, text: (StudyDescription) -> String)] {
    [
      ("study", { $0.study.rawValue }), ("job", { $0.job }), ("input", { $0.input ?? "generated images" }),
      ("pattern", { $0.pattern ?? "none" }), ("seed", { "\($0.seed)" }),
      ("number of repetitions", { "\($0.repetitions)" }),
      ("state of the page cache", { $0.cold ? "cold" : "warm" }),
      ("write bandwidth", { $0.writeMegabytesPerSecond.map { "\($0) MB/s" } ?? "that of the disk" }),
      ("placement", { ($0.placement ?? .none).name ?? "lists" }),
      ("dataset", { $0.dataset?.rawValue ?? "none" }), ("preset", { $0.preset?.rawValue ?? "none" }),
      ("pause before each cell", { "\($0.pauseSeconds ?? 0) s" }),
      ("batch", { $0.chunkSize.map { "\($0)" } ?? "that of each strategy" }),
      ("number of cores", { "\($0.cores)" }),
      ("list of strategies", list { $0.strategy }), ("list of ranks", list { "\($0.ranks)" }),
      ("list of sizes", list { $0.size.description }), ("saving", list { $0.saving.rawValue }),
      ("number of images", list { "\($0.images)" }), ("number of copies", list { "\($0.copies)" }),
    ]
  }

  /// The distinct values of all cells.
  private static func list(_ value: @escaping (Configuration) -> String) -> (StudyDescription) -> String {
    { study in OrderedSet(study.cells.map(value)).joined(separator: ", ") }
  }
}

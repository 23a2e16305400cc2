internal import ArgumentParser
internal import Imaging
internal import Jobs
internal import ProcPool
internal import Scenes
internal import Strategies
internal import Studies

/// Options that `strong`, `weak` and `compare` share.
struct StudyOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Number of generated images. (default: 10)", valueName: "n"))
  var images: Int?

  @Option(help: ArgumentHelp("Copies of each image. (default: 100, or 1 if the job makes only one)", valueName: "n"))
  var copies: Int?

  @Option(
    help: ArgumentHelp(
      "Strategies, separated by commas; sequential on one rank always runs. (default: all that the job has)",
      valueName: "names"))
  var strategies: String?

  @Option(
    name: [.customLong("batch"), .customLong("chunk-size")],
    help: ArgumentHelp(
      "Tasks per message to a rank, in strategies whose ranks read the images. (default: the copies of one image)",
      valueName: "n"))
  var batch: Int?

  @Option(help: ArgumentHelp("Measure each cell this many times.", valueName: "n"))
  var repetitions = 3

  @Option(help: ArgumentHelp("Content of generated images. (default: checkerboard)", valueName: "name"))
  var pattern: SceneGenerator.Pattern?

  @Option(help: ArgumentHelp("Job to measure.", valueName: "name"))
  var job = WorkloadName.augment

  @Option(help: ArgumentHelp("Seed of all random draws.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "Folder for the results. (default: results/<date>-<machine>-<commit>/<study>)", valueName: "folder"),
    completion: .directory)
  var output: String?

  @Flag(help: "Continue the run in the output folder.")
  var resume = false

  @Option(help: ArgumentHelp("Pin ranks to processors: not at all, neighbours first, or far apart.", valueName: "name"))
  var placement = Placement.none

  @Option(
    help: ArgumentHelp(
      "Limit all ranks together to this write rate, like a slow disk. (default: no limit)", valueName: "MB/s"))
  var writeBandwidth: Bandwidth?

  @Flag(help: "Drop the images, and if permitted everything else, from the page cache before each cell.")
  var cold = false

  @Option(help: ArgumentHelp("Abandon a cell after this many seconds.", valueName: "s"))
  var cellTimeout = 3600.0

  @Option(
    help: ArgumentHelp("Do nothing for this long before each cell, so that the processor cools down.", valueName: "s"))
  var pause = 0.0

  @Flag(help: "Start at once, even if the machine is busy; otherwise wait up to 180 s.")
  var noWait = false

  @Flag(help: "Print only errors: no progress, no table.")
  var quiet = false

  func validate() throws {
    try require((1...100_000).contains(images ?? 1), "--images must lie between 1 and 100000")
    try require(copies.map { (1...100_000).contains($0) } ?? true, "--copies must lie between 1 and 100000")
    try require(
      job.type.copies(copies) != nil, "--copies: \(job.type.name) does not make \(copies ?? 0) copies of an image")
    try require(batch.map { $0 >= 1 } ?? true, "--batch must be at least 1")
    try require((1...1000).contains(repetitions), "--repetitions must lie between 1 and 1000")
    try require(cellTimeout > 0 && cellTimeout <= 1e6, "--cell-timeout must lie between 0 and 1000000 seconds")
    try require((0...3600).contains(pause), "--pause must lie between 0 and 3600 seconds")
    try require(output != "", "--output is empty; name a folder")
    _ = try chosenStrategies()
  }

  /// Names given by `--strategies`, or all that the job has.
  /// - Throws: a `ValidationError` for an unknown name.
  func chosenStrategies() throws -> [String] {
    let known = job.type.ways.map(\.name)
    guard let strategies else { return known }
    let names = strategies.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    for name in names where !known.contains(name) {
      throw ValidationError("--strategies: unknown '\(name)'; the strategies are \(known.joined(separator: ", "))")
    }
    return names
  }
}

/// The name of a workload in the catalogue.
struct WorkloadName: ExpressibleByArgument, CustomStringConvertible {
  let type: any Workload.Type

  static var augment: WorkloadName { WorkloadName(type: WorkloadCatalog.workload(of: Augment.self)) }
  static var allValueStrings: [String] { WorkloadCatalog.all.map { $0.name } }

  private init(type: any Workload.Type) { self.type = type }

  init?(argument: String) {
    guard let type = WorkloadCatalog.type(named: argument) else { return nil }
    self.type = type
  }

  var description: String { type.name }
  var defaultValueDescription: String { type.name }
}

/// A value of `--saving`.
enum SavingChoice: String, CaseIterable, ExpressibleByArgument {
  case on, off, both

  var savings: [Saving] {
    switch self {
    case .on: [.on]
    case .off: [.off]
    case .both: [.on, .off]
    }
  }
}

extension RankList {
  /// Parses the value of `--ranks`, or of an option with other numbers.
  static func option(_ text: String, _ name: String = "--ranks", of noun: String = "ranks") throws -> RankList {
    do throws(RankList.Invalid) {
      return try RankList(text, of: noun)
    } catch {
      throw ValidationError("\(name): \(error)")
    }
  }
}

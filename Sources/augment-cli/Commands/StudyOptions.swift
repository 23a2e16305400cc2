internal import ArgumentParser
internal import Imaging
internal import Jobs
internal import ProcPool
internal import Strategies
internal import Studies

/// What strong, weak and compare have in common.
struct StudyOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How many images.", valueName: "n"))
  var images = 10

  @Option(help: ArgumentHelp("Copies of each image. (default: 100 where the job makes several)", valueName: "n"))
  var copies: Int?

  @Option(
    help: ArgumentHelp(
      "Strategies, with commas between them. (default: all; sequential on one rank is run in any case)",
      valueName: "names"))
  var strategies: String?

  @Option(help: ArgumentHelp("How often each cell is measured.", valueName: "n"))
  var repetitions = 3

  @Option(help: ArgumentHelp("What generated images show.", valueName: "name"))
  var pattern = SceneGenerator.Pattern.checkerboard

  @Option(help: ArgumentHelp("What is done to the images.", valueName: "name"))
  var job = WorkloadName.augment

  @Option(help: ArgumentHelp("Number that decides every draw.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "Folder for the rows. (default: results/<date>-<machine>-<commit>/<study>)", valueName: "folder"),
    completion: .directory)
  var output: String?

  @Flag(help: "Go on with the run that OUTPUT holds.")
  var resume = false

  @Option(help: ArgumentHelp("Which processors the ranks run on.", valueName: "name"))
  var placement = Placement.none

  @Option(help: ArgumentHelp("Write no faster than this, all ranks together, as a slow disk.", valueName: "MB/s"))
  var writeBandwidth: Bandwidth?

  @Flag(help: "Drop from the page cache what may be dropped, before each cell.")
  var cold = false

  @Option(help: ArgumentHelp("Seconds after which a cell is given up.", valueName: "s"))
  var cellTimeout = 3600.0

  @Flag(help: "Begin at once, even if others keep the machine busy.")
  var noWait = false

  @Flag(help: "No progress and no table; only what went wrong.")
  var quiet = false

  func validate() throws {
    try require((1...100_000).contains(images), "--images must lie between 1 and 100000")
    try require(copies.map { (1...100_000).contains($0) } ?? true, "--copies must lie between 1 and 100000")
    try require(
      job.type.copies(copies) != nil, "--copies: \(job.type.name) does not make \(copies ?? 0) copies of an image")
    try require((1...1000).contains(repetitions), "--repetitions must lie between 1 and 1000")
    try require(cellTimeout > 0 && cellTimeout <= 1e6, "--cell-timeout must lie between 0 and 1000000 seconds")
    try require(output != "", "--output names no folder")
    _ = try chosenStrategies()
  }

  /// Names of the strategies that are asked for.
  func chosenStrategies() throws -> [String] {
    let known = job.type.ways.map(\.name)
    guard let strategies else { return known }
    let names = strategies.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    for name in names where !known.contains(name) {
      throw ValidationError("--strategies: there is no '\(name)'; there are \(known.joined(separator: ", "))")
    }
    return names
  }
}

/// The name of a job that studies measure.
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

/// What `--saving` may be.
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
  /// What `--ranks` says.
  static func option(_ text: String) throws -> RankList {
    do throws(RankList.Invalid) {
      return try RankList(text)
    } catch {
      throw ValidationError("--ranks: \(error)")
    }
  }
}

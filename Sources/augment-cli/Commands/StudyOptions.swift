internal import ArgumentParser
internal import Experiments
internal import Imaging
internal import Strategies

/// What strong, weak and compare have in common.
struct StudyOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How many images.", valueName: "n"))
  var images = 10

  @Option(help: ArgumentHelp("Copies of each image.", valueName: "n"))
  var copies = 100

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
  var job = JobName.augment

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
  var placement = RankPlacement.none

  @Option(help: ArgumentHelp("Write no faster than this, all ranks together, as a slow disk.", valueName: "MB/s"))
  var writeBandwidth: Double?

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
    try require((1...100_000).contains(copies), "--copies must lie between 1 and 100000")
    try require((1...1000).contains(repetitions), "--repetitions must lie between 1 and 1000")
    try require(cellTimeout > 0 && cellTimeout <= 1e6, "--cell-timeout must lie between 0 and 1000000 seconds")
    try require(writeBandwidth.map { $0 > 0 && $0.isFinite } ?? true, "--write-bandwidth must be more than 0")
    try require(output != "", "--output names no folder")
    _ = try chosenStrategies()
  }

  /// Names of the strategies that are asked for.
  func chosenStrategies() throws -> [String] {
    let known = job.type.strategies.map(\.name)
    guard let strategies else { return known }
    let names = strategies.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    for name in names where !known.contains(name) {
      throw ValidationError("--strategies: there is no '\(name)'; there are \(known.joined(separator: ", "))")
    }
    return names
  }

  private func require(_ condition: Bool, _ text: String) throws {
    if !condition { throw ValidationError(text) }
  }
}

/// The name of a job that there is.
struct JobName: ExpressibleByArgument, CustomStringConvertible {
  let type: any StudyJob.Type

  static var augment: JobName { JobName(type: AugmentStudyJob.self) }
  static var allValueStrings: [String] { JobCatalog.all.map { $0.name } }

  private init(type: any StudyJob.Type) { self.type = type }

  init?(argument: String) {
    guard let type = JobCatalog.type(named: argument) else { return nil }
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

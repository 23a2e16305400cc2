internal import ArgumentParser
internal import Imaging
internal import Platform
internal import Studies

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Measures the cost of saving, or compares two earlier runs.",
    discussion: """
      Without runs, every strategy runs with and without saving on the same images. The tables show what saving costs, \
      where the time goes (encode, write, wait), and which strategy hides it. The method is that of strong. With one \
      run, its tables are printed again; with two, the medians of the cells in both runs, and whether their ranges \
      overlap. With runs, it takes no options.
      """)

  @Argument(help: "Folders of earlier runs, at most two.", completion: .directory)
  var runs: [String] = []

  @Option(
    help: ArgumentHelp(
      "Numbers of ranks, as for strong. (default: 1, 2, the number of cores and twice that)", valueName: "list"))
  var ranks: String?

  @Option(help: ArgumentHelp("Width and height of generated images in pixels.", valueName: "WxH"))
  var size = ImageSize(width: 2000, height: 1000)

  @Option(
    help: ArgumentHelp("Folder of images to use instead of generated ones.", valueName: "folder"),
    completion: .directory)
  var input: String?

  @OptionGroup var options: StudyOptions

  func validate() throws {
    guard runs.count <= 2 else { throw ValidationError("compare takes at most two runs, not \(runs.count)") }
    if !runs.isEmpty, let option = Self.firstOption {
      throw ValidationError("compare takes no options with earlier runs: \(option) would have no effect")
    }
    if let ranks { _ = try RankList.option(ranks) }
  }

  func run() throws {
    switch runs.count {
    case 0: try SavingComparison(ranks: ranks, size: size, input: input, options: options).measure()
    case 1: try KeptRun(runs[0]).print()
    default: try KeptRunComparison(KeptRun(runs[0]), KeptRun(runs[1])).print()
    }
  }

  /// The first option on the command line. From the arguments, because a parsed value may be a default.
  private static var firstOption: Substring? {
    let arguments = Startup.arguments.prefix { $0 != "--" }
    return arguments.first { $0.hasPrefix("-") && $0 != "-" }?.prefix { $0 != "=" }
  }
}

/// `compare` with one run: prints the tables of that run.
struct KeptRun {
  let study: Study

  init(_ folder: String) throws(Failure) {
    study = try Failure.telling { try Study.load(folder) }
  }

  func print() throws(Failure) { try Terminal.print(study.text) }
}

/// `compare` with two runs: prints the configurations that occur in both side by side.
struct KeptRunComparison {
  private let comparison: RunComparison

  init(_ first: KeptRun, _ second: KeptRun) { comparison = RunComparison(first.study, second.study) }

  func print() throws(Failure) { try Terminal.print(comparison.text) }
}

/// `compare` without a run: measures every strategy with and without saving.
struct SavingComparison {
  let ranks: String?
  let size: ImageSize
  let input: String?
  let options: StudyOptions

  func measure() throws {
    let defaults = Set([1, 2, Cores.available, 2 * Cores.available]).sorted()
    let ranks = try ranks.map { try RankList.option($0).ranks } ?? defaults
    let size = input == nil ? size : .asTheyAre
    let steps = ranks.map { StudyPlan.Step(ranks: $0, size: size) }
    try StudySession(.compare, options, .init(steps: steps, savings: [.on, .off], input: input)).execute()
  }
}

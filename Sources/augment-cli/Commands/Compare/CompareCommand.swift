internal import ArgumentParser
internal import Imaging
internal import Platform
internal import Studies

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Measures what saving costs, or puts two kept runs side by side.",
    discussion: """
      Without a RUN, every strategy runs with and without saving on the same images: what saving costs, where that goes \
      (encode, write, wait), and which strategy hides it. The method is that of strong. With one RUN, the tables of that \
      run are printed again; with two, the medians of the cells that both have and whether their ranges overlap.
      """)

  @Argument(help: "Folders of kept runs; at most two.", completion: .directory)
  var runs: [String] = []

  @Option(
    help: ArgumentHelp(
      "Numbers of ranks, as for strong. (default: 1, 2, the cores, twice the cores)", valueName: "list"))
  var ranks: String?

  @Option(help: ArgumentHelp("Width and height of generated images.", valueName: "WxH"))
  var size = ImageSize(width: 2000, height: 1000)

  @Option(
    help: ArgumentHelp("Folder of images to work on, instead of generated ones.", valueName: "folder"),
    completion: .directory)
  var input: String?

  @OptionGroup var options: StudyOptions

  func validate() throws {
    guard runs.count <= 2 else { throw ValidationError("compare takes two runs at most, not \(runs.count)") }
    if let ranks { _ = try RankList.option(ranks) }
  }

  func run() throws {
    switch runs.count {
    case 0: try SavingComparison(ranks: ranks, size: size, input: input, options: options).measure()
    case 1: try KeptRun(runs[0]).print()
    default: try KeptRunComparison(KeptRun(runs[0]), KeptRun(runs[1])).print()
    }
  }
}

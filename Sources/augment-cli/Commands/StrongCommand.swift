internal import ArgumentParser
internal import Imaging
internal import Studies

struct StrongCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "strong", abstract: "Measures how the time of the same work falls as ranks are added.",
    discussion: """
      Every strategy works on the same images with every number of ranks; speedup is the time of sequential on one rank \
      divided by that of the strategy. Each cell runs in a fresh process, repetitions in turn (A B C A B C), after a \
      warm-up that is not counted; copies are removed between cells. More ranks than cores are allowed and marked. Rows \
      are kept as they come: a study that is stopped goes on with --resume. Images are generated unless --input names a \
      folder.
      """)

  @Option(help: ArgumentHelp("1,2,4 or 1..64, which doubles, or 1..8+1, which goes in steps.", valueName: "list"))
  var ranks: String

  @Option(help: ArgumentHelp("Width and height of generated images.", valueName: "WxH"))
  var size = ImageSize(width: 2000, height: 1000)

  @Option(help: ArgumentHelp("Whether copies are encoded and written.", valueName: "on|off|both"))
  var saving = SavingChoice.on

  @Option(
    help: ArgumentHelp("Folder of images to work on, instead of generated ones.", valueName: "folder"),
    completion: .directory)
  var input: String?

  @OptionGroup var options: StudyOptions

  func validate() throws { _ = try RankList.option(ranks) }

  func run() throws {
    let size = input == nil ? size : .asTheyAre
    let steps = try RankList.option(ranks).ranks.map { StudyPlan.Step(ranks: $0, size: size) }
    try StudySession(.strong, options, .init(steps: steps, savings: saving.savings, input: input)).execute()
  }
}

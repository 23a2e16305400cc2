internal import ArgumentParser
internal import Imaging
internal import Studies

struct StrongCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "strong", abstract: "Measures strong scaling: the time of the same work on more and more ranks.",
    discussion: """
      Every strategy works on the same images with every number of ranks. Speedup is the time of sequential on one \
      rank divided by the time of the strategy. Each cell (a strategy on a number of ranks) runs in a fresh process \
      after a warm-up that is not counted; repetitions are interleaved (A B C A B C), and copies are deleted between \
      cells. More ranks than cores are allowed and marked. Each row is saved as soon as it is measured, so --resume \
      continues a study that was stopped. Images are generated unless --input names a folder. If there is more than \
      one number of ranks, the last table tells the best one of each strategy.
      """)

  @Option(
    help: ArgumentHelp("Numbers of ranks: a list (1,2,4), doubling (1..64), or in steps (1..8+1).", valueName: "list"))
  var ranks: String

  @Option(help: ArgumentHelp("Width and height of generated images in pixels. (default: 2000x1000)", valueName: "WxH"))
  var size: ImageSize?

  @Option(help: ArgumentHelp("Encode and write the copies, skip that, or measure both.", valueName: "on|off|both"))
  var saving = SavingChoice.on

  @Option(
    help: ArgumentHelp("Folder of images to use instead of generated ones.", valueName: "folder"),
    completion: .directory)
  var input: String?

  @OptionGroup var dataset: DatasetOptions

  @OptionGroup var options: StudyOptions

  func validate() throws {
    _ = try RankList.option(ranks)
    try dataset.validate(beside: self)
  }

  func run() throws {
    let ownSize = size ?? (dataset.dataset == nil ? ImageSize(width: 2000, height: 1000) : DatasetOptions.imageSize)
    let size = input == nil ? ownSize : .asTheyAre
    let steps = try RankList.option(ranks).ranks.map { StudyPlan.Step(ranks: $0, size: size) }
    let work = StudySession.MeasuredWork(
      steps: steps, savings: saving.savings, input: input, dataset: dataset.part(images: options.images))
    try StudySession(.strong, options, work).execute()
  }
}

internal import ArgumentParser
internal import Imaging
internal import Studies

struct WeakCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weak", abstract: "Measures how time stays the same, or does not, as work grows with the ranks.",
    discussion: """
      Each number of ranks has images of its own size. The ideal time is that of sequential on the first size, times the \
      pixels, divided by the ranks. --sizes alone means 250x250 on 1 rank, 500x250 on 2, 500x500 on 4, 1000x500 on 8, \
      1000x1000 on 16, 2000x1000 on 32 and 2000x2000 on 64; a list of sizes needs as many --ranks. The method is that \
      of strong.
      """)

  @Option(
    name: .customLong("sizes"), defaultAsFlag: SizeList.reported,
    help: ArgumentHelp("Sizes of the images, such as 250x250,500x250; alone, seven sizes.", valueName: "list"))
  var sizes: SizeList?

  @Option(help: ArgumentHelp("Ranks for each of the sizes, such as 1,2.", valueName: "list"))
  var ranks: String?

  @Option(help: ArgumentHelp("Whether copies are encoded and written.", valueName: "on|off|both"))
  var saving = SavingChoice.on

  @OptionGroup var options: StudyOptions

  func validate() throws { _ = try steps() }

  func run() throws {
    try StudySession(.weak, options, .init(steps: steps(), savings: saving.savings, input: nil)).execute()
  }

  private func steps() throws -> [StudyPlan.Step] {
    guard let sizes else { throw ValidationError("--sizes is missing; alone it means seven sizes on 1 to 64 ranks") }
    guard let list = try sizes.sizes() else {
      guard ranks == nil else { throw ValidationError("--ranks needs a list of as many --sizes") }
      return StudyPlan.reportedWeakSteps
    }
    guard let ranks else { throw ValidationError("--ranks is missing: one number for each of the --sizes") }
    let numbers = try RankList.option(ranks).ranks
    guard numbers.count == list.count else {
      throw ValidationError("--sizes names \(list.count) and --ranks \(numbers.count): each size needs its ranks")
    }
    return zip(numbers, list).map { StudyPlan.Step(ranks: $0, size: $1) }
  }
}

/// Sizes with commas between them; no text where the option stands alone.
struct SizeList: ExpressibleByArgument, CustomStringConvertible {
  private let text: String?

  static let reported = SizeList(text: nil)

  private init(text: String?) { self.text = text }

  /// Any text, for one that is refused here would count as an option that stands alone.
  init(argument: String) { self.init(text: argument) }

  /// The sizes; `nil` for those of the report.
  func sizes() throws -> [ImageSize]? {
    try text?.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let size = ImageSize(String(part)) else {
        throw ValidationError("--sizes: '\(part)' is no size; write 250x250,500x250")
      }
      return size
    }
  }

  var description: String { text ?? "seven sizes on 1 to 64 ranks" }
}

internal import ArgumentParser
internal import Imaging
internal import Studies

struct WeakCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weak", abstract: "Measures weak scaling: the time of work that grows with the number of ranks.",
    discussion: """
      Each number of ranks works on images of a different size. The ideal time is that of sequential on the first \
      size, scaled by the pixels and divided by the ranks. --sizes without a list means 250x250 on 1 rank, 500x250 on \
      2, 500x500 on 4, 1000x500 on 8, 1000x1000 on 16, 2000x1000 on 32 and 2000x2000 on 64; a list of sizes needs a \
      list of as many --ranks. The method is that of strong.
      """)

  @Option(
    name: .customLong("sizes"), defaultAsFlag: SizeList.original,
    help: ArgumentHelp("Image sizes, such as 250x250,500x250; without a list, seven sizes.", valueName: "list"))
  var sizes: SizeList?

  @Option(help: ArgumentHelp("Number of ranks for each size, such as 1,2.", valueName: "list"))
  var ranks: String?

  @Option(help: ArgumentHelp("Encode and write the copies, skip that, or measure both.", valueName: "on|off|both"))
  var saving = SavingChoice.on

  @OptionGroup var options: StudyOptions

  func validate() throws { _ = try steps() }

  func run() throws {
    try StudySession(.weak, options, .init(steps: steps(), savings: saving.savings, input: nil)).execute()
  }

  private func steps() throws -> [StudyPlan.Step] {
    guard let sizes else { throw ValidationError("--sizes is missing; alone it means seven sizes on 1 to 64 ranks") }
    guard let list = try sizes.sizes() else {
      guard ranks == nil else { throw ValidationError("--ranks needs a list of --sizes of the same length") }
      return StudyPlan.originalWeakSteps
    }
    guard let ranks else { throw ValidationError("--ranks is missing: name one number for each of the --sizes") }
    let numbers = try RankList.option(ranks).ranks
    guard numbers.count == list.count else {
      throw ValidationError("--sizes has \(list.count) entries, --ranks \(numbers.count): they must match")
    }
    return zip(numbers, list).map { StudyPlan.Step(ranks: $0, size: $1) }
  }
}

/// The value of `--sizes`: sizes separated by commas, or no text if the option is given without a value.
struct SizeList: ExpressibleByArgument, CustomStringConvertible {
  private let text: String?

  static let original = SizeList(text: nil)

  private init(text: String?) { self.text = text }

  /// Accepts any text, because the parser takes a rejected one to mean that the option has no value.
  init(argument: String) { self.init(text: argument) }

  /// The sizes; `nil` stands for those of the original study.
  /// - Throws: a `ValidationError` for a text that is not a size.
  func sizes() throws -> [ImageSize]? {
    try text?.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let size = ImageSize(String(part)) else {
        throw ValidationError("--sizes: '\(part)' is not a size; write 250x250,500x250")
      }
      return size
    }
  }

  var description: String { text ?? "seven sizes on 1 to 64 ranks" }
}

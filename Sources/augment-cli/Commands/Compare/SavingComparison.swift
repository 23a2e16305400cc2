internal import Imaging
internal import Platform
internal import Studies

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

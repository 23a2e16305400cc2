import Imaging
import Jobs
import Strategies
import Studies
import Testing

/// The cells of a study, and whether two studies are the same.
struct StudyPlanTests {
  private let size = ImageSize(width: 200, height: 100)

  private func plan(_ ranks: [Int], savings: [Saving] = [.on]) -> StudyPlan {
    StudyPlan(
      job: WorkloadCatalog.workload(of: Augment.self), steps: ranks.map { StudyPlan.Step(ranks: $0, size: size) },
      strategies: WorkloadCatalog.workload(of: Augment.self).ways.map(\.name), savings: savings,
      work: (images: 2, copies: 5))
  }

  @Test func baselineComesFirstAndOnce() {
    let cells = plan([1, 2, 4]).cells
    #expect(cells[0] == MadeUpStudy.configuration("sequential", 1))
    #expect(cells.filter { $0.strategy == "sequential" }.count == 1)
    #expect(Set(cells).count == cells.count)
    #expect(cells.contains(MadeUpStudy.configuration("worker-reads", 4)))
  }

  @Test func cellsWithAndWithoutSavingFollowEachOther() {
    let cells = plan([2], savings: [.on, .off]).cells.filter { $0.strategy == "worker-reads" }
    #expect(cells.map(\.saving) == [.on, .off])
  }

  @Test func baselineOfAWeakStudyIsOnTheImagesOfTheFewestRanks() {
    var plan = plan([])
    plan.steps = StudyPlan.originalWeakSteps
    #expect(plan.cells[0].strategy == "sequential" && plan.cells[0].size == ImageSize(width: 250, height: 250))
    #expect(StudyPlan.originalWeakSteps.map { $0.size.width * $0.size.height / $0.ranks }.allSatisfy { $0 == 62_500 })
  }

  @Test func strategyIsLeftOutWhereItHasTooFewRanks() {
    for strategy in WorkloadCatalog.workload(of: Augment.self).ways {
      let ranks = plan([1, 2]).cells.filter { $0.strategy == strategy.name }.map(\.ranks)
      #expect(ranks.allSatisfy { strategy.refusal($0) == nil })
    }
    #expect(plan([1, 2]).omissions.contains { $0.hasPrefix("left out on 1 rank: the strategy savers needs") })
  }

  @Test func datasetsAreSharesOfTheLargestOfTheReport() {
    #expect(StudyDataset.allCases.map(\.imageCount) == [1000, 5000, 10_000])
    #expect(StudyDataset.medium.imageCount(scale: 0.01) == 50 && StudyDataset.small.imageCount(scale: 1e-9) == 1)
    #expect(StudyDataset.big.text(images: 10_000) == "the big dataset")
    let efficiencies = StudyDataset.allCases.compactMap { $0.reported(Threads.name) }.map {
      $0.speedup / Double($0.ranks) - $0.efficiency
    }
    #expect(efficiencies.count == 3 && efficiencies.allSatisfy { $0.magnitude <= 0.0051 })
    #expect(StudyDataset.small.reported(Adaptive.name) == nil)
  }

  @Test func differenceOfTwoPlansIsNamed() {
    let kept = MadeUpStudy.description(.strong, plan([1, 2]).cells)
    #expect(kept.difference(from: kept) == nil)
    var asked = kept
    (asked.beginTime, asked.endTime, asked.complete, asked.pageCache) = ("later", "now", true, "")
    #expect(asked.difference(from: kept) == nil)
    asked.repetitions = 4
    #expect(asked.difference(from: kept) == "its number of repetitions is 3 and not 4")
    asked = kept
    asked.writeMegabytesPerSecond = 20
    #expect(asked.difference(from: kept) == "its write bandwidth is that of the disk and not 20.0 MB/s")
    asked = kept
    asked.chunkSize = 4
    #expect(asked.difference(from: kept) == "its batch is that of each strategy and not 4")
    asked = kept
    (asked.dataset, asked.preset) = (.medium, .thermal)
    #expect(asked.difference(from: kept) == "its dataset is none and not medium")
    asked = MadeUpStudy.description(.strong, plan([1, 2, 4]).cells)
    #expect(asked.difference(from: kept) == "its list of ranks is 1, 2 and not 1, 2, 4")
    asked = MadeUpStudy.description(.strong, kept.cells.reversed())
    #expect(asked.difference(from: kept) != nil)
    asked = MadeUpStudy.description(.weak, kept.cells)
    #expect(asked.difference(from: kept) == "its study is strong and not weak")
  }

  @Test func timeLeftIsThatOfMeasuredCells() {
    let (small, large) = (MadeUpStudy.configuration("worker-reads", 1), MadeUpStudy.configuration("worker-reads", 2))
    var forecast = StudyForecast([small: 2, large: 2], cores: 2)
    #expect(forecast.secondsLeft(runningFor: 0) == nil && forecast.share(runningFor: 5) == 0)
    forecast.end(small, seconds: 10)
    // One more small cell of 10 s, and two large ones of 5 s, as their ranks use twice the cores.
    #expect(forecast.secondsLeft(runningFor: 0) == 20 && forecast.secondsLeft(runningFor: 4) == 16)
    forecast.end(large, seconds: 7)
    #expect(forecast.secondsLeft(runningFor: 0) == 17)
    #expect(forecast.secondsLeft(runningFor: 100) == 0 && forecast.share(runningFor: 100) == 1)
    forecast.end(small, seconds: 10)
    forecast.end(large, seconds: 7)
    #expect(forecast.secondsLeft(runningFor: 0) == 0 && forecast.share(runningFor: 0) == 1)
  }
}

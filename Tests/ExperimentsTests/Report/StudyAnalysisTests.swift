import Experiments
import Imaging
import Testing

/// Speedups of a run.
struct StudyAnalysisTests {
  @Test func strongSpeedupIsTimeOverTime() throws {
    let rows =
      HandMade.rows(HandMade.cell("sequential", 1), [9, 10, 11]) + HandMade.rows(HandMade.cell("savers", 4), [4, 5, 6])
    let analysis = StudyAnalysis(HandMade.study(.strong, rows))
    let cell = try #require(analysis.cells("savers", .on).first)
    #expect(analysis.speedup(cell) == 2 && analysis.efficiency(cell) == 0.5)
    #expect(analysis.idealSeconds(cell.cell) == 2.5)
    #expect(analysis.isOversubscribed(4) && !analysis.isOversubscribed(2))
  }

  @Test func weakSpeedupIsThatOfTheSameWork() throws {
    let large = ImageSize(width: 400, height: 200)
    let rows =
      HandMade.rows(HandMade.cell("sequential", 1), [10])
      + HandMade.rows(HandMade.cell("worker-reads", 4, size: large), [20])
    let analysis = StudyAnalysis(HandMade.study(.weak, rows))
    let cell = try #require(analysis.cells("worker-reads", .on).first)
    // Four times the pixels: the baseline would need 40 s.
    #expect(analysis.speedup(cell) == 2 && analysis.efficiency(cell) == 0.5)
    #expect(analysis.bootstrap("worker-reads", .on, maxRanks: nil)?.points == [SpeedupPoint(ranks: 4, speedup: 2)])
  }

  @Test func baselineOfTheSameSizeGoesBeforeAScaledOne() throws {
    let large = ImageSize(width: 400, height: 200)
    let rows =
      HandMade.rows(HandMade.cell("sequential", 1), [10])
      + HandMade.rows(HandMade.cell("sequential", 1, size: large), [60])
      + HandMade.rows(HandMade.cell("worker-reads", 4, size: large), [20])
    let analysis = StudyAnalysis(HandMade.study(.weak, rows))
    #expect(analysis.speedup(try #require(analysis.cells("worker-reads", .on).first)) == 3)
  }

  @Test func withoutABaselineThereAreNoSpeedups() throws {
    let analysis = StudyAnalysis(HandMade.study(.strong, HandMade.rows(HandMade.cell("adaptive", 2), [10])))
    #expect(analysis.speedup(try #require(analysis.cells("adaptive", .on).first)) == nil)
    #expect(analysis.bootstrap("adaptive", .on, maxRanks: nil) == nil)
  }

  @Test func strategiesComeInOneOrderAndUnknownOnesLast() {
    let names = ["zebra", "adaptive", "ant", "main-reads", "savers"]
    let rows = names.flatMap { HandMade.rows(HandMade.cell($0, 2), [1]) }
    #expect(
      StudyAnalysis(HandMade.study(.strong, rows)).strategies(.on)
        == ["main-reads", "savers", "adaptive", "ant", "zebra"])
  }
}

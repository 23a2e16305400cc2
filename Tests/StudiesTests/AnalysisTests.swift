import Foundation
import Imaging
import Strategies
import Studies
import Testing

/// Speedups of a run.
struct StudyAnalysisTests {
  @Test func strongSpeedupIsTimeOverTime() throws {
    let rows =
      MadeUpStudy.rows(MadeUpStudy.configuration("sequential", 1), [9, 10, 11])
      + MadeUpStudy.rows(MadeUpStudy.configuration("savers", 4), [4, 5, 6])
    let analysis = Analysis(MadeUpStudy.study(.strong, rows))
    let summary = try #require(analysis.summaries("savers", .on).first)
    #expect(analysis.speedup(summary) == 2 && analysis.efficiency(summary) == 0.5)
    #expect(analysis.idealSeconds(summary.configuration) == 2.5)
    #expect(analysis.isOversubscribed(4) && !analysis.isOversubscribed(2))
  }

  @Test func weakSpeedupIsThatOfTheSameWork() throws {
    let large = ImageSize(width: 400, height: 200)
    let rows =
      MadeUpStudy.rows(MadeUpStudy.configuration("sequential", 1), [10])
      + MadeUpStudy.rows(MadeUpStudy.configuration("worker-reads", 4, size: large), [20])
    let analysis = Analysis(MadeUpStudy.study(.weak, rows))
    let summary = try #require(analysis.summaries("worker-reads", .on).first)
    // Four times the pixels: the baseline would need 40 s.
    #expect(analysis.speedup(summary) == 2 && analysis.efficiency(summary) == 0.5)
    #expect(analysis.bootstrap("worker-reads", .on, maxRanks: nil)?.points == [SpeedupPoint(ranks: 4, speedup: 2)])
  }

  @Test func baselineOfTheSameSizeGoesBeforeAScaledOne() throws {
    let large = ImageSize(width: 400, height: 200)
    let rows =
      MadeUpStudy.rows(MadeUpStudy.configuration("sequential", 1), [10])
      + MadeUpStudy.rows(MadeUpStudy.configuration("sequential", 1, size: large), [60])
      + MadeUpStudy.rows(MadeUpStudy.configuration("worker-reads", 4, size: large), [20])
    let analysis = Analysis(MadeUpStudy.study(.weak, rows))
    #expect(analysis.speedup(try #require(analysis.summaries("worker-reads", .on).first)) == 3)
  }

  /// Two sizes, each with a baseline: the time of the larger is not that of the smaller, scaled.
  private var twoSizes: Study {
    let large = ImageSize(width: 400, height: 200)
    return MadeUpStudy.study(
      .weak,
      MadeUpStudy.rows(MadeUpStudy.configuration("sequential", 1), [10])
        + MadeUpStudy.rows(MadeUpStudy.configuration("sequential", 1, size: large), [60])
        + MadeUpStudy.rows(MadeUpStudy.configuration("worker-reads", 4, size: large), [20]))
  }

  @Test func terminalAndPageShowTheSameNumbers() throws {
    let study = twoSizes
    let analysis = Analysis(study)
    let summary = try #require(analysis.summaries("worker-reads", .on).first)
    let ideal = NumberText.significant(analysis.idealSeconds(summary.configuration))
    let texts = [
      ideal, summary.wallSeconds.text, NumberText.significant(analysis.speedup(summary)),
      NumberText.percent(analysis.efficiency(summary)),
    ]
    #expect(texts == ["15.0", "20.0", "3.00", "75 %"])
    let line = try #require(study.text.split(separator: "\n").first { $0.contains("worker-reads") })
    for text in texts { #expect(line.contains(" \(text)"), "\(text)") }
    try RunFolder.temporary { folder in
      try folder.write(StudyRow.text(study.rows), to: RunFolder.rowsName)
      let description = try JSONEncoder().encode(study.description)
      try folder.write(String(decoding: description, as: UTF8.self), to: RunFolder.descriptionName)
      let page = try ReportWriter(runs: [folder.path], into: folder.path).page(hasCharts: false).text
      #expect(page.contains(texts.map { "<td>\($0)</td>" }.joined()))
    }
  }

  @Test func withoutABaselineThereAreNoSpeedups() throws {
    let analysis = Analysis(
      MadeUpStudy.study(.strong, MadeUpStudy.rows(MadeUpStudy.configuration("adaptive", 2), [10])))
    #expect(analysis.speedup(try #require(analysis.summaries("adaptive", .on).first)) == nil)
    #expect(analysis.bootstrap("adaptive", .on, maxRanks: nil) == nil)
  }

  @Test func strategiesComeInTheOrderOfTheCatalogueAndUnknownOnesLast() {
    let known = StrategyCatalog.all.map { $0.name }.filter { $0 != Sequential.name }
    let names = ["zebra"] + known.reversed() + ["ant"]
    let rows = names.flatMap { MadeUpStudy.rows(MadeUpStudy.configuration($0, 2), [1]) }
    #expect(Analysis(MadeUpStudy.study(.strong, rows)).strategies(.on) == known + ["ant", "zebra"])
  }
}

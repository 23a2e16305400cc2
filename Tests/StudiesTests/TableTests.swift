import Imaging
import Strategies
import Studies
import Testing

/// Medians, and the tables made from them.
struct TableTests {
  @Test func medianIsTheMiddleOrTheMeanOfTheTwoThere() {
    #expect(Spread([3]).median == 3)
    #expect(Spread([9, 1, 4]).median == 4)
    #expect(Spread([9, 1, 4, 2]).median == 3)
    #expect(Spread([9, 1, 4]).min == 1 && Spread([9, 1, 4]).max == 9)
  }

  @Test func rangesOverlapWhereTheyHaveANumberInCommon() {
    #expect(Spread([1, 2]).overlaps(Spread([2, 3])) && Spread([2, 3]).overlaps(Spread([1, 2])))
    #expect(Spread([1, 9]).overlaps(Spread([4])) && !Spread([1, 2]).overlaps(Spread([2.1])))
  }

  @Test func strongTableHasIdealTimeSpeedupAndEfficiency() {
    let rows =
      MadeUpStudy.rows(MadeUpStudy.configuration("sequential", 1), [8, 9, 8.5])
      + MadeUpStudy.rows(MadeUpStudy.configuration("worker-reads", 4), [2.5, 4, 3])
      + MadeUpStudy.rows(MadeUpStudy.configuration("main-reads", 4), [5])
      + MadeUpStudy.rows(MadeUpStudy.configuration("worker-reads", 2), [4.25, 4.5, 4])
    #expect(
      MadeUpStudy.study(.strong, rows).text == """
        Strong scaling, saving on: 2 images, 5 copies of each, 200x100; medians of 1 or 3

          Ranks  Ideal [s]  Strategy      Execution time [s]  Speedup  Efficiency
              1       8.50  sequential      8.50 [8.00–9.00]     1.00       100 %
              2       4.25  worker-reads    4.25 [4.00–4.50]     2.00       100 %
            4 *       2.13  main-reads                  5.00     1.70        43 %
            4 *       2.13  worker-reads    3.00 [2.50–4.00]     2.83        71 %
          * more ranks than the 2 cores

        Best number of ranks of each strategy, saving on

          Strategy      Ranks  Execution time [s]  Speedup (efficiency)
          main-reads      4 *                5.00           1.70 (0.43)
          worker-reads    4 *    3.00 [2.50–4.00]           2.83 (0.71)

        """)
  }

  @Test func datasetHasTheThreeTablesOfItsStudy() throws {
    let rows =
      MadeUpStudy.rows(MadeUpStudy.configuration("sequential", 1), [8])
      + MadeUpStudy.rows(MadeUpStudy.configuration("threads", 2), [4])
      + MadeUpStudy.rows(MadeUpStudy.configuration("threads", 4), [4])
      + MadeUpStudy.rows(MadeUpStudy.configuration("spawn", 2), [6.4])
      + MadeUpStudy.rows(MadeUpStudy.configuration("spawn", 4), [5])
    var study = MadeUpStudy.study(.strong, rows)
    var description = study.description
    description.dataset = .small
    study = Study(folder: "run", description: description, machine: nil, command: "", rows: rows)
    #expect(study.text.contains("2 images, 5 copies of each (the small dataset, 2 of its 1000 images), 200x100;"))
    #expect(
      study.text.hasSuffix(
        """
        Speedup, saving on

          Ranks  threads  spawn
              2     2.00   1.25
            4 *     2.00   1.60

        Efficiency, saving on: speedup / ranks

          Ranks  threads  spawn
              2     1.00   0.63
            4 *     0.50   0.40

        Best number of ranks of each strategy, saving on

          Strategy  Ranks  Execution time [s]  Speedup (efficiency)     In the report
          threads       2                4.00           2.00 (1.00)  3.06 (0.77) on 4
          spawn       4 *                5.00           1.60 (0.40)  1.32 (0.33) on 4

        """))
  }

  @Test func weakTableCountsWorkByPixels() throws {
    let rows =
      MadeUpStudy.rows(MadeUpStudy.configuration("sequential", 1, size: ImageSize(width: 10, height: 10)), [4])
      + MadeUpStudy.rows(MadeUpStudy.configuration("worker-reads", 2, size: ImageSize(width: 20, height: 15)), [8])
    let study = MadeUpStudy.study(.weak, rows)
    let analysis = Analysis(study)
    let summary = try #require(analysis.summaries("worker-reads", .on).first)
    #expect(analysis.idealSeconds(summary.configuration) == 6)
    #expect(analysis.speedup(summary) == 1.5 && analysis.efficiency(summary) == 0.75)
    #expect(study.text.contains("20x15"))
  }

  @Test func tableWithoutABaselineHasTimesOnly() {
    let study = MadeUpStudy.study(.strong, MadeUpStudy.rows(MadeUpStudy.configuration("worker-reads", 2), [1]))
    #expect(study.text.contains("    2          –  worker-reads                1.00        –           –\n"))
  }

  @Test func costOfSavingIsSplitOverStagesPerRank() throws {
    let on = MadeUpStudy.configuration("worker-reads", 2)
    let off = MadeUpStudy.configuration("worker-reads", 2, .off)
    let rows =
      MadeUpStudy.rows(on, [6, 6.2, 5.8], stages: [.transform: 9, .encode: 2, .write: 0.5, .wait: 0.5])
      + MadeUpStudy.rows(off, [5, 5.1, 4.9], stages: [.transform: 8.8, .wait: 1.2])
      + MadeUpStudy.rows(MadeUpStudy.configuration("main-reads", 2), [5.5, 5.2])
      + MadeUpStudy.rows(MadeUpStudy.configuration("main-reads", 2, .off), [5.3, 5.4])
      + MadeUpStudy.rows(MadeUpStudy.configuration("adaptive", 2), [1])
    let study = MadeUpStudy.study(.compare, rows)
    let costs = Analysis(study).savingCosts
    #expect(costs.map(\.on.configuration.strategy) == ["main-reads", "worker-reads"])
    let cost = try #require(costs.last)
    #expect(cost.seconds == 1 && cost.share == 0.2 && !cost.isWithinSpread)
    #expect(cost.addedSeconds([.encode]) == 1 && cost.addedSeconds([.write]) == 0.25)
    #expect(Analysis(study).bestSavings.map(\.on.configuration.strategy) == ["main-reads"] && costs[0].isWithinSpread)
    let verdict = "5.35 s with it, which costs 0 s, 0 %, within the spread of the repetitions.\n"
    #expect(study.text.hasSuffix("hides saving best: \(verdict)"))
  }

  @Test func captionsSayCopiesOnlyWhereTheJobMakesCopies() {
    let configuration = MadeUpStudy.configuration("sequential", 1)
    var description = MadeUpStudy.description(.strong, [configuration])
    for unit in [nil, "copies"] {
      description.unit = unit
      #expect(description.work(of: configuration) == "2 images, 5 copies of each")
    }
    description.unit = "crops"
    #expect(description.work(of: configuration) == "2 images, 5 crops of each")
    description.cells[0].copies = 1
    #expect(description.work(of: description.cells[0]) == "2 images")
  }

  @Test func everyPrinterPrintsTheSameColumns() {
    let columns: [Column<(name: String, seconds: Double?)>] = [
      .words("Name") { $0.name }, Column("Time", unit: "s", { $0.seconds }),
    ]
    let table = Table("Times", groups: [.init(title: "All of them", columns: 2)], columns, [("a", 2), ("bc", nil)])
    #expect(table.text == "  All of them\n  Name  Time [s]\n  a         2.00\n  bc           –\n")
    #expect(table.markdown == "| Name | Time [s] |\n| --- | --: |\n| a | 2.00 |\n| bc | – |\n")
    #expect(table.html.markup.contains("<tr><th scope=\"row\">a</th><td>2.00</td></tr>"))
  }

  @Test func runsAreJoinedCellByCell() {
    let first = MadeUpStudy.study(
      .strong,
      MadeUpStudy.rows(MadeUpStudy.configuration("sequential", 1), [10, 10.5, 9.5])
        + MadeUpStudy.rows(MadeUpStudy.configuration("worker-reads", 2), [5, 5.2, 4.8])
        + MadeUpStudy.rows(MadeUpStudy.configuration("worker-reads", 4), [5]))
    let second = MadeUpStudy.study(
      .strong,
      MadeUpStudy.rows(MadeUpStudy.configuration("worker-reads", 2), [4, 4.2, 3.8])
        + MadeUpStudy.rows(MadeUpStudy.configuration("sequential", 1), [10.4, 10.1, 10.9])
        + MadeUpStudy.rows(MadeUpStudy.configuration("worker-reads", 2, .off), [1]))
    let comparison = RunComparison(first, second)
    #expect(comparison.entries.map(\.ratio) == [1.04, 0.8])
    #expect(comparison.entries.map(\.isUncertain) == [true, false])
    #expect(comparison.text.contains("faster in 1, slower in 0, and in 1 the ranges overlap"))
    #expect(comparison.text.hasSuffix("Only in the first: 1 cell; only in the second: 1.\n"))
    let nothing = RunComparison(first, MadeUpStudy.study(.strong, []))
    #expect(nothing.text.contains("No cell is in both."))
  }
}

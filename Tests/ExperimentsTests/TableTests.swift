import Experiments
import Strategies
import Testing

/// Medians, and the tables that are made of them.
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

  @Test func strongTableHasIdealTimeSpeedupAndEfficiency() throws {
    let rows =
      HandMade.rows(HandMade.cell("sequential", 1), [8, 9, 8.5])
      + HandMade.rows(HandMade.cell("worker-reads", 4), [2.5, 4, 3])
      + HandMade.rows(HandMade.cell("main-reads", 4), [5])
      + HandMade.rows(HandMade.cell("worker-reads", 2), [4.25, 4.5, 4])
    let study = HandMade.study(.strong, rows)
    let table = try #require(ScalingTable(study, saving: .on))
    #expect(table.strategies == ["worker-reads", "main-reads"] && table.ranks == [2, 4])
    #expect(table.entry("worker-reads", ranks: 2)?.speedup == 2)
    #expect(table.entry("main-reads", ranks: 2) == nil)
    #expect(ScalingTable(study, saving: .off) == nil)
    #expect(
      table.text(for: study.description) == """
        Strong scaling, saving on: 2 images, 5 copies of each, 200x100; medians of 1 or 3

          ranks  ideal s  strategy      time s  least to most  speedup  efficiency
              1        -  sequential      8.50   8.00 to 9.00     1.00        1.00
              2     4.25  worker-reads    4.25   4.00 to 4.50     2.00        1.00
             4*     2.13  worker-reads    3.00   2.50 to 4.00     2.83        0.71
             4*     2.13  main-reads      5.00   5.00 to 5.00     1.70        0.43
          * more ranks than the 2 cores

        """)
  }

  @Test func weakTableCountsWorkByPixels() throws {
    let rows =
      HandMade.rows(HandMade.cell("sequential", 1, size: ImageSize(width: 10, height: 10)), [4])
      + HandMade.rows(HandMade.cell("worker-reads", 2, size: ImageSize(width: 20, height: 15)), [8])
    let study = HandMade.study(.weak, rows)
    let entry = try #require(ScalingTable(study, saving: .on)?.entry("worker-reads", ranks: 2))
    #expect(entry.idealSeconds == 6 && entry.speedup == 1.5 && entry.efficiency == 0.75)
    #expect(study.text.contains("20x15"))
  }

  @Test func tableWithoutABaselineHasTimesOnly() throws {
    let study = HandMade.study(.strong, HandMade.rows(HandMade.cell("worker-reads", 2), [1]))
    let table = try #require(ScalingTable(study, saving: .on))
    #expect(table.baseline == nil && table.entries[0].speedup == nil && table.entries[0].efficiency == nil)
    #expect(table.text(for: study.description).contains("    2        -  worker-reads    1.00   1.00 to 1.00        -"))
  }

  @Test func costOfSavingIsSplitOverStagesPerRank() throws {
    let on = HandMade.cell("worker-reads", 2)
    let off = HandMade.cell("worker-reads", 2, .off)
    let rows =
      HandMade.rows(on, [6, 6.2, 5.8], stages: [.transform: 9, .encode: 2, .write: 0.5, .wait: 0.5])
      + HandMade.rows(off, [5, 5.1, 4.9], stages: [.transform: 8.8, .wait: 1.2])
      + HandMade.rows(HandMade.cell("main-reads", 2), [5.5, 5.2])
      + HandMade.rows(HandMade.cell("main-reads", 2, .off), [5.3, 5.4])
      + HandMade.rows(HandMade.cell("adaptive", 2), [1])
    let study = HandMade.study(.compare, rows)
    let table = try #require(SavingTable(study))
    let entry = try #require(table.entries.first)
    #expect(table.entries.count == 2)
    #expect(entry.costSeconds == 1 && entry.costPercent == 20 && !entry.isUncertain)
    #expect(entry.addedSeconds(.encode) == 1 && entry.addedSeconds(.write) == 0.25)
    #expect(table.best.map(\.on.cell.strategy) == ["main-reads"] && table.entries[1].isUncertain)
    let verdict = "5.35 s with it, which costs 0.00 s, 0 %, within the range of the repetitions.\n"
    #expect(study.text.hasSuffix("hides saving best: \(verdict)"))
  }

  @Test func runsAreJoinedCellByCell() {
    let first = HandMade.study(
      .strong,
      HandMade.rows(HandMade.cell("sequential", 1), [10, 10.5, 9.5])
        + HandMade.rows(HandMade.cell("worker-reads", 2), [5, 5.2, 4.8])
        + HandMade.rows(HandMade.cell("worker-reads", 4), [5]))
    let second = HandMade.study(
      .strong,
      HandMade.rows(HandMade.cell("worker-reads", 2), [4, 4.2, 3.8])
        + HandMade.rows(HandMade.cell("sequential", 1), [10.4, 10.1, 10.9])
        + HandMade.rows(HandMade.cell("worker-reads", 2, .off), [1]))
    let comparison = RunComparison(first, second)
    #expect(comparison.entries.map(\.ratio) == [1.04, 0.8])
    #expect(comparison.entries.map(\.isUncertain) == [true, false])
    #expect(comparison.text.contains("faster in 1, slower in 0, and in 1 the ranges overlap"))
    #expect(comparison.text.hasSuffix("Only in the first: 1 cells; only in the second: 1.\n"))
    let nothing = RunComparison(first, HandMade.study(.strong, []))
    #expect(nothing.text.contains("No cell is in both."))
  }
}

import Experiments
import Testing

/// The original report's figures, against what it says of them itself.
struct OriginalReportTests {
  @Test func bestSpeedupsAreThoseThatTheReportNames() throws {
    func best(_ saving: Saving) throws -> (Double, Int) {
      let lines = OriginalReport.table(.strong, saving)
      let base = try #require(lines[0].seconds["sequential"])
      let speedups = lines.dropFirst().flatMap { line in line.seconds.values.map { (base / $0, line.ranks) } }
      return try #require(speedups.max { $0.0 < $1.0 })
    }
    let (saving, savingRanks) = try best(.on)
    #expect((saving - 7.59).magnitude < 0.005 && savingRanks == 16)
  }

  @Test func weakEfficienciesAreThoseOfTable2() {
    let lines = OriginalReport.table(.weak, .on)
    let efficiencies = lines.dropFirst().map { line in
      Int((100 * 7.31 / (line.seconds["savers"] ?? .nan)).rounded())
    }
    #expect(efficiencies == [63, 106, 113, 97, 48, 10])
  }

  @Test(arguments: [Saving.on, .off])
  func tablesGrowFromOneRankToSixtyFour(saving: Saving) {
    for study in [StudyDescription.Kind.strong, .weak] {
      let lines = OriginalReport.table(study, saving)
      #expect(lines.map(\.ranks) == [1, 2, 4, 8, 16, 32, 64])
      #expect(lines.dropFirst().allSatisfy { $0.seconds.count == (saving == .on ? 3 : 2) })
    }
    let weak = OriginalReport.table(.weak, saving)
    #expect(weak.allSatisfy { $0.size.width * $0.size.height == 62_500 * $0.ranks })
  }
}

import Imaging
import Strategies
import Studies
import Testing

/// The figures of the original study, checked against its own text.
struct OriginalStudyTests {
  @Test func bestSpeedupsAreThoseThatTheReportNames() throws {
    func best(_ saving: Saving) throws -> (Double, Int) {
      let lines = OriginalStudy.table(.strong, saving)
      let base = try #require(lines[0].seconds[Sequential.name])
      let speedups = lines.dropFirst().flatMap { line in line.seconds.values.map { (base / $0, line.ranks) } }
      return try #require(speedups.max { $0.0 < $1.0 })
    }
    let (saving, savingRanks) = try best(.on)
    #expect((saving - 7.59).magnitude < 0.005 && savingRanks == 16)
    // The original study divides the time with saving by that without.
    let savingBase = try #require(OriginalStudy.table(.strong, .on)[0].seconds[Sequential.name])
    let base = try #require(OriginalStudy.table(.strong, .off)[0].seconds[Sequential.name])
    let (other, ranks) = try best(.off)
    #expect((other * savingBase / base - 8.30).magnitude < 0.01 && ranks == 32)
  }

  @Test func weakEfficienciesAreThoseOfTable2() {
    let lines = OriginalStudy.table(.weak, .on)
    let efficiencies = lines.dropFirst().map { line in
      Int((100 * 7.31 / (line.seconds[Savers.name] ?? .nan)).rounded())
    }
    #expect(efficiencies == [63, 106, 113, 97, 48, 10])
  }

  /// "For files of size ≤ 1000 × 1000 the trend is superlinear compared to the base case."
  @Test(arguments: [Saving.on, .off])
  func weakScalingIsSuperlinearUpToAMegapixel(saving: Saving) throws {
    let lines = OriginalStudy.table(.weak, saving)
    let base = try #require(lines[0].seconds[Sequential.name])
    #expect(lines.dropFirst().count == 6)
    for line in lines.dropFirst() {
      let work = Double(line.size.width * line.size.height) / 62_500
      let seconds = try #require(line.seconds[MainReads.name])
      #expect((base * work / seconds > Double(line.ranks)) == (line.size.width * line.size.height <= 1_000_000))
    }
  }

  @Test func saversWereMeasuredOnlyWhereTheySave() {
    for study in [StudyDescription.Kind.strong, .weak] {
      for saving in Saving.allCases {
        let lines = OriginalStudy.table(study, saving).dropFirst()
        #expect(lines.allSatisfy { ($0.seconds[Savers.name] != nil) == (saving == .on) })
      }
    }
  }

  @Test func weakStudyOfOursHasTheSizesOfTheReport() {
    let steps = OriginalStudy.table(.weak, .on).map { StudyPlan.Step(ranks: $0.ranks, size: $0.size) }
    #expect(steps == StudyPlan.originalWeakSteps)
  }
}

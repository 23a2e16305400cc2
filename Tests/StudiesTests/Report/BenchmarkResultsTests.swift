import Studies
import Testing

/// The tables of a report for other programs.
struct BenchmarkResultsTests {
  private var study: Study {
    var rows =
      MadeUpStudy.rows(MadeUpStudy.configuration("sequential", 1), [10, 8, 9])
      + MadeUpStudy.rows(MadeUpStudy.configuration("worker-reads", 2), [5, 6, 7])
    for index in rows.indices { rows[index].measurement.frequencyMegahertz = 2500 + 100 * Double(index) }
    let study = MadeUpStudy.study(.strong, rows)
    var description = study.description
    description.chunkSize = 4
    return Study(folder: "some/run/", description: description, machine: nil, command: "", rows: rows)
  }

  private func table(_ text: String) throws -> [[String: String]] {
    let lines = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let names = try #require(lines.first)
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(names, $0)) }
  }

  @Test func everyTrialIsALine() throws {
    let lines = try table(BenchmarkResults([study]).trials)
    #expect(lines.map { $0["seconds"] ?? "" } == [10, 8, 9, 5, 6, 7].map { "\($0).000000" })
    #expect(lines.map { $0["trial"] ?? "" } == ["1", "2", "3", "1", "2", "3"])
    let last = try #require(lines.last)
    #expect(last["run"] == "run" && last["strategy"] == "worker-reads" && last["ranks"] == "2")
    #expect(last["batch"] == "4" && last["images"] == "2" && last["copies"] == "5")
    // Over the median of the baseline, 9 s.
    #expect(last["speedup"] == "1.285714" && last["efficiency"] == "0.642857")
    #expect(last["imagesPerSecond"] == "1.428571")
    #expect(last["frequencyMegahertz"] == "3000.000000" && last["temperatureCelsius"] == "")
  }

  @Test func everyCellIsALineOfTheSummary() throws {
    let lines = try table(BenchmarkResults([study]).summary)
    #expect(lines.count == 2)
    #expect(lines[0]["medianSeconds"] == "9.000000" && lines[0]["serialFraction"] == "")
    #expect(lines[1]["trials"] == "3" && lines[1]["medianSeconds"] == "6.000000")
    #expect(lines[1]["minSeconds"] == "5.000000" && lines[1]["maxSeconds"] == "7.000000")
    #expect(lines[1]["speedup"] == "1.500000" && lines[1]["efficiency"] == "0.750000")
    #expect(lines[1]["serialFraction"] == "0.333333" && lines[1]["highestSpeedup"] == "3.000000")
    #expect(lines[1]["frequencyMegahertz"] == "2900.000000")
  }

  @Test func weakStudyHasNoSerialFraction() throws {
    let lines = try table(BenchmarkResults([MadeUpStudy(kind: .weak).study]).summary)
    #expect(!lines.isEmpty && lines.allSatisfy { $0["serialFraction"] == "" && $0["highestSpeedup"] == "" })
  }

  @Test func runsFollowEachOtherAndAnEmptyOneHasOnlyNames() throws {
    let one = try table(BenchmarkResults([study]).trials).count
    #expect(try table(BenchmarkResults([study, study]).trials).count == 2 * one)
    #expect(try table(BenchmarkResults([MadeUpStudy.study(.strong, [])]).trials).isEmpty)
  }
}

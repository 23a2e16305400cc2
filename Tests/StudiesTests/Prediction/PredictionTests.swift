import Strategies
import Studies
import Testing

/// Predictions from a run.
struct PredictionTests {
  private func prediction(
    _ study: Study, cores: Int = 16, ranks: [Int] = [1, 16]
  ) throws -> (Calibration, Prediction) {
    let calibration = try Calibration(study)
    return (
      calibration,
      try Prediction(calibration, on: .init(cores: cores), ranks: ranks, strategies: StrategyCatalog.simulated)
    )
  }

  @Test func costsAreThoseThatMadeTheRows() throws {
    let study = MadeUpStudy().study
    let calibration = try Calibration(study)
    let costs = try #require(calibration.costs(of: study.rows[0].configuration))
    #expect((costs.transformSeconds - 0.02).magnitude < 1e-9 && (costs.encodeSeconds - 0.005).magnitude < 1e-9)
    #expect((costs.decodeSeconds - 0.008).magnitude < 1e-9)
    #expect(costs.writtenBytes == 50_000)
  }

  @Test(arguments: [0, 0.08])
  func contentionIsFoundInTheProcessorTime(contention: Double) throws {
    let (calibration, _) = try prediction(MadeUpStudy(contention: contention).study)
    #expect((calibration.contention - contention).magnitude < 1e-9)
    #expect(calibration.contentionCells == 2)
  }

  @Test(arguments: [0, 0.05])
  func startIsFoundInTheProcessorTimeOfFurtherRanks(seconds: Double) throws {
    let (calibration, _) = try prediction(MadeUpStudy(contention: 0.05, startSeconds: seconds).study)
    #expect((calibration.startSeconds - seconds).magnitude < 1e-9)
    #expect((calibration.contention - 0.05).magnitude < 1e-9)
  }

  @Test func runOfWorkersThatOnlyShareCoresIsPredictedClosely() throws {
    let (_, prediction) = try prediction(MadeUpStudy(strategies: ["worker-reads"], contention: 0.05).study)
    #expect(prediction.validation.count == 8)
    for time in prediction.validation {
      // The rows have one decode per image; simulated workers decode an image again for each of their chunks, and many
      // ranks with few tasks have many chunks.
      let tolerance = time.configuration.ranks <= 2 ? 0.03 : 0.15
      #expect((time.error ?? .infinity).magnitude < tolerance, "\(time.configuration.text): \(time.simulatedSeconds)")
    }
  }

  @Test func costsOfALargerImageAreScaledByItsPixels() throws {
    let study = MadeUpStudy(kind: .weak).study
    let calibration = try Calibration(study)
    let largest = try #require(study.rows.map(\.configuration).max { $0.widthPixels < $1.widthPixels })
    #expect(largest.widthPixels == 1600)
    #expect((try #require(calibration.costs(of: largest)).transformSeconds - 0.16).magnitude < 1e-9)
  }

  @Test func linesAreReadAsTheyWereWritten() throws {
    let (_, prediction) = try prediction(MadeUpStudy(job: "=a,\"b\"").study)
    let read = try Prediction(text: prediction.text, path: "p.csv")
    #expect(read.text == prediction.text)
    #expect(read.validation.count == prediction.validation.count && !read.predicted.isEmpty)
    #expect(read.predicted.allSatisfy { $0.configuration.job == "=a,\"b\"" && $0.measuredSeconds == nil })
  }

  @Test(arguments: ["", "a,b\n", "\(PredictedTime.header)\nprediction,augment\n"])
  func fileThatIsNoPredictionIsRefusedWithItsPath(text: String) {
    let error = #expect(throws: StudyError.self) { try Prediction(text: text, path: "some/prediction.csv") }
    #expect(error?.description.hasPrefix("some/prediction.csv: ") == true)
  }

  @Test func everySimulatedNumberIsMarked() throws {
    let (calibration, prediction) = try prediction(MadeUpStudy().study)
    let section = PredictionSection(prediction, cores: calibration.analysis.cores)
    let tables = section.text.split(separator: "\n\n")
    #expect(tables.count == 2 && tables[0].hasPrefix("SIMULATED, on 16 cores: no number in this table was measured\n"))
    #expect(tables[0].split(separator: "\n").count == 2 + prediction.predicted.count)
    let headings = try #require(tables[1].split(separator: "\n").dropFirst().first)
    #expect(headings.contains("Simulated [s]") && headings.contains("Measured [s]"))
    #expect(section.explanation.contains("the worst is off by"))
  }

  @Test func runWithoutABaselineIsRefused() {
    var study = MadeUpStudy()
    study.ranks = [2, 4]
    #expect(throws: StudyError.self) { try Calibration(study.study) }
  }
}

import Experiments
import Strategies
import Testing

/// Predictions from a run.
struct PredictionTests {
  private func prediction(
    _ study: Study, cores: Int = 16, ranks: [Int] = [1, 16]
  ) throws -> (Calibration, Prediction) {
    let calibration = try Calibration(study)
    return (
      calibration,
      try Prediction(calibration, on: .init(cores: cores), ranks: ranks, strategies: StrategyCatalog.all)
    )
  }

  @Test func costsAreThoseThatMadeTheRows() throws {
    let study = MadeUpStudy().study
    let calibration = try Calibration(study)
    let costs = try #require(calibration.costs(of: study.rows[0].cell))
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
    for cell in prediction.validation {
      // The rows have one decode per image; simulated workers decode an image again for each of their chunks, and with
      // many ranks for few tasks there are many chunks.
      let tolerance = cell.cell.ranks <= 2 ? 0.03 : 0.15
      #expect((cell.error ?? .infinity).magnitude < tolerance, "\(cell.cell.text): \(cell.simulatedSeconds)")
    }
  }

  @Test func costsOfALargerImageAreScaledByItsPixels() throws {
    let study = MadeUpStudy(kind: .weak).study
    let calibration = try Calibration(study)
    let largest = try #require(study.rows.map(\.cell).max { $0.widthPixels < $1.widthPixels })
    #expect(largest.widthPixels == 1600)
    #expect((try #require(calibration.costs(of: largest)).transformSeconds - 0.16).magnitude < 1e-9)
  }

  @Test func linesAreReadAsTheyWereWritten() throws {
    let (_, prediction) = try prediction(MadeUpStudy(job: "=a,\"b\"").study)
    let read = try Prediction(text: prediction.text, path: "p.csv")
    #expect(read.text == prediction.text)
    #expect(read.validation.count == prediction.validation.count && !read.predicted.isEmpty)
    #expect(read.predicted.allSatisfy { $0.cell.job == "=a,\"b\"" && $0.measuredSeconds == nil })
  }

  @Test(arguments: ["", "a,b\n", "\(PredictedCell.header)\nprediction,augment\n"])
  func fileThatIsNoPredictionIsRefusedWithItsPath(text: String) {
    let error = #expect(throws: StudyError.self) { try Prediction(text: text, path: "some/prediction.csv") }
    #expect(error?.description.hasPrefix("some/prediction.csv: ") == true)
  }

  @Test func everySimulatedNumberIsMarked() throws {
    let (calibration, prediction) = try prediction(MadeUpStudy().study)
    let text = PredictionText(prediction: prediction, cores: calibration.analysis.cores)
    let lines = text.table.split(separator: "\n")
    #expect(lines[0].hasPrefix("SIMULATED, 16 cores"))
    #expect(lines.dropFirst(2).prefix(prediction.predicted.count).allSatisfy { $0.hasSuffix("simulated") })
    #expect(text.explanation.contains("the worst is off by"))
  }

  @Test func runWithoutABaselineIsRefused() {
    var study = MadeUpStudy()
    study.ranks = [2, 4]
    #expect(throws: StudyError.self) { try Calibration(study.study) }
  }
}

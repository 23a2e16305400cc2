import Strategies
import Studies
import Testing

/// Predictions for nodes from a run.
struct NodePredictionTests {
  private func target(_ change: (inout NodePrediction.Target) -> Void = { _ in }) -> NodePrediction.Target {
    var target = NodePrediction.Target(images: 10_000, shards: 1000)
    change(&target)
    return target
  }

  private func prediction(
    _ study: Study = MadeUpStudy().study, on target: NodePrediction.Target, measured: [MeasuredNodes] = []
  ) throws -> NodePrediction {
    try NodePrediction(Calibration(study), on: target, nodes: [1, 4], measured: measured)
  }

  /// An image of the run: read and decoded in 8.5 ms, 20 copies of 26 ms.
  private static let secondsPerImage = 0.0085 + 20 * 0.026

  @Test func nodeOfOneRankTakesTheBaselinesSeconds() throws {
    let times = try prediction(on: target()).predicted
    #expect(times.map(\.nodes) == [1, 4])
    #expect((times[0].simulatedSeconds / (10_000 * Self.secondsPerImage) - 1).magnitude < 1e-6)
    #expect((times[1].simulatedEfficiency - 1).magnitude < 0.01 && times[1].limitedBy == .cpu)
  }

  @Test func nodeOfMoreCoresIsFaster() throws {
    let times = try [1, 8].map { cores in
      try prediction(on: target { ($0.machine.cores, $0.ranks) = (cores, cores) }).predicted[0].simulatedSeconds
    }
    #expect((times[0] / times[1] - 8).magnitude < 0.4)
  }

  @Test func storageHasToMoveWhatTheRunReadsAndWrites() throws {
    let times = try prediction(on: target { $0.cluster.storageBytesPerSecond = 1e6 }).predicted
    // The run writes 50 kB for each copy.
    #expect((times[1].simulatedSeconds / (10_000 * 20 * 0.05) - 1).magnitude < 0.01)
    #expect(times[1].limitedBy == .storage)
  }

  private static func measured(_ nodes: Int, _ seconds: Double) -> MeasuredNodes {
    var row = MeasuredNodes()
    (row.nodes, row.cores, row.widthPixels, row.heightPixels) = (nodes, 2, 2000, 100)
    (row.images, row.copies, row.shards, row.startSeconds, row.wallSeconds) = (40, 20, 10, 0.5, seconds)
    return row
  }

  /// Ten tasks of four images, which start in 0.5 s.
  private static let taskSeconds = 0.5 + 4 * secondsPerImage

  @Test func errorIsThatForTheMedianOfTheMeasurements() throws {
    let rows = [
      Self.measured(1, 10 * Self.taskSeconds), Self.measured(4, 1), Self.measured(4, 100),
      Self.measured(4, 4 * Self.taskSeconds),
    ]
    let times = try prediction(on: target(), measured: rows).validation
    #expect(times.map(\.nodes) == [1, 4] && times.map(\.isOversubscribed) == [false, true])
    #expect(try #require(times[0].error).magnitude < 1e-6)
    // Four nodes on two cores: ten tasks take as long as five on one.
    #expect(try (#require(times[1].error) - (5.0 / 4 - 1)).magnitude < 0.02 * 1.25)
  }

  @Test func measurementThatFailedCountsForNothing() throws {
    var row = Self.measured(2, 1)
    row.outcome = "failed"
    #expect(try prediction(on: target(), measured: [row]).validation.isEmpty)
  }

  @Test func measurementOfOtherImagesIsRefused() {
    var row = Self.measured(2, 1)
    row.copies = 3
    #expect(throws: StudyError.self) { try prediction(on: target(), measured: [row]) }
  }

  @Test func linesAreReadAsTheyWereWritten() throws {
    let prediction = try prediction(
      MadeUpStudy(job: "=a,\"b\"").study, on: target(), measured: [Self.measured(2, 7)])
    let read = try NodePrediction(text: prediction.text, path: "p.csv")
    #expect(read.text == prediction.text && read.predicted.count == 2 && read.validation.count == 1)
    #expect(read.predicted[0].configuration.job == "=a,\"b\"")
    let row = Self.measured(2, 7)
    #expect(try MeasuredNodes.rows(text: MeasuredNodes.text([row]), path: "n.csv") == [row])
  }

  @Test(arguments: ["", "a,b\n", "\(PredictedNodes.header)\nprediction,augment\n"])
  func fileThatIsNoPredictionIsRefusedWithItsPath(text: String) {
    let error = #expect(throws: StudyError.self) { try NodePrediction(text: text, path: "some/file.csv") }
    #expect(error?.description.hasPrefix("some/file.csv: ") == true)
  }

  @Test func everySimulatedNumberIsMarked() throws {
    let section = NodeSection(try prediction(on: target(), measured: [Self.measured(2, 7)]))
    let tables = section.text.split(separator: "\n\n")
    #expect(tables.count == 2 && tables[0].hasPrefix("SIMULATED, 10000 images on nodes of 1 core: no number"))
    #expect(tables[0].contains("Simulated: nothing but the processors limits these nodes."))
    #expect(tables[1].contains("Measured [s]") && tables[1].contains("Simulated [s]"))
    #expect(section.explanation.contains("the worst is off by"))
  }

  @Test func whatBreaksFirstIsNamed() throws {
    let section = NodeSection(try prediction(on: target { $0.cluster.storageBytesPerSecond = 2.5e6 }))
    #expect(section.text.contains("what breaks first is the storage"), "\(section.text)")
    #expect(section.text.contains("of the time of 4 nodes"))
  }
}

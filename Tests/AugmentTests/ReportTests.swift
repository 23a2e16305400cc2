import Foundation
import Imaging
import Jobs
import Scenes
import Strategies
import Studies
import TestSupport
import Testing

/// The commands `report` and `predict`.
struct ReportTests {
  /// A workspace with a run in its folder `run`: sequential on one rank, worker-reads on two.
  private func workspace(
    _ names: [(strategy: String, ranks: Int)] = [("sequential", 1), ("worker-reads", 2)]
  ) throws -> Workspace {
    let workspace = try Workspace()
    let configurations = names.map { name in
      Configuration(
        job: "augment", strategy: name.strategy, ranks: name.ranks, saving: .on,
        size: ImageSize(width: 200, height: 100), images: 2, copies: 5)
    }
    let rows = configurations.flatMap { configuration in (1...2).map { Self.row(configuration, $0) } }
    let plan = StudyPlan(
      job: WorkloadCatalog.workload(of: Augment.self), steps: [], strategies: [], savings: [.on],
      work: (images: 2, copies: 5))
    var description = StudyDescription(
      .strong, plan, pattern: .checkerboard, input: nil, method: .init(seed: 0, repetitions: 2, isCold: false))
    (description.cells, description.cores) = (configurations, 2)
    let text = String(decoding: try JSONEncoder().encode(description), as: UTF8.self)
    try workspace.addFile("run/study.json", text)
    try workspace.addFile("run/runs.csv", StudyRow.text(rows))
    return workspace
  }

  private static func row(_ configuration: Configuration, _ repetition: Int) -> StudyRow {
    var measurement = Measurement()
    measurement.wallSeconds = 2.0 / Double(configuration.ranks)
    (measurement.userSeconds, measurement.stages[.transform]) = (1.8, 1.8)
    return StudyRow(
      configuration: configuration, workers: configuration.ranks, savers: 0, repetition: repetition,
      measurement: measurement)
  }

  /// Swift seeds its hashes differently in each process, so an order taken from a set would differ too.
  @Test func sameRowsGiveTheSameBytesInEveryProcess() throws {
    let names = StrategyNames.parallel + ["zebra", "ant", "bee", "cat"]
    let workspace = try workspace([("sequential", 1)] + names.flatMap { name in [2, 3, 4, 8].map { (name, $0) } })
    let entries = (names.map { "\($0),2,0,decode,0,0.0,0.5\n" }).joined()
    try workspace.addFile("run/timeline.csv", "\(TimelineEntry.header)\n\(entries)")
    let pages = try (0..<4).map { number in
      let outcome = try Program.run(
        ["report", "run", "--output", "page\(number)"], in: workspace, prefix: ["PATH=/nowhere"])
      #expect(outcome.status == 0, "\(outcome.errorText)")
      return try #require(workspace.contents("page\(number)/report.html"))
    }
    #expect(Set(pages).count == 1)
  }

  @Test func withoutOtherProgramsThePageIsStillThere() throws {
    let workspace = try workspace()
    let outcome = try Program.run(["report", "run"], in: workspace, prefix: ["PATH=/nowhere"])
    #expect(outcome.status == 0)
    let written = ["report.html", BenchmarkResults.trialsName, BenchmarkResults.summaryName].map { "run/\($0)\n" }
    #expect(outcome.output == written.joined())
    for name in written { #expect(workspace.contents(String(name.dropLast())) != nil, "\(name)") }
    #expect(outcome.errorLines.count == 3)
    #expect(outcome.errorLines.prefix(2).allSatisfy { $0.contains("is not installed") })
    #expect(outcome.errorLines.last?.contains("make deps-report") == true)
    let page = String(decoding: workspace.contents("run/report.html") ?? Data(), as: UTF8.self)
    #expect(page.contains("worker-reads was fastest: 1.00 s, 2.00× the pace of sequential, 100 % efficiency"))
  }

  @Test func predictionIsKeptPrintedAndReported() throws {
    let workspace = try workspace()
    let outcome = try Program.run(
      ["predict", "run", "--cores", "8", "--ranks", "4", "--strategies", "worker-reads"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(outcome.output.contains("SIMULATED, on 8 cores"))
    let text = String(decoding: workspace.contents("run/prediction.csv") ?? Data(), as: UTF8.self)
    #expect(text.split(separator: "\n").count == 1 + 2 + 1)
    let report = try Program.run(
      ["report", "run", "--output", "made/for/it"], in: workspace, prefix: ["PATH=/nowhere"])
    #expect(report.status == 0, "\(report.errorText)")
    let page = String(decoding: workspace.contents("made/for/it/report.html") ?? Data(), as: UTF8.self)
    #expect(page.contains("SIMULATED, on 8 cores"))
  }

  @Test func predictionForNodesIsKeptPrintedAndReported() throws {
    let workspace = try workspace()
    let outcome = try Program.run(
      ["predict", "run", "--nodes", "1,2", "--cores", "1", "--images", "1000", "--shards", "10"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(outcome.output.contains("SIMULATED, 1000 images on nodes of 1 core"))
    #expect(outcome.errorText.contains("Its error is unknown, because the run has no nodes.csv"))
    let text = String(decoding: workspace.contents("run/prediction-nodes.csv") ?? Data(), as: UTF8.self)
    #expect(text.split(separator: "\n").count == 1 + 2)
    #expect(workspace.contents("run/prediction.csv") == nil)
    let report = try Program.run(["report", "run"], in: workspace, prefix: ["PATH=/nowhere"])
    let page = String(decoding: workspace.contents("run/report.html") ?? Data(), as: UTF8.self)
    #expect(report.status == 0 && page.contains("SIMULATED, 1000 images"))
  }

  @Test func predictionStatesItsErrorForMeasuredNodes() throws {
    let workspace = try workspace()
    var measured = MeasuredNodes()
    (measured.nodes, measured.cores, measured.widthPixels, measured.heightPixels) = (2, 2, 200, 100)
    (measured.images, measured.copies, measured.shards, measured.wallSeconds) = (20, 5, 10, 10)
    try workspace.addFile("run/nodes.csv", MeasuredNodes.text([measured]))
    let outcome = try Program.run(["predict", "run", "--nodes", "1", "--images", "1000"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(outcome.errorText.contains("Of 2 real node processes"))
    #expect(outcome.output.contains("measured node processes, simulated on the cores that they share"))
  }

  @Test(arguments: [
    ("a,b\n1,2\n", "the first line is not that of a measurement of nodes's rows"),
    ("\(MeasuredNodes.header)\n1,2\n", "line 2 is not a row of a measurement of nodes"),
    (MeasuredNodes.text([otherImages]), "its images or their copies are not those of the run beside it"),
  ])
  func measuredNodesThatDoNotBelongToTheRunAreRefused(text: String, reason: String) throws {
    let workspace = try workspace()
    try workspace.addFile("run/nodes.csv", text)
    let outcome = try Program.run(["predict", "run", "--nodes", "1"], in: workspace)
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(outcome.errorText.hasPrefix("augment-cli: run/nodes.csv: \(reason)"), "\(outcome.errorText)")
    #expect(workspace.contents("run/prediction-nodes.csv") == nil)
  }

  private static var otherImages: MeasuredNodes {
    var row = MeasuredNodes()
    (row.widthPixels, row.heightPixels, row.wallSeconds) = (300, 100, 1)
    return row
  }

  @Test func runThatIsNoneIsNamed() throws {
    let workspace = try workspace()
    try workspace.addFile("run/runs.csv", "a,b\n1,2\n")
    try workspace.addFolder("empty")
    for (command, folder, reason) in [
      ("report", "nowhere", "nowhere: not a run of a study: there is no study.json"),
      ("predict", "empty", "empty: not a run of a study: there is no study.json"),
      ("report", "run", "run/runs.csv: the first line is not that of a study's rows"),
      ("predict", "run", "run/runs.csv: the first line is not that of a study's rows"),
    ] {
      let outcome = try Program.run([command, folder], in: workspace)
      #expect(outcome.status == 2)
      #expect(outcome.errorText.hasPrefix("augment-cli: \(reason)"), "\(outcome.errorText)")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test(
    .enabled(if: Strace.mayTrace, "strace is not installed, or tracing is not permitted"),
    arguments: ["report", "predict", "compare"])
  func tooFewDescriptorsAskToTryAgain(command: String) throws {
    let outcome = try Program.run(
      [command, "run"], in: workspace(), prefix: Strace.failing("openat", "EMFILE", path: "run/runs.csv"))
    #expect(outcome.status == 75)
    #expect(outcome.errorLines.last == "augment-cli: run/runs.csv: cannot open: Too many open files")
  }

  @Test func reportThatCannotBeWrittenIsSaid() throws {
    let workspace = try workspace()
    try workspace.addFile("file")
    let outcome = try Program.run(["report", "run", "--output", "file/folder"], in: workspace)
    #expect(outcome.status == 2)
    #expect(outcome.errorText.hasPrefix("augment-cli: file/folder/report.html: cannot write"), "\(outcome.errorText)")
  }

  @Test(arguments: [
    "report", "report run run", "predict", "predict run --ranks 0", "predict run --ranks 4..1", "predict run --cores 0",
    "predict run --strategies fastest", "predict run --images 5", "predict run --no-duplicates",
    "predict run --nodes 0", "predict run --nodes 2000", "predict run --nodes 1 --images 0",
    "predict run --nodes 1 --images 1000000000000", "predict run --nodes 1 --shards 0",
    "predict run --nodes 1 --shards-per-task 0", "predict run --nodes 1 --ranks 1,2",
    "predict run --nodes 1 --strategies adaptive,savers", "predict run --nodes 1 --slow-nodes 2",
    "predict run --nodes 1 --slow-nodes 200%x4", "predict run --nodes 1 --slow-nodes 2%x0.5",
    "predict run --nodes 1 --task-start -1", "predict run --nodes 1 --dispatch nan",
    "predict run --nodes 1 --storage-bandwidth 0", "predict run --nodes 1 --failures-per-hour 1000",
  ])
  func wrongUsageIsStatus64(arguments: String) throws {
    let workspace = try workspace()
    let before = workspace.tree
    let outcome = try Program.run(arguments.split(separator: " ").map(String.init), in: workspace)
    #expect(outcome.status == 64)
    #expect(workspace.tree == before)
  }
}

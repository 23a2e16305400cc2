import Foundation
import Glibc
import Imaging
import Jobs
import Strategies
import Testing

/// The strategies that divide the work on one image.
struct SplitStrategyTests {
  private static let strategies = [SplitThreads.name, SplitRanks.name]

  private static let images = 8

  /// Images on which K-means takes long. They have one size, so that the same processes work on all of them.
  private func largeWorkspace() throws -> Workspace {
    let workspace = try Workspace()
    for number in 0..<Self.images {
      try workspace.addImage("in/\(number).png", as: .png, seed: number, width: 1200, height: 800)
    }
    return workspace
  }

  private static let options = ["--colors", "256", "--iterations", "400", "--tolerance", "0"]

  /// Workers of `split-ranks` are killed one after the other, in whichever step they are by then.
  @Test func workersThatAreKilledAtAnyTimeCostNothing() throws {
    let workspace = try largeWorkspace()
    let reference = try Program.run(
      ["quantize", "in", "reference", "--strategy", Sequential.name] + Self.options, in: workspace)
    #expect(reference.status == 0, "\(reference.errorText)")
    let program = try Program(
      ["quantize", "in", "out", "--strategy", SplitRanks.name, "--ranks", "3", "--json"] + Self.options, in: workspace)
    var killed: Set<Int32> = []
    // A worker that has worked this long has done the part again that the one before it left behind.
    while killed.count < 8, let worker = program.waitForChild(processorSeconds: 0.03, otherThan: killed) {
      killed.insert(worker)
      kill(worker, SIGKILL)
    }
    let outcome = program.wait()
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let summary = try Summary(outcome)
    #expect(summary.workersReplaced >= 1 && summary.workersReplaced <= killed.count)
    #expect(workspace.tree("out") == workspace.tree("reference"))
  }

  /// Every worker at once, in a step or between images.
  @Test func allWorkersThatAreKilledAtOnceAreReplaced() throws {
    let workspace = try largeWorkspace()
    try workspace.addFolder("out")
    let watch = FolderWatch(workspace.absolute("out"))
    let program = try Program(
      ["quantize", "in", "out", "--strategy", SplitRanks.name, "--ranks", "3", "--json"] + Self.options, in: workspace)
    #expect(watch.wait(for: 1))
    program.send(SIGSTOP)
    program.waitUntilStopped(program.pid)
    let workers = program.childPIDs
    #expect(workers.count == 3)
    for worker in workers { kill(worker, SIGKILL) }
    program.send(SIGCONT)
    let outcome = program.wait()
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let reference = try Program.run(["quantize", "in", "reference", "--threads", "1"] + Self.options, in: workspace)
    #expect(reference.status == 0 && workspace.tree("out") == workspace.tree("reference"))
  }

  @Test(arguments: [SIGINT, SIGTERM], strategies)
  func stopSignalLeavesWholeFilesAndNothingElse(signal: Int32, strategy: String) throws {
    let workspace = try largeWorkspace()
    try workspace.addFolder("out")
    let watch = FolderWatch(workspace.absolute("out"))
    let program = try Program(
      ["quantize", "in", "out", "--strategy", strategy, "--ranks", "2", "--json"] + Self.options, in: workspace)
    #expect(watch.wait(for: 1))
    program.send(signal)
    let outcome = program.wait()
    #expect(outcome.status == 128 + signal)
    let summary = try Summary(outcome)
    #expect(!summary.complete && summary.copies < Self.images && summary.imagesFailed == 0)
    #expect(workspace.tree("out").temporaries.isEmpty)
  }

  @Test func noRoomForSharedMemoryAsksToTryAgain() throws {
    let workspace = try Workspace()
    try workspace.addImage("in/large.jpg", width: 6000, height: 4000)
    let outcome = try Program.run(
      ["quantize", "in", "out", "--strategy", SplitRanks.name, "--ranks", "2"], in: workspace,
      prefix: ["sh", "-c", "ulimit -v 400000; exec \"$@\"", "sh"])
    #expect(outcome.status == 75, "\(outcome.errorText)")
    #expect(workspace.tree("out").files.isEmpty)
  }

  @Test(arguments: strategies)
  func everyRankTransformsAndTheSummarySaysSo(strategy: String) throws {
    let workspace = try Workspace(images: 2, width: 300, height: 200)
    let outcome = try Program.run(
      ["quantize", "in", "out", "--strategy", strategy, "--ranks", "3", "--json"], in: workspace)
    let summary = try Summary(outcome)
    #expect(summary.strategy == strategy && summary.ranks == 3 && summary.copies == 2)
    // All three take part from the begin to the end of the stage.
    let transform = try #require(summary.stageSeconds["transform"])
    #expect(transform > 0 && transform <= 3 * summary.wallSeconds)
  }

  @Test(arguments: strategies)
  func aJobThatCannotBeDividedIsRefused(strategy: String) throws {
    let workspace = try Workspace(images: 1)
    for job in JobCatalog.all where !(job is any DivisibleJob.Type) {
      let outcome = try Program.run([job.name, "in", "out", "--strategy", strategy], in: workspace)
      #expect(outcome.status == 64 && workspace.tree("out").entries.isEmpty)
      let sentence = "the strategy \(strategy) divides the work on one image, and that of \(job.name) cannot be divided"
      #expect(outcome.errorText.contains("Error: --strategy: \(sentence)"), "\(outcome.errorText)")
    }
  }

  @Test(arguments: strategies)
  func aStudyOfAJobThatCannotBeDividedDoesNotKnowTheStrategy(strategy: String) throws {
    let workspace = try Workspace()
    let outcome = try Program.run(
      ["strong", "--ranks", "2", "--job", "anonymize", "--strategies", strategy], in: workspace)
    #expect(outcome.status == 64 && workspace.tree == Tree())
    #expect(outcome.errorText.contains("--strategies: unknown '\(strategy)'"), "\(outcome.errorText)")
  }

  @Test(arguments: strategies)
  func aStrategyThatCannotBeSimulatedIsNotPredicted(strategy: String) throws {
    let workspace = try Workspace()
    let outcome = try Program.run(["predict", "run", "--strategies", strategy], in: workspace)
    #expect(outcome.status == 64)
    #expect(outcome.errorText.contains("the strategy \(strategy) cannot be simulated"), "\(outcome.errorText)")
  }
}

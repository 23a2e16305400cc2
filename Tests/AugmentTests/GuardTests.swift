import Foundation
import Glibc
import ProcPool
import Strategies
import TestSupport
import Testing

/// What keeps a run from harm by single images: limits of time and of memory, and confined workers. One after another,
/// because some take much memory.
@Suite(.serialized)
struct GuardTests {
  /// Starts a run of many small copies and stops one of its processes once it is at work.
  private func stopWorker(_ strategy: String, _ choose: ([Int32]) -> Int32?) throws -> Program.Outcome {
    let workspace = try Workspace(images: 60)
    try workspace.addFolder("out")
    let watch = FolderWatch(workspace.absolute("out"))
    let program = try Program(
      [
        "augment", "in", "out", "--copies", "20", "--ranks", "2", "--strategy", strategy, "--image-timeout", "2",
        "--json",
      ], in: workspace)
    let hasBegun = watch.wait(for: 60)
    let worker = try #require(choose(program.workerPIDs(strategy)))
    #expect(hasBegun && kill(worker, SIGSTOP) == 0)
    let outcome = program.wait()
    #expect(workspace.tree("out").temporaries.isEmpty)
    return outcome
  }

  @Test(arguments: StrategyNames.withWorkers)
  func workerThatStandsStillCostsOneImageAtMost(strategy: String) throws {
    let outcome = try stopWorker(strategy) { $0.first }
    let summary = try Summary(outcome)
    #expect(summary.complete && summary.workersReplaced <= 1, "\(outcome.errorText)")
    #expect(summary.imagesFailed <= 1 && summary.copies >= summary.copiesPlanned - 20)
    for failure in summary.failures { #expect(failure.reason == "it took longer than 2 s (--image-timeout)") }
  }

  @Test func saverThatStandsStillCostsNothing() throws {
    let outcome = try stopWorker(Savers.name) { $0.last }
    let summary = try Summary(outcome)
    #expect(outcome.status == 0 && summary.copies == summary.copiesPlanned, "\(outcome.errorText)")
  }

  @Test func imageThatNeedsMoreMemoryThanAllowedFailsByName() throws {
    let workspace = try Workspace(images: 2)
    try workspace.addBlankImage("in/large.png", width: 12_000, height: 8000)
    let outcome = try Program.run(
      ["augment", "in", "out", "--copies", "2", "--max-memory", "200", "--json"], in: workspace)
    let summary = try Summary(outcome)
    #expect(outcome.status == 1 && summary.copies == 4 && summary.workersReplaced == 0, "\(outcome.errorText)")
    #expect(summary.failures.map(\.path) == ["large.png"])
    #expect(summary.failures.first?.reason == "out of memory (--max-memory)")
  }

  @Test(
    .enabled(if: MemoryGroup.mayBeMade, "no control group can be made here"),
    arguments: StrategyNames.withWorkers.filter { $0 != MainReads.name })
  func workerThatTheKernelKillsForWantOfMemoryCostsItsImage(strategy: String) throws {
    let group = try #require(MemoryGroup(mebibytes: 300))
    let workspace = try Workspace(images: 4)
    try workspace.addBlankImage("in/large.png", width: 12_000, height: 8000)
    let outcome = try Program.run(
      ["augment", "in", "out", "--copies", "1", "--ranks", "2", "--strategy", strategy, "--json"], in: workspace,
      prefix: group.prefix)
    let summary = try Summary(outcome)
    #expect(outcome.status == 1 && summary.copies == 4, "\(outcome.errorText)")
    #expect(summary.failures.map(\.path) == ["large.png"])
    // A worker that makes the copy as well reaches its own limit first, which follows from that of the group.
    let reasons = ["the worker was killed by SIGKILL (9), 2 times (out of memory?)", "out of memory (--max-memory)"]
    #expect(reasons.contains(summary.failures.first?.reason ?? ""), "\(outcome.errorText)")
    #expect(workspace.tree("out").temporaries.isEmpty)
  }

  @Test(arguments: StrategyNames.withWorkers)
  func linksThatLeadOutOfTheInputAreFollowed(strategy: String) throws {
    let workspace = try Workspace(images: 1)
    try workspace.addImage("elsewhere/far.jpg")
    try workspace.addImage("album/inner/deep.jpg")
    try workspace.addLink("in/far.jpg", to: "../elsewhere/far.jpg")
    try workspace.addLink("in/album", to: "../album")
    let outcome = try Program.augment(
      "in", "out", "--copies", "1", "--follow-links", "--ranks", "2", "--strategy", strategy, "--json", in: workspace)
    #expect(try Summary(outcome).copies == 3)
  }

  /// As if the decoder of the image had done it.
  @Test(arguments: [Sequential.name, MainReads.name])
  func crashOfTheMainProcessNamesTheImage(strategy: String) throws {
    let workspace = try Workspace()
    try workspace.addBlankImage("in/a b.png", width: 3000, height: 2000)
    try workspace.addFolder("out")
    let watch = FolderWatch(workspace.absolute("out"))
    let program = try Program(
      ["augment", "in", "out", "--copies", "400", "--strategy", strategy, "--ranks", "1", "--quiet"], in: workspace)
    #expect(watch.wait(for: 1))
    program.send(SIGSEGV)
    let outcome = program.wait()
    #expect(outcome.status == 128 + SIGSEGV)
    #expect(
      outcome.errorText == "augment-cli: a b.png: crashed with SIGSEGV, which ends the run: "
        + "with --strategy adaptive it would cost this image alone\n")
  }

  @Test func linksThatLeadOutOfTheOutputAreFollowed() throws {
    let workspace = try Workspace()
    try workspace.addImage("in/album/inner/image.jpg")
    try workspace.addFolder("elsewhere")
    try workspace.addFolder("out")
    try workspace.addLink("out/album", to: "../elsewhere")
    try Program.augment("in", "out", "--copies", "1", "--overwrite", in: workspace)
    #expect(workspace.tree("elsewhere").files == ["inner/image_aug000000.jpg"])
  }

  @Test func summarySaysWhatConfinesTheDecoders() throws {
    let workspace = try Workspace(images: 1)
    func guards(_ options: String...) throws -> [String] {
      try Summary(Program.run(["augment", "in", "out", "--json", "--overwrite"] + options, in: workspace)).sandbox
    }
    #expect(try guards() == (["memory"] + Sandbox.available.map(\.rawValue).sorted()))
    #expect(try guards("--no-sandbox") == [])
    #expect(try guards("--strategy", Sequential.name) == [])
    #expect(try guards("--strategy", MainReads.name) == [])
  }

  @Test(arguments: ["-1", "soon", "nan", "inf"])
  func limitOfTimeThatIsNoneIsRefused(text: String) throws {
    let workspace = try Workspace(images: 1)
    let outcome = try Program.run(["augment", "in", "out", "--image-timeout", text], in: workspace)
    #expect(outcome.status == 64)
  }
}

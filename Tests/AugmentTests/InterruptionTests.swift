import Foundation
import Glibc
import Testing

/// Interrupted runs: the files they leave are whole, and another run completes them.
struct InterruptionTests {
  private static let copies = 40 * 10

  private func workspace() throws -> Workspace {
    let workspace = try Workspace(images: 40)
    try workspace.addFolder("out")
    return workspace
  }

  /// Starts a run, calls `end` with it once some copies are written, and waits for it.
  private func interrupt(
    _ options: [String], in workspace: Workspace, prefix: [String] = [], by end: (Program) -> Void
  ) throws -> Program.Outcome {
    let watch = FolderWatch(workspace.absolute("out"))
    let program = try Program(["augment", "in", "out", "--copies", "10"] + options, in: workspace, prefix: prefix)
    let hasBegun = watch.wait(for: Self.copies / 10)
    end(program)
    let outcome = program.wait()
    #expect(hasBegun)
    return outcome
  }

  /// Files under final names must equal those of an undisturbed run, and the run must go on from there.
  private func expectWholeFilesAndCompletion(in workspace: Workspace, temporariesMayBeLeft: Bool) throws {
    let left = workspace.tree("out")
    #expect((Self.copies / 10..<Self.copies).contains(left.withoutTemporaries.files.count))
    #expect(temporariesMayBeLeft || left.temporaries.isEmpty)
    let outcome = try Program.augment("in", "out", "--copies", "10", "--resume", "--json", in: workspace)
    let summary = try Summary(outcome)
    // What its worker had written but not reported is made again.
    #expect(summary.copies + summary.skipped == Self.copies && summary.skipped <= left.withoutTemporaries.files.count)
    #expect(summary.skipped > 0)
    try Program.augment("in", "reference", "--copies", "10", in: workspace)
    #expect(workspace.tree("out") == workspace.tree("reference"))
    #expect(left.withoutTemporaries.isPart(of: workspace.tree("reference")))
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP], StrategyNames.all)
  func stopSignalLeavesWholeFilesAndNothingElse(signal: Int32, strategy: String) throws {
    let workspace = try workspace()
    let outcome = try interrupt(["--strategy", strategy, "--json"], in: workspace) { $0.send(signal) }
    #expect(outcome.status == 128 + signal)
    #expect(outcome.errorLines.last?.hasPrefix("augment-cli: stopped by SIG") == true)
    let summary = try Summary(outcome)
    #expect(!summary.complete && summary.copies < summary.copiesPlanned && summary.imagesFailed == 0)
    try expectWholeFilesAndCompletion(in: workspace, temporariesMayBeLeft: false)
  }

  /// As under `nohup`, or in the background of a shell that does not control jobs.
  @Test(arguments: [SIGHUP, SIGINT, SIGTERM])
  func signalThatIsIgnoredFromTheStartStaysIgnored(signal: Int32) throws {
    let workspace = try workspace()
    let prefix = ["sh", "-c", "trap '' \(signal); exec \"$@\"", "sh"]
    let outcome = try interrupt(["--ranks", "2"], in: workspace, prefix: prefix) { program in
      for pid in program.childPIDs + [program.pid] { kill(pid, signal) }
    }
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(workspace.tree("out").files.count == Self.copies)
  }

  @Test func signalThatComesTwiceAtOnceLeavesNothingElse() throws {
    let workspace = try workspace()
    // As `timeout` sends it: once to the process, once to its group.
    let outcome = try haltWhileWriting(in: workspace) { program, _ in
      for _ in 0..<20 { program.send(SIGTERM) }
    }
    #expect(outcome.status == 128 + SIGTERM)
    #expect(outcome.errorLines.last == "augment-cli: stopped by SIGTERM")
    try expectWholeFilesAndCompletion(in: workspace, temporariesMayBeLeft: false)
  }

  @Test func interruptFromTheKeyboardReachesWorkersTooAndLeavesNothingElse() throws {
    let workspace = try workspace()
    let outcome = try interrupt(["--ranks", "3"], in: workspace) { program in
      let workers = program.childPIDs
      #expect(workers.count == 3)
      for pid in workers { kill(pid, SIGINT) }
      program.send(SIGINT)
    }
    #expect(outcome.status == 128 + SIGINT)
    try expectWholeFilesAndCompletion(in: workspace, temporariesMayBeLeft: false)
  }

  /// Starts a run, stops its worker in the middle of writing a file, and calls `end` with both.
  private func haltWhileWriting(
    _ options: [String] = [], in workspace: Workspace, then end: (Program, _ worker: Int32) throws -> Void
  ) throws -> Program.Outcome {
    // A file that is synchronized before it is renamed has its temporary name for most of the run.
    let arguments = ["augment", "in", "out", "--copies", "10", "--ranks", "1", "--durability", "file"] + options
    // On a busy machine a run may end before it is caught writing.
    for _ in 0..<20 {
      let watch = FolderWatch(workspace.absolute("out"))
      let program = try Program(arguments, in: workspace)
      #expect(watch.wait(for: Self.copies / 10))
      if let worker = program.stopWorkerWhileWriting(in: workspace.absolute("out")) {
        try end(program, worker)
        return program.wait()
      }
      #expect(program.wait().status == 0)
      try FileManager.default.removeItem(atPath: workspace.absolute("out"))
      try workspace.addFolder("out")
    }
    return try #require(nil as Program.Outcome?, "no run was met while it wrote")
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func fileThatIsBeingWrittenWhenTheRunIsStoppedIsRemoved(signal: Int32) throws {
    let workspace = try workspace()
    let outcome = try haltWhileWriting(in: workspace) { program, _ in program.send(signal) }
    #expect(outcome.status == 128 + signal)
    try expectWholeFilesAndCompletion(in: workspace, temporariesMayBeLeft: false)
  }

  @Test func fileThatIsBeingWrittenWhenAllIsKilledIsRemovedByTheNextRun() throws {
    let workspace = try workspace()
    let outcome = try haltWhileWriting(in: workspace) { program, _ in program.send(SIGKILL) }
    #expect(outcome.status == 128 + SIGKILL)
    #expect(workspace.tree("out").temporaries.count == 1)
    try expectWholeFilesAndCompletion(in: workspace, temporariesMayBeLeft: true)
  }

  @Test func fileWhoseWorkerIsKilledOverItIsMadeAgain() throws {
    let workspace = try workspace()
    try Program.augment("in", "reference", "--copies", "10", in: workspace)
    let outcome = try haltWhileWriting(["--json"], in: workspace) { _, worker in #expect(kill(worker, SIGKILL) == 0) }
    #expect(outcome.status == 0)
    #expect(try Summary(outcome).workersReplaced == 1)
    #expect(workspace.tree("out") == workspace.tree("reference"))
  }

  @Test(arguments: StrategyNames.parallel)
  func workersEndWithTheirParentAndLeaveWholeFiles(strategy: String) throws {
    let workspace = try workspace()
    let outcome = try interrupt(["--ranks", "3", "--strategy", strategy], in: workspace) { $0.send(SIGKILL) }
    #expect(outcome.status == 128 + SIGKILL)
    try expectWholeFilesAndCompletion(in: workspace, temporariesMayBeLeft: true)
  }

  @Test func taskWhoseWorkerIsKilledTimeAndAgainFailsByNameAndNoOther() throws {
    let workspace = try Workspace(images: 1)
    try workspace.addImage("in/large.jpg", width: 4000, height: 3000)
    try workspace.addPipeline(
      "slow.json", "ElasticTransform", "ElasticTransform", "ElasticTransform", "ElasticTransform")
    let program = try Program(
      ["augment", "in", "out", "--copies", "1", "--ranks", "1", "--pipeline", "slow.json", "--json"], in: workspace)
    var killed: Set<Int32> = []
    for _ in 0..<2 {
      let worker = try #require(program.waitForChild(processorSeconds: 0.15, otherThan: killed))
      killed.insert(worker)
      #expect(kill(worker, SIGKILL) == 0)
    }
    let outcome = program.wait()
    #expect(outcome.status == 1)
    #expect(
      outcome.errorLines.contains(
        "augment-cli: large.jpg: the worker was killed by SIGKILL (9), 2 times (out of memory?)"))
    #expect(try Summary(outcome).workersReplaced == 2)
    #expect(workspace.tree("out").entries.keys.sorted() == ["image0_aug000000.jpg"])
  }

  @Test func firstFailureEndsTheRunWhereThatIsWanted() throws {
    for strategy in StrategyNames.all {
      let workspace = try workspace()
      try workspace.truncate("in/image20.jpg")
      let outcome = try Program.run(
        ["augment", "in", "out", "--copies", "10", "--on-error", "fail", "--strategy", strategy, "--json"],
        in: workspace)
      #expect(outcome.status == 2)
      #expect(outcome.errorLines.last == "augment-cli: stopped after the first failure, image20.jpg")
      let summary = try Summary(outcome)
      #expect(!summary.complete && summary.copies < Self.copies - 10 && summary.imagesFailed == 1)
      #expect(workspace.tree("out").temporaries.isEmpty)
    }
  }
}

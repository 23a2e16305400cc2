import Foundation
import Glibc
import Platform
import Strategies
import Testing

/// Runs whose ranks are threads, or the program started again.
struct WaysTests {
  private static let copies = 20

  private func workspace() throws -> Workspace {
    let workspace = try Workspace(images: 20, width: 200, height: 150)
    try workspace.addFolder("out")
    return workspace
  }

  /// Starts a run and stops its main process, so that it stays as it is once some copies are written.
  private func halted(
    _ strategy: String, _ options: String..., in workspace: Workspace, _ look: (Program) throws -> Void
  ) throws -> Program.Outcome {
    let watch = FolderWatch(workspace.absolute("out"))
    let program = try Program(
      ["augment", "in", "out", "--copies", "\(Self.copies)", "--strategy", strategy, "--ranks", "3", "--json"]
        + options, in: workspace)
    #expect(watch.wait(for: Self.copies))
    program.send(SIGSTOP)
    program.waitUntilStopped(program.pid)
    try look(program)
    program.send(SIGCONT)
    return program.wait()
  }

  private func expectAll(_ outcome: Program.Outcome, in workspace: Workspace) throws {
    #expect(outcome.status == 0, "\(outcome.errorText)")
    try Program.augment("in", "reference", "--copies", "\(Self.copies)", in: workspace)
    #expect(workspace.tree("out") == workspace.tree("reference"))
  }

  @Test func threadsAreOneProcess() throws {
    let workspace = try workspace()
    let outcome = try halted(Threads.name, in: workspace) { program in
      #expect(program.childPIDs.isEmpty)
      let threads = try Self.threads(of: program.pid)
      #expect(threads.count == 4)
    }
    try expectAll(outcome, in: workspace)
  }

  @Test(.enabled(if: Cores.available > 1, "one processor is the place of every thread"))
  func threadsArePlacedAsProcessesAre() throws {
    let workspace = try workspace()
    let outcome = try halted(Threads.name, "--placement", "spread", in: workspace) { program in
      var places = try Self.places(of: program.pid)
      // A thread that has just begun may not be placed yet.
      for _ in 0..<100 where !places.allSatisfy(Self.isOneProcessor) {
        kill(program.pid, SIGCONT)
        usleep(1000)
        kill(program.pid, SIGSTOP)
        places = try Self.places(of: program.pid)
      }
      #expect(places.count == 3 && places.allSatisfy(Self.isOneProcessor), "\(places)")
      let place = try Self.processors(program.pid, program.pid)
      #expect(place.contains { $0 == "-" || $0 == "," })
    }
    try expectAll(outcome, in: workspace)
  }

  @Test func spawnedWorkersAreThisProgramAndHaveOneThread() throws {
    let workspace = try workspace()
    let outcome = try halted(Spawn.name, in: workspace) { program in
      let workers = program.workerPIDs(Spawn.name)
      #expect(workers.count == 3)
      for worker in workers {
        let environment = try Data(contentsOf: URL(filePath: "/proc/\(worker)/environ"))
        #expect(environment.range(of: Data("PROCPOOL_WORKER=".utf8)) != nil, "it was not started again")
        #expect(try Self.threads(of: worker).count == 1)
      }
    }
    try expectAll(outcome, in: workspace)
  }

  @Test(arguments: [Executor.name, Spawn.name])
  func workerThatIsKilledIsReplacedAndItsTaskDoneAgain(strategy: String) throws {
    let workspace = try workspace()
    let outcome = try halted(strategy, in: workspace) { program in
      for worker in program.workerPIDs(strategy) { #expect(kill(worker, SIGKILL) == 0) }
    }
    try expectAll(outcome, in: workspace)
    #expect(try Summary(outcome).workersReplaced == 3)
  }

  @Test func processThatStartsWorkersIsStartedAgain() throws {
    let workspace = try workspace()
    let outcome = try halted(Spawn.name, in: workspace) { program in
      let children = program.childPIDs
      try #require(children.count == 4)
      for child in children[..<2] { #expect(kill(child, SIGKILL) == 0) }
    }
    try expectAll(outcome, in: workspace)
  }

  /// The worker finds another folder where the output was.
  @Test func workersDoNotWriteToAFolderThatTookTheOutputsPlace() throws {
    let workspace = try workspace()
    let outcome = try halted(Spawn.name, in: workspace) { program in
      #expect(unsafe rename(workspace.absolute("out"), workspace.absolute("moved")) == 0)
      try workspace.addFolder("out")
      for worker in program.workerPIDs(Spawn.name) { #expect(kill(worker, SIGKILL) == 0) }
    }
    #expect(outcome.status == 2)
    #expect(outcome.errorLines.last?.hasSuffix("out: the folder that was opened is gone") == true)
    #expect(workspace.tree("out").files.isEmpty)
  }

  @Test func aWorkerOfSpawnIsNoProgramForPeople() throws {
    let workspace = try Workspace(images: 1)
    // A marker of another process has no effect.
    let outcome = try Program.run(
      ["augment", "in", "out", "--quiet"], in: workspace, prefix: ["PROCPOOL_WORKER=1 1 0 3 4 5 6 7"])
    #expect(outcome.status == 0 && workspace.tree("out").files.count == 5)
  }

  /// Where the threads of a process but the first may run.
  private static func places(of pid: Int32) throws -> [Substring] {
    try threads(of: pid).filter { $0 != pid }.map { try processors(pid, $0) }
  }

  private static func isOneProcessor(_ place: Substring) -> Bool { !place.contains("-") && !place.contains(",") }

  private static func threads(of pid: Int32) throws -> [Int32] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task").compactMap { Int32($0) }
  }

  /// The list of processors that a thread may use, as the kernel writes it.
  private static func processors(_ pid: Int32, _ thread: Int32) throws -> Substring {
    let status = try String(contentsOfFile: "/proc/\(pid)/task/\(thread)/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") })
    return line.split(separator: "\t").last ?? ""
  }
}

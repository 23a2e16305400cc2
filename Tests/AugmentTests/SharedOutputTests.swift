import Foundation
import Glibc
import Testing

/// One OUTPUT with more than one writer or owner.
struct SharedOutputTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    for index in 0..<20 {
      try workspace.addImage("red/red\(index).jpg", seed: index)
      try workspace.addImage("blue/blue\(index).jpg", seed: 100 + index)
    }
    for folder in ["red", "blue"] { try Program.augment(folder, "\(folder)-reference", in: workspace) }
    try workspace.addFolder("out")
    return workspace
  }

  private func expectBoth(in workspace: Workspace) {
    let output = workspace.tree("out")
    for folder in ["red", "blue"] { #expect(workspace.tree("\(folder)-reference").isPart(of: output)) }
    #expect(output.files.count == 200)
  }

  @Test func runsOneAfterTheOtherKeepTheirFilesApart() throws {
    let workspace = try workspace()
    for folder in ["red", "blue"] { try Program.augment(folder, "out", "--overwrite", in: workspace) }
    expectBoth(in: workspace)
  }

  @Test func runIntoTheFolderOfARunThatLivesIsRefusedAndTouchesNothing() throws {
    let workspace = try workspace()
    // On a busy machine a run may end before it is caught writing.
    var met: (red: Program, worker: Int32)?
    for _ in 0..<20 where met == nil {
      let red = try Program(["augment", "red", "out", "--ranks", "1", "--overwrite"], in: workspace)
      if let worker = red.stopWorkerWhileWriting(in: workspace.absolute("out")) {
        met = (red, worker)
      } else {
        #expect(red.wait().status == 0)
      }
    }
    let (red, worker) = try #require(met)
    let unfinished = workspace.tree("out").temporaries
    let refused = try Program.run(["augment", "blue", "out", "--overwrite"], in: workspace)
    #expect(refused.status == 75)
    #expect(workspace.tree("out").temporaries == unfinished)
    kill(worker, SIGCONT)
    #expect(red.wait().status == 0)
    try Program.augment("blue", "out", "--overwrite", in: workspace)
    expectBoth(in: workspace)
  }

  @Test(arguments: StrategyNames.all)
  func fileThatWasNotThereAtTheBeginIsNotReplaced(strategy: String) throws {
    let workspace = try workspace()
    let watch = FolderWatch(workspace.absolute("out"))
    let program = try Program(["augment", "red", "out", "--strategy", strategy, "--ranks", "2"], in: workspace)
    #expect(watch.wait(for: 1))
    program.send(SIGSTOP)
    let workers = program.childPIDs
    for worker in workers { kill(worker, SIGSTOP) }
    let left = workspace.tree("red-reference").files.subtracting(workspace.tree("out").files)
    // The last file in order is not begun yet.
    let name = try #require(left.sorted().last)
    try workspace.addFile("out/\(name)", "mine")
    for process in workers + [program.pid] { kill(process, SIGCONT) }
    let outcome = program.wait()
    #expect(outcome.status == 1)
    let image = name.prefix { $0 != "_" }
    #expect(outcome.errorLines.contains("augment-cli: \(image).jpg: there is a \(name) already"))
    #expect(workspace.contents("out/\(name)") == Data("mine".utf8))
    #expect(workspace.tree("out").files.count == 100 && workspace.tree("out").temporaries.isEmpty)
  }

  /// Runs the program beside an ext4 at `disk` whose folder `out` folds case, then shows the folder's contents.
  private static func withFoldingDisk(_ command: String) -> [String] {
    let make = "truncate -s 16M image && mkfs.ext4 -q -O casefold -E encoding=utf8 image && mkdir disk"
    let mount = "mount -o loop image disk && mkdir disk/out && chattr +F disk/out"
    let script =
      "(\(make) && \(mount)) >/dev/null 2>&1 || exit 99; \(command); status=$?; ls disk/out; umount disk; exit $status"
    return ["unshare", "--mount", "sh", "-c", script, "sh"]
  }

  private static let hasFoldingDisks: Bool = {
    guard geteuid() == 0, let workspace = try? Workspace() else { return false }
    return (try? Program.run([], in: workspace, prefix: withFoldingDisk("true")))?.status == 0
  }()

  @Test(.enabled(if: hasFoldingDisks, "no ext4 that folds names can be mounted here"))
  func namesThatTheFolderTakesForOneFailByName() throws {
    let workspace = try Workspace()
    for name in ["a", "A", "b"] { try workspace.addImage("in/\(name).jpg") }
    let outcome = try Program.run(
      ["augment", "in", "disk/out", "--copies", "1", "--quiet", "--ranks", "1"], in: workspace,
      prefix: Self.withFoldingDisk("\"$@\""))
    #expect(outcome.status == 1)
    #expect(outcome.errorText == "augment-cli: a.jpg: there is a a_aug000000.jpg already\n")
    #expect(outcome.output == "A_aug000000.jpg\nb_aug000000.jpg\n")
  }

  @Test func outputThatIsMovedOrReplacedByALinkFailsTheRun() throws {
    for isReplaced in [false, true] {
      let workspace = try workspace()
      try workspace.addFolder("elsewhere")
      let outcome = try change(workspace) {
        #expect(unsafe rename(workspace.absolute("out"), workspace.absolute("moved")) == 0)
        if isReplaced { try workspace.addLink("out", to: "elsewhere") }
      }
      #expect(outcome.status == 2)
      #expect(outcome.errorLines.last == "augment-cli: out: the folder that was opened is gone")
      #expect(workspace.tree("moved") == workspace.tree("red-reference"))
      #expect(workspace.tree("elsewhere").entries.isEmpty)
    }
  }

  @Test func outputThatIsRemovedStopsTheRun() throws {
    let workspace = try workspace()
    let outcome = try change(workspace) { try FileManager.default.removeItem(atPath: workspace.absolute("out")) }
    #expect(outcome.status == 75)
    #expect(outcome.errorLines.last?.hasPrefix("augment-cli: stopped because nothing more can be written: red") == true)
    #expect(try !Summary(outcome).complete)
    #expect(workspace.contents("out") == nil)
  }

  /// Starts a run and makes a change while its processes are stopped.
  private func change(_ workspace: Workspace, _ change: () throws -> Void) throws -> Program.Outcome {
    let watch = FolderWatch(workspace.absolute("out"))
    let program = try Program(["augment", "red", "out", "--ranks", "2", "--json"], in: workspace)
    #expect(watch.wait(for: 1))
    program.send(SIGSTOP)
    let processes = program.childPIDs + [program.pid]
    for process in processes { kill(process, SIGSTOP) }
    for process in processes { program.waitUntilStopped(process) }
    try change()
    for process in processes { kill(process, SIGCONT) }
    return program.wait()
  }
}

import Foundation
import Studies
import TestSupport
import Testing

/// Files that cannot be read or written at the moment: what was there before stays.
@Suite(.enabled(if: Strace.mayTrace, "strace is not installed, or tracing is not permitted"))
struct FileFaultTests {
  private static let study = [
    "strong", "--ranks", "1", "--size", "32x32", "--images", "1", "--copies", "1", "--repetitions", "1", "--no-wait",
    "--output",
    "run",
    "--quiet",
  ]

  private func study() throws -> Workspace {
    let workspace = try Workspace()
    #expect(try Program.run(Self.study, in: workspace).status == 0)
    return workspace
  }

  @Test func rowsThatCannotBeReadAreNotCutOff() throws {
    let workspace = try study()
    let rows = workspace.contents("run/runs.csv")
    let outcome = try Program.run(
      Self.study + ["--resume"], in: workspace, prefix: Strace.failing("pread64", "EIO", path: "run/runs.csv"))
    #expect(outcome.status == 2)
    #expect(outcome.errorLines.last == "augment-cli: run/runs.csv: cannot read: Input/output error")
    #expect(workspace.contents("run/runs.csv") == rows)
  }

  @Test func historyThatCannotBeReadIsNotReplaced() throws {
    let workspace = try study()
    let history = workspace.contents("run/command.txt")
    let outcome = try Program.run(
      Self.study + ["--resume", "--seed", "0"], in: workspace,
      prefix: Strace.failing("read", "EIO", path: "run/command.txt"))
    #expect(outcome.status == 2)
    #expect(outcome.errorLines.last == "augment-cli: run/command.txt: cannot read: Input/output error")
    #expect(workspace.contents("run/command.txt") == history)
  }

  @Test func failedRenameTellsItsOwnReason() throws {
    let workspace = try Workspace()
    let outcome = try Program.run(
      Self.study, in: workspace, prefix: Strace.failing("renameat", "EACCES", path: "run/study.json"))
    #expect(outcome.status == 2)
    #expect(outcome.errorLines.last == "augment-cli: run/study.json: cannot rename: Permission denied")
    #expect(workspace.tree("run").files == ["runs.csv"])
  }

  @Test func fileSystemWithoutRenamesThatReplaceNothingIsWrittenToAllTheSame() throws {
    let workspace = try Workspace(images: 2)
    try Program.augment("in", "reference", in: workspace)
    for (index, faults) in [
      Strace.failing("renameat2", "EINVAL"),
      Strace.failing("renameat2", "EINVAL") + ["-e", "trace=renameat2,linkat", "-e", "inject=linkat:error=EPERM"],
    ].enumerated() {
      let output = "out\(index)"
      let outcome = try Program.run(["augment", "in", output], in: workspace, prefix: faults)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(workspace.tree(output) == workspace.tree("reference"))
    }
  }

  /// As mounts of object stores are.
  @Test(arguments: ["ENOSYS", "EOPNOTSUPP", "EPERM"])
  func outputThatCannotRenameIsRefusedWithItsPath(error: String) throws {
    let workspace = try Workspace(images: 2)
    for command in [["augment", "in", "out"], ["plan", "augment", "in", "planned", "--shards", "2"]] {
      let outcome = try Program.run(
        command, in: workspace, prefix: Strace.failing("rename,renameat,renameat2", error))
      #expect(outcome.status == 78)
      let folder = command.contains("plan") ? "planned" : "out"
      #expect(outcome.errorLines.count == 1)
      #expect(outcome.errorText.hasPrefix("augment-cli: \(folder)/.augment/"), "\(outcome.errorText)")
      #expect(outcome.errorText.contains("its file system renames no files"))
      #expect(workspace.tree(folder).files.isEmpty && workspace.tree(folder).temporaries.isEmpty)
    }
  }

  @Test func shardThatCannotRenameStopsAndIsNotDone() throws {
    let workspace = try Workspace(images: 2)
    #expect(try Program.run(["plan", "augment", "in", "out", "--shards", "1"], in: workspace).status == 0)
    let outcome = try Program.run(
      ["augment", "in", "out", "--shard", "0/1"], in: workspace,
      prefix: Strace.failing("rename,renameat,renameat2", "ENOSYS"))
    #expect(outcome.status == 75)
    #expect(outcome.errorText.contains("cannot rename: Function not implemented"), "\(outcome.errorText)")
    #expect(workspace.contents("out/.augment/shards/000/00000.jsonl.zst") == nil)
  }

  @Test func diskThatLosesWhatWasWrittenFailsTheRun() throws {
    let workspace = try Workspace(images: 1)
    let outcome = try Program.run(
      ["augment", "in", "out", "--json"], in: workspace, prefix: Strace.failing("syncfs", "EIO"))
    #expect(outcome.status == 75)
    #expect(outcome.errorLines.last == "augment-cli: out: cannot sync: Input/output error")
    #expect(try !Summary(outcome).complete)
  }

  @Test func fileSystemThatBecomesReadOnlyStopsTheRun() throws {
    let workspace = try Workspace(images: 20)
    let outcome = try Program.run(
      ["augment", "in", "out", "--json", "--ranks", "2"], in: workspace,
      prefix: Strace.failing("renameat2", "EROFS", when: "3+"))
    #expect(outcome.status == 75)
    #expect(
      outcome.errorLines.last?.hasPrefix("augment-cli: stopped because nothing more can be written: image") == true)
    #expect(try !Summary(outcome).complete)
    #expect(workspace.tree("out").temporaries.isEmpty)
  }
}

import Foundation
import Glibc
import Imaging
import Jobs
import TestSupport
import Testing

/// Shards of a folder of images whose outputs go into a tar each: they hold what one run writes to folders.
@Suite(.enabled(if: Tar.python != nil, "no python3 to read tars"))
struct PackedShardTests {
  private static let options = ["--tar", "--copies", "3"]

  /// A workspace with images in folders, what one run makes of them in `whole`, and a plan in `out`.
  private func planned(_ shards: Int, images: Int = 7, _ options: String...) throws -> Workspace {
    let workspace = try Workspace(images: images)
    try workspace.addFolder("scratch")
    try workspace.addImage("in/a/b.c/über-1.png", as: .png, seed: 8)
    try workspace.addImage("in/a-b.jpg", seed: 9)
    try Program.augment("in", "whole", "--copies", "3", in: workspace)
    let outcome = try plan(shards, options, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    return workspace
  }

  private func plan(_ shards: Int, _ options: [String] = [], in workspace: Workspace) throws -> Program.Outcome {
    try Program.run(["plan", "augment", "in", "out", "--shards", "\(shards)"] + Self.options + options, in: workspace)
  }

  private static func command(_ shards: String, _ options: [String] = []) -> [String] {
    ["augment", "in", "out", "--shard", shards, "--scratch", "scratch"] + Self.options + options
  }

  private func shard(_ shards: String, _ options: String..., in workspace: Workspace) throws -> Program.Outcome {
    try Program.run(Self.command(shards, options), in: workspace)
  }

  /// Unpacks all tars of `out`, and checks that nothing is missing, changed, or too much.
  private func expectWhole(
    _ workspace: Workspace, files: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let end = try Program.run(["finalize", "out"], in: workspace)
    #expect(end.status == 0, "\(end.errorText)", sourceLocation: sourceLocation)
    let verified = try Program.run(["verify", "out", "--full"], in: workspace)
    #expect(
      verified.status == 0 && verified.errorText == "\(files) file\(files == 1 ? "" : "s") as written\n",
      "\(verified.output)\(verified.errorText)", sourceLocation: sourceLocation)
    try Tar.run(
      #"""
      import shutil
      shutil.copytree("out", "unpacked", ignore=lambda _, names: [n for n in names if n == ".augment"])
      for name in os.listdir("unpacked/000"):
        with tarfile.open(f"unpacked/000/{name}") as tar:
          entries = [os.fsencode(entry.name) for entry in tar.getmembers()]
          assert entries == sorted(entries) and not any(entry.mtime for entry in tar.getmembers())
          tar.extractall("unpacked")
      shutil.rmtree("unpacked/000")
      """#, in: workspace)
    #expect(workspace.tree("unpacked").entries == workspace.tree("whole").entries, sourceLocation: sourceLocation)
    #expect(workspace.scratch.isEmpty, sourceLocation: sourceLocation)
  }

  // What comes of them.

  @Test(arguments: [1, 4]) func shardsInAnyOrderHoldWhatOneRunMakes(count: Int) throws {
    let workspace = try planned(count)
    for number in (0..<count).reversed() {
      let outcome = try shard("\(number)/\(count)", "--ranks", "\(1 + number % 3)", in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
    }
    #expect(workspace.contents("out/000/0000\(count - 1).tar") != nil)
    try expectWhole(workspace, files: count)
    let status = try Program.run(["status", "out"], in: workspace)
    #expect(status.status == 0 && status.output.contains("27 of 27 copies made"), "\(status.output)")
    let listed = try Program.run(["status", "out", "--list", "files"], in: workspace)
    #expect(listed.output.split(separator: "\0").allSatisfy { $0.hasSuffix(".tar") })
  }

  @Test(arguments: StrategyNames.all) func everyStrategyPacks(strategy: String) throws {
    let workspace = try planned(3)
    let outcome = try shard(
      "0-2/3", "--strategy", strategy, "--ranks", strategy == "sequential" ? "1" : "3", in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    try expectWhole(workspace, files: 3)
  }

  /// But `convert`, which needs labels.
  @Test func everyJobPacks() throws {
    let workspace = try Workspace(images: 3)
    for job in JobCatalog.all where job.name != Convert.name {
      let options = [Prepare.name: ["--size", "32x32"], Quantize.name: ["--colors", "4"]][job.name] ?? []
      let words = [job.name, "in", "out-\(job.name)", "--tar"] + options
      #expect(try Program.run(["plan"] + words + ["--shards", "2"], in: workspace).status == 0, "\(job)")
      let outcome = try Program.run(words + ["--shard", "0-1/2"], in: workspace)
      #expect(outcome.status == 0, "\(job): \(outcome.errorText)")
      #expect(try Program.run(["finalize", "out-\(job.name)"], in: workspace).status == 0)
    }
  }

  @Test func shardsWithoutImagesHaveNoTar() throws {
    let workspace = try planned(20)
    #expect(try shard("0-19/20", in: workspace).status == 0)
    try expectWhole(workspace, files: 9)
  }

  @Test(arguments: ["coco", "voc", "yolo"])
  func labelsLieBesideTheirCopiesAndThoseOfAllAreGathered(format: String) throws {
    let workspace = try Workspace()
    try workspace.addFolder("scratch")
    try LabelledDataSet.write(.polygons, to: workspace)
    let options = ["--label-output", format]
    try Program.augment("in", "whole", "--copies", "3", "--label-output", format, in: workspace)
    #expect(try plan(2, options, in: workspace).status == 0)
    for text in ["1/2", "0/2"] { #expect(try Program.run(Self.command(text, options), in: workspace).status == 0) }
    let setFiles = workspace.tree("whole").entries.keys.count { $0.hasSuffix(".json") || $0.hasSuffix(".yaml") }
    try expectWhole(workspace, files: 2 + setFiles)
  }

  @Test func listOfImagesTakesThePlaceOfLooking() throws {
    let workspace = try planned(1)
    let names = workspace.tree("in").entries.keys.sorted { Array($0.utf8).lexicographicallyPrecedes($1.utf8) }
    try workspace.addFile("list.txt", names.joined(separator: "\n") + "\n")
    try FileManager.default.removeItem(atPath: workspace.absolute("out"))
    #expect(try plan(2, ["--files", "list.txt"], in: workspace).errorText.hasSuffix("in 2 shards, each a tar\n"))
    #expect(try shard("0-1/2", in: workspace).status == 0)
    try expectWhole(workspace, files: 2)
  }

  @Test func copyIsMadeAgainFromTheRecord() throws {
    let workspace = try planned(2)
    #expect(try shard("0-1/2", in: workspace).status == 0)
    let outcome = try Program.run(["replay", "out", "--id", "a-b_aug000001.jpg"], in: workspace)
    #expect(outcome.status == 0 && outcome.output.contains("the same"), "\(outcome.output)\(outcome.errorText)")
  }

  // Processes that end, and files that go away.

  @Test func shardsMadeTwiceAtOnceAreEqual() throws {
    let workspace = try planned(3)
    let programs = try (0..<3).map { _ in try Program(Self.command("0-2/3"), in: workspace) }
    for program in programs { #expect(program.wait().status == 0) }
    try expectWhole(workspace, files: 3)
  }

  @Test(arguments: [SIGKILL, SIGTERM]) func stoppedShardsAreDoneByAnother(signal: Int32) throws {
    let workspace = try planned(6, images: 30)
    try workspace.addFolder("out/000")
    let watch = FolderWatch(workspace.absolute("out/000"))
    let program = try Program(Self.command("0-5/6", ["--ranks", "1"]), in: workspace)
    #expect(watch.wait(for: 2))
    program.send(signal)
    #expect(program.wait().status == 128 + signal)
    #expect(workspace.contents("out/.augment/shards/000/00005.jsonl.zst") == nil)
    if signal == SIGTERM { #expect(workspace.scratch.isEmpty) }
    // Workers of a killed process may live for a moment, and hold their scratch folder.
    var isEmpty = false
    for _ in 0..<100 where !isEmpty {
      #expect(try shard("0-5/6", in: workspace).status == 0)
      isEmpty = workspace.scratch.isEmpty
    }
    try expectWhole(workspace, files: 6)
  }

  @Test func tarThatIsGoneOrCutIsMadeAgain() throws {
    let workspace = try planned(3)
    #expect(try shard("0-2/3", in: workspace).status == 0)
    let manifest = workspace.contents("out/.augment/shards/000/00001.jsonl.zst")
    try workspace.truncate("out/000/00000.tar")
    try FileManager.default.removeItem(atPath: workspace.absolute("out/000/00001.tar"))
    let again = try Summary(try shard("0-2/3", "--json", in: workspace))
    #expect(again.copies == 18 && again.skipped == 9)
    #expect(workspace.contents("out/.augment/shards/000/00001.jsonl.zst") == manifest)
    try expectWhole(workspace, files: 3)
  }

  @Test func fullDiskLeavesNoTarAndIsTriedAgain() throws {
    let workspace = try planned(1)
    // Only the tar is waited for: the copies lie in the scratch folder.
    let outcome = try Program.run(
      Self.command("0/1", ["--durability", "file"]), in: workspace,
      prefix: Strace.failing("fsync", "ENOSPC", when: "1+"))
    #expect(outcome.status == 75 && outcome.errorText.contains("000/00000.tar"), "\(outcome.errorText)")
    #expect(workspace.contents("out/000/00000.tar") == nil && workspace.scratch.isEmpty)
    #expect(try shard("0/1", in: workspace).status == 0)
    try expectWhole(workspace, files: 1)
  }

  @Test func imagesThatFailAreNamedAtTheEnd() throws {
    let workspace = try planned(2)
    try workspace.addFile("in/a-b.jpg", "no image")
    #expect(try shard("0-1/2", in: workspace).status == 1)
    let end = try Program.run(["finalize", "out"], in: workspace)
    #expect(end.status == 1 && end.errorText.contains("a-b.jpg: "), "\(end.errorText)")
  }

  // What cannot be done.

  @Test func commandWithoutTarIsRefusedByAPlanWithTars() throws {
    let workspace = try planned(2)
    let outcome = try Program.run(["augment", "in", "out", "--shard", "0/2", "--copies", "3"], in: workspace)
    #expect(outcome.status == 78)
    #expect(outcome.errorLines == ["augment-cli: out has another plan: it makes a tar of each shard (--tar)"])
    let again = try Program.run(["plan", "augment", "in", "out", "--shards", "2", "--copies", "3"], in: workspace)
    #expect(again.errorText.contains("out holds another run: it makes a tar of each shard (--tar); "))
    // A tar in the input makes another plan of it.
    try workspace.pack("in", "in/new.tar")
    let other = try plan(2, in: workspace)
    #expect(other.status == 2 && other.errorLines.first == "augment-cli: in: 9 other files beside the tars left out")
    let sentence = "augment-cli: out has another plan: it makes a tar of each shard (--tar)"
    #expect(other.errorLines.last == sentence, "\(other.errorText)")
  }
}

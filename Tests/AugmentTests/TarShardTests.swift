import Foundation
import Glibc
import TestSupport
import Testing

/// Shards of a folder of tars: whatever happens to the processes, the tars are those of runs on each alone.
@Suite(.enabled(if: Tar.python != nil, "no python3 to make tars"))
struct TarShardTests {
  private static let options = ["--tar", "--copies", "3"]
  private static let names = (0..<5).map { "part\($0 % 2)/train-00000\($0).tar" }

  /// Five tars in `in`, the last one compressed, the second one with labels, and in `whole` what comes of each alone.
  private func tarred() throws -> Workspace {
    let workspace = try Workspace()
    for folder in ["scratch", "in/part0", "in/part1"] { try workspace.addFolder(folder) }
    for (index, name) in Self.names.enumerated() {
      for image in 0..<3 { try workspace.addImage("set\(index)/\(index)-\(image).jpg", seed: 3 * index + image) }
      if index == 1 { try workspace.addFile("set1/1-0.txt", "0 0.5 0.5 0.2 0.2\n") }
      try workspace.pack("set\(index)", "in/\(name)\(index == 4 ? ".gz" : "")", mode: index == 4 ? "w:gz" : "w")
      let outcome = try Program.run(
        ["augment", "in/\(name)\(index == 4 ? ".gz" : "")", "whole/\(name)", "--scratch", "scratch"] + Self.options,
        in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
    }
    return workspace
  }

  private func plan(_ shards: Int, _ options: String..., in workspace: Workspace) throws -> Program.Outcome {
    try Program.run(["plan", "augment", "in", "out", "--shards", "\(shards)"] + Self.options + options, in: workspace)
  }

  private static func command(_ shards: String, _ options: [String] = []) -> [String] {
    ["augment", "in", "out", "--shard", shards, "--scratch", "scratch"] + Self.options + options
  }

  private func shard(_ shards: String, _ options: String..., in workspace: Workspace) throws -> Program.Outcome {
    try Program.run(Self.command(shards, options), in: workspace)
  }

  private func planned(_ shards: Int) throws -> Workspace {
    let workspace = try tarred()
    let outcome = try plan(shards, in: workspace)
    #expect(outcome.status == 0 && outcome.errorText.contains("Planned 5 tars in "), "\(outcome.errorText)")
    return workspace
  }

  private func expectWhole(_ workspace: Workspace, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let end = try Program.run(["finalize", "out"], in: workspace)
    #expect(end.status == 0, "\(end.errorText)", sourceLocation: sourceLocation)
    #expect(workspace.tree("out") == workspace.tree("whole"), sourceLocation: sourceLocation)
  }

  // What comes of them.

  @Test(arguments: [1, 2, 7]) func shardsInAnyOrderMakeTheTarsOfSingleRuns(count: Int) throws {
    let workspace = try planned(count)
    for number in (0..<count).reversed() {
      let outcome = try shard("\(number)/\(count)", "--ranks", "\(1 + number % 3)", in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
    }
    try expectWhole(workspace)
    #expect(workspace.scratch.isEmpty)
    let verified = try Program.run(["verify", "out", "--full"], in: workspace)
    #expect(verified.status == 0 && verified.errorText == "5 files as written\n", "\(verified.output)")
    let status = try Program.run(["status", "out"], in: workspace)
    #expect(status.status == 0)
    #expect(status.output.hasSuffix("shard\(count == 1 ? "" : "s") done, finished; 5 of 5 tars made, 45 copies made\n"))
  }

  @Test func listTakesThePlaceOfLooking() throws {
    let workspace = try tarred()
    let list = ["part0/train-000000.tar", "part0/train-000002.tar", "part0/train-000004.tar.gz"]
    try workspace.addFile("list.txt", list.joined(separator: "\n") + "\n")
    for _ in 0..<2 { #expect(try plan(2, "--files", "list.txt", in: workspace).status == 0) }
    #expect(try shard("0-1/2", in: workspace).status == 0)
    #expect(workspace.tree("out/part0") == workspace.tree("whole/part0"))
    try workspace.addFile("list.txt", "part0/train-000000.tar\n")
    let another = try plan(2, "--files", "list.txt", in: workspace)
    #expect(another.errorLines == ["augment-cli: out has another plan: the tars of the input have changed"])
  }

  @Test(.enabled(if: ClusterRunTests.hasDask, "no Dask: make deps-cluster installs it"))
  func clusterMakesThem() throws {
    let workspace = try tarred()
    let outcome = try Program.run(
      ["augment", "in", "out", "--shards", "3", "--cluster", "local:2", "--scratch", "scratch"] + Self.options,
      in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(workspace.tree("out") == workspace.tree("whole"))
  }

  // Processes that end, and files that go away.

  @Test func tarsMadeTwiceAtOnceAreEqual() throws {
    let workspace = try planned(2)
    let programs = try (0..<3).map { _ in try Program(Self.command("0-1/2"), in: workspace) }
    for program in programs { #expect(program.wait().status == 0) }
    try expectWhole(workspace)
  }

  @Test(arguments: [SIGKILL, SIGTERM]) func stoppedShardIsDoneByAnother(signal: Int32) throws {
    let workspace = try planned(1)
    // Its folder comes with the first tar.
    try workspace.addFolder("out/part0")
    let watch = FolderWatch(workspace.absolute("out/part0"))
    let program = try Program(Self.command("0/1", ["--ranks", "1"]), in: workspace)
    #expect(watch.wait(for: 1))
    program.send(signal)
    let outcome = program.wait()
    #expect(outcome.status == 128 + signal)
    #expect(workspace.contents("out/.augment/shards/000/00000.jsonl.zst") == nil)
    if signal == SIGTERM { #expect(workspace.scratch.isEmpty && outcome.errorText.contains("to go on: ")) }
    #expect(try shard("0/1", in: workspace).status == 0)
    try expectWhole(workspace)
  }

  /// EIO may be of one file; ESTALE is of all that is mounted there.
  @Test(arguments: [("EIO", Int32(1)), ("ESTALE", 75)])
  func errorOfAReadIsTheTarsUnlessTheFileSystemIsGone(error: String, status: Int32) throws {
    let workspace = try planned(5)
    let outcome = try Program.run(
      Self.command("0/5"), in: workspace,
      prefix: Strace.failing("read", error, path: workspace.absolute("in/\(Self.names[0])")))
    let sentence = "\(Self.names[0]): cannot read: "
    #expect(outcome.status == status && outcome.errorText.contains(sentence), "\(outcome.errorText)")
    #expect((workspace.contents("out/.augment/shards/000/00000.jsonl.zst") == nil) == (status == 75))
    #expect(workspace.scratch.isEmpty)
  }

  @Test func tarThatIsGoneOrCutIsMadeAgain() throws {
    let workspace = try planned(2)
    let manifest = "out/.augment/shards/000/00000.jsonl.zst"
    #expect(try shard("0-1/2", in: workspace).status == 0)
    let bytes = workspace.contents(manifest)
    try workspace.truncate("out/\(Self.names[0])")
    let again = try shard("0-1/2", "--ranks", "3", in: workspace)
    #expect(again.status == 0 && again.errorText.contains("tars that were there: 3"), "\(again.errorText)")
    #expect(workspace.contents(manifest) == bytes)
    try FileManager.default.removeItem(atPath: workspace.absolute("out/\(Self.names[0])"))
    #expect(try shard("0-1/2", in: workspace).status == 0)
    let third = try shard("0-1/2", in: workspace)
    #expect(third.errorText == "Nothing to do: 5 tars are there\n")
    try expectWhole(workspace)
  }

  // Bad tars and bad images.

  @Test func badTarsAndImagesAreNamedAndTheOthersGoOn() throws {
    let workspace = try tarred()
    try workspace.truncate("in/\(Self.names[2])")
    try workspace.addFile("set3/broken.jpg", "text")
    try workspace.pack("set3", "in/\(Self.names[3])")
    #expect(try plan(2, in: workspace).status == 0)
    let problems = [
      "part0/train-000002.tar: cut off", "part1/train-000003.tar: broken.jpg: unsupported: text file",
    ]
    for _ in 0..<2 {  // the second one does nothing
      let outcome = try shard("0-1/2", in: workspace)
      #expect(outcome.status == 1)
      for problem in problems { #expect(outcome.errorText.contains("augment-cli: \(problem)"), "\(outcome.errorText)") }
    }
    for command in ["finalize", "status"] {
      let outcome = try Program.run([command, "out"], in: workspace)
      let text = outcome.output + outcome.errorText
      #expect(outcome.status == 1)
      for problem in problems { #expect(text.contains(problem), "\(text)") }
    }
    #expect(workspace.tree("out").files.count == 4)
    #expect(workspace.tree("out").isPart(of: workspace.tree("whole")))
  }

  @Test func tarThatHasChangedOrIsGoneFailsByName() throws {
    let workspace = try planned(1)
    try Data([1]).write(to: URL(filePath: workspace.absolute("in/\(Self.names[0])")))
    try FileManager.default.removeItem(atPath: workspace.absolute("in/\(Self.names[1])"))
    let outcome = try shard("0/1", "--quiet", in: workspace)
    #expect(outcome.status == 1)
    #expect(
      outcome.errorLines == [
        "augment-cli: part0/train-000000.tar: changed since the run was planned",
        "augment-cli: part1/train-000001.tar: cannot open: No such file or directory",
      ])
  }

  @Test func onErrorFailEndsTheProcess() throws {
    let workspace = try tarred()
    try workspace.truncate("in/\(Self.names[0])")
    #expect(try plan(1, in: workspace).status == 0)
    let outcome = try shard("0/1", "--on-error", "fail", in: workspace)
    #expect(outcome.status == 2 && outcome.errorText.contains("stopped after the first failure, \(Self.names[0])"))
    #expect(workspace.contents("out/.augment/shards/000/00000.jsonl.zst") == nil)
  }

  @Test func shortageIsNoFaultOfTheTar() throws {
    let workspace = try tarred()
    try Tar.run(
      #"""
      info = tarfile.TarInfo("a.jpg")
      info.size = 1 << 50
      open("in/\#(Self.names[0])", "wb").write(info.tobuf(tarfile.GNU_FORMAT))
      """#, in: workspace)
    #expect(try plan(1, in: workspace).status == 0)
    let outcome = try shard("0/1", in: workspace)
    #expect(outcome.status == 75, "\(outcome.errorText)")
    #expect(workspace.contents("out/.augment/shards/000/00000.jsonl.zst") == nil && workspace.scratch.isEmpty)
  }

  // Refusals.

  @Test func machineThatCannotDoItSaysSo() throws {
    let workspace = try planned(2)
    try workspace.addFolder("empty")
    let cases: [(arguments: [String], sentence: String)] = [
      (["in", "out", "--shard", "0/2", "--copies", "3"], "out has another plan: it is of tars (--tar)"),
      (["in", "out", "--shard", "0/3"] + Self.options, "out has another plan: it has 2 shards, not 3"),
      (["in", "out", "--shard", "0/2", "--tar"], "out has another plan: --copies was 3 and is 5"),
      (["empty", "out", "--shard", "0/2"] + Self.options, "empty: none of the tars of the plan is here"),
      (["nowhere", "out", "--shard", "0/2"] + Self.options, "nowhere: cannot open: No such file or directory"),
    ]
    for (arguments, sentence) in cases {
      let outcome = try Program.run(["augment"] + arguments, in: workspace)
      #expect(outcome.status == 78)
      #expect(outcome.errorLines == ["augment-cli: \(sentence)"])
    }
    #expect(try Program.run(["plan", "augment", "set0", "images", "--shards", "2"], in: workspace).status == 0)
    let outcome = try Program.run(["augment", "set0", "images", "--shard", "0/2", "--tar"], in: workspace)
    #expect(outcome.errorLines == ["augment-cli: images has another plan: it makes no tars (--tar)"])
  }

  @Test(arguments: [
    (
      ["b.tar", "b.tar.gz"], nil,
      "b.tar and b.tar.gz would both be written as b.tar: rename one of the tars"
    ),
    (
      ["b.tar/c.tar", "b.tgz"], nil,
      "b.tgz would be written as b.tar, which is the folder of b.tar/c.tar: rename one of the tars"
    ),
    ([], "../b.tar\n", "list.txt:1: a path with //, . or .. in it"),
    ([], "a.tar\na.tar\n", "list.txt:2: not sorted by bytes, or twice; try LC_ALL=C sort -u"),
    ([], "a.tar\nb.jpg\n", "list.txt:2: not named like a tar"),
    ([], ".augment/a.tar\n", "list.txt:1: in a folder for the record of a run"),
    ([], "a.tar\na.tar.xz\n", "a.tar and a.tar.xz would both be written as a.tar: rename one of the tars"),
  ])
  func tarsThatCannotBePlannedAreASentence(files: [String], list: String?, sentence: String) throws {
    let workspace = try Workspace()
    for file in files + ["image.jpg", ".hidden.tar", "tar", "x.gz"] { try workspace.addFile("in/\(file)") }
    if let list { try workspace.addFile("list.txt", list) }
    let outcome = try Program.run(
      ["plan", "augment", "in", "out", "--tar", "--shards", "2"] + (list == nil ? [] : ["--files", "list.txt"]),
      in: workspace)
    #expect(outcome.status == 2)
    #expect(outcome.errorLines == ["augment-cli: \(sentence)"])
  }

  @Test func folderWithoutShardsAndReplayAreRefusedWithAdvice() throws {
    let workspace = try planned(1)
    let whole = try Program.run(["augment", "in", "other", "--tar"], in: workspace)
    #expect(whole.status == 64)
    #expect(whole.errorText.contains("run 'augment-cli plan' with --tar, and then this with --shard"))
    let replay = try Program.run(["replay", "out", "--id", "0"], in: workspace)
    #expect(replay.status == 2 && replay.errorText.contains("run the command on the tar itself"))
    for option in [["--report", "a.csv"], ["--quarantine", "bad"], ["--max-errors", "3"]] {
      let outcome = try Program.run(Self.command("0/1", option), in: workspace)
      #expect(outcome.status == 64 && outcome.errorText.contains("'augment-cli finalize' names what has failed"))
    }
  }
}

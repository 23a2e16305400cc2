import Datasets
import Foundation
import Glibc
import Imaging
import TestSupport
import Testing

/// Runs that several processes do in shards: whatever happens to them, the tree is that of one process.
struct ShardTests {
  /// A workspace with a reference run in `whole`, and a plan of `shards` shards in `out`.
  private func planned(images: Int = 11, shards: Int = 4, _ options: [String] = []) throws -> Workspace {
    let workspace = try Workspace(images: images)
    try Program.augment("in", "whole", in: workspace)
    try plan(shards, options, in: workspace)
    return workspace
  }

  private func plan(_ shards: Int, _ options: [String] = [], in workspace: Workspace) throws {
    let outcome = try Program.run(
      ["plan", "augment", "in", "out", "--shards", String(shards)] + options, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
  }

  private func shard(
    _ text: String, _ options: String..., in workspace: Workspace, prefix: [String] = []
  ) throws -> Program.Outcome {
    try Program.run(["augment", "in", "out", "--shard", text, "--json"] + options, in: workspace, prefix: prefix)
  }

  private func finalize(in workspace: Workspace) throws -> Program.Outcome {
    try Program.run(["finalize", "out"], in: workspace)
  }

  /// Without the records.
  private func copies(_ folder: String, in workspace: Workspace) -> Tree { workspace.tree(folder) }

  @Test func shardsInAnyOrderMakeTheTreeOfOneRun() throws {
    let workspace = try planned()
    for text in ["3/4", "0/4", "1-2/4"] { #expect(try shard(text, in: workspace).status == 0) }
    #expect(try finalize(in: workspace).status == 0)
    #expect(copies("out", in: workspace) == copies("whole", in: workspace))
    let outcome = try Program.run(["verify", "out", "--full"], in: workspace)
    #expect(
      outcome.status == 0 && outcome.errorText == "55 files as written\n", "\(outcome.output)\(outcome.errorText)")
  }

  @Test(arguments: StrategyNames.all)
  func everyStrategyDoesShards(strategy: String) throws {
    let workspace = try planned()
    let outcome = try shard(
      "1-2/4", "--strategy", strategy, "--ranks", strategy == "sequential" ? "1" : "3", in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(try shard("0-3/4", in: workspace).status == 0)
    #expect(copies("out", in: workspace) == copies("whole", in: workspace))
  }

  @Test func moreShardsThanImagesAreDone() throws {
    let workspace = try planned(images: 3, shards: 8)
    #expect(try shard("0-7/8", in: workspace).status == 0)
    #expect(try finalize(in: workspace).status == 0)
    #expect(copies("out", in: workspace) == copies("whole", in: workspace))
  }

  @Test func shardThatIsDoneIsNotDoneAgain() throws {
    let workspace = try planned()
    _ = try shard("1/4", in: workspace)
    let again = try Summary(try shard("0-1/4", in: workspace))
    #expect(again.skipped == 15 && again.copies == 10 && again.complete)
  }

  @Test func shardWhoseOutputOrManifestIsGoneOrDamagedIsDoneAgain() throws {
    let manifest = "out/.augment/shards/000/00001.jsonl.zst"
    let damages: [(Workspace) throws -> Void] = [
      { try FileManager.default.removeItem(atPath: $0.absolute("out/image3_aug000002.jpg")) },
      { try $0.truncate("out/image3_aug000002.jpg") },
      { try FileManager.default.removeItem(atPath: $0.absolute(manifest)) },
      { try $0.truncate(manifest) },
      {
        let other = $0.absolute("out/.augment/shards/000/00002.jsonl.zst")
        try FileManager.default.removeItem(atPath: $0.absolute(manifest))
        try FileManager.default.copyItem(atPath: other, toPath: $0.absolute(manifest))
      },
    ]
    for damage in damages {
      let workspace = try planned()
      #expect(try shard("0-3/4", in: workspace).status == 0)
      let (tree, bytes) = (copies("out", in: workspace), workspace.contents(manifest))
      try damage(workspace)
      let again = try Summary(try shard("0-3/4", in: workspace))
      #expect(again.copies == 15 && again.skipped == 40)
      #expect(copies("out", in: workspace) == tree && workspace.contents(manifest) == bytes)
    }
  }

  /// A scheduler may start a shard twice.
  @Test func shardDoneTwiceAtOnceLeavesEqualBytes() throws {
    let workspace = try planned()
    let programs = try (0..<3).map { _ in
      try Program(["augment", "in", "out", "--shard", "0-3/4", "--ranks", "2"], in: workspace)
    }
    for program in programs { #expect(program.wait().status == 0) }
    #expect(copies("out", in: workspace) == copies("whole", in: workspace))
    #expect(try finalize(in: workspace).status == 0)
  }

  @Test func killedShardIsDoneByAnother() throws {
    let workspace = try Workspace(images: 40)
    try Program.augment("in", "whole", in: workspace)
    try plan(2, in: workspace)
    let watch = FolderWatch(workspace.absolute("out"))
    let first = try Program(["augment", "in", "out", "--shard", "0/2", "--ranks", "2"], in: workspace)
    #expect(watch.wait(for: 1))
    first.send(SIGKILL)
    #expect(first.wait().status == 128 + SIGKILL)
    #expect(try shard("0-1/2", in: workspace).status == 0)
    #expect(try finalize(in: workspace).status == 0)
    #expect(workspace.tree("out") == workspace.tree("whole") && workspace.tree("out").temporaries.isEmpty)
  }

  @Test func shardStopsOnASignalAndLeavesWholeFiles() throws {
    let workspace = try Workspace(images: 40)
    try plan(2, in: workspace)
    let watch = FolderWatch(workspace.absolute("out"))
    let program = try Program(["augment", "in", "out", "--shard", "0/2", "--ranks", "1"], in: workspace)
    #expect(watch.wait(for: 1))
    program.send(SIGTERM)
    let outcome = program.wait()
    #expect(outcome.status == 128 + SIGTERM && outcome.errorText.contains("to go on: "))
    #expect(workspace.tree("out").temporaries.isEmpty)
    #expect(workspace.contents("out/.augment/shards/000/00000.jsonl.zst") == nil)
  }

  @Test func missingShardsAreNamed() throws {
    let workspace = try planned(images: 20, shards: 10)
    #expect(try shard("0/10", in: workspace).status == 0)
    #expect(try shard("4-5/10", in: workspace).status == 0)
    let outcome = try finalize(in: workspace)
    #expect(outcome.status == 75)
    #expect(outcome.errorLines == ["augment-cli: out: 7 of 10 shards are missing: 1-3, 6-9"])
    let status = try Program.run(["status", "out", "--json"], in: workspace)
    #expect(status.status == 1 && status.output.contains(#""missing":["1-3","6-9"],"shards":10,"shardsDone":3"#))
  }

  @Test func badImagesAreNamedAndNotTriedAgain() throws {
    let workspace = try Workspace(images: 5)
    try workspace.truncate("in/image3.jpg")
    try workspace.addFile("in/broken.jpg", "text")
    try plan(2, in: workspace)
    #expect(try shard("0/2", in: workspace).status == 0)
    for _ in 0..<2 {
      let outcome = try shard("1/2", in: workspace)
      #expect(outcome.status == 1)
      #expect(outcome.errorLines == ["augment-cli: image3.jpg: truncated: Premature end of input file"])
    }
    let end = try finalize(in: workspace)
    #expect(end.status == 1)
    #expect(
      end.errorLines == [
        "broken.jpg: unsupported: text file", "image3.jpg: truncated: Premature end of input file",
        "20 copies of 5 images in 2 shards, 2 images failed",
      ])
  }

  @Test func changedImageIsAnErrorOfThatImage() throws {
    let workspace = try planned()
    try workspace.addImage("in/image0.jpg", seed: 5, width: 200)
    try FileManager.default.removeItem(atPath: workspace.absolute("in/image1.jpg"))
    let outcome = try shard("0/4", in: workspace)
    #expect(outcome.status == 1)
    #expect(
      outcome.errorLines.sorted() == [
        "augment-cli: image0.jpg: changed since the run was planned",
        "augment-cli: image1.jpg: cannot open: No such file or directory",
      ])
  }

  @Test func machineThatCannotDoItSaysSo() throws {
    let workspace = try planned()
    let cases: [(arguments: [String], sentence: String)] = [
      (["nowhere", "out", "--shard", "0/4"], "nowhere: cannot open: No such file or directory"),
      (
        ["in", "nowhere", "--shard", "0/4"],
        "nowhere: there is no plan here; run 'augment-cli plan' once before the shards"
      ),
      (["in", "out", "--shard", "0/5"], "out has another plan: it has 4 shards, not 5"),
      (["in", "out", "--shard", "0/4", "--seed", "1"], "out has another plan: --seed was 0 and is 1"),
    ]
    for (arguments, sentence) in cases {
      let outcome = try Program.run(["augment"] + arguments, in: workspace)
      #expect(outcome.status == 78)
      #expect(outcome.errorLines == ["augment-cli: \(sentence)"])
    }
  }

  /// A file system that is not mounted leaves an empty folder in its place.
  @Test func emptyInputIsTheMachinesFault() throws {
    let workspace = try planned()
    try workspace.addFolder("empty")
    let outcome = try Program.run(["augment", "empty", "out", "--shard", "0/4"], in: workspace)
    #expect(outcome.status == 78)
    #expect(outcome.errorLines == ["augment-cli: empty: none of the images of the plan is here"])
  }

  @Test func planOfAnotherBuildIsRefused() throws {
    let workspace = try planned()
    let path = URL(filePath: workspace.absolute("out/.augment/plan.json"))
    let text = try String(contentsOf: path, encoding: .utf8)
    let changed = text.replacing(/\(build [0-9a-f]+\)/, with: "(build 00000000000000000000000000000000)")
    #expect(changed != text)
    try Data(changed.utf8).write(to: path)
    let outcome = try shard("0/4", in: workspace)
    #expect(outcome.status == 78 && outcome.errorText.contains("and this is another version"), "\(outcome.errorText)")
  }

  @Test func planningAgainDoesNothingAndAnotherPlanIsRefused() throws {
    let workspace = try planned()
    let before = workspace.contents("out/.augment/plan.json")
    try plan(4, in: workspace)
    #expect(workspace.contents("out/.augment/plan.json") == before)
    let another = try Program.run(["plan", "augment", "in", "out", "--shards", "5"], in: workspace)
    #expect(another.status == 2 && another.errorText.contains("it has 4 shards, not 5"), "\(another.errorText)")
    let whole = try Program.run(["augment", "in", "out", "--resume"], in: workspace)
    #expect(whole.status == 2 && whole.errorText.contains("it is divided into 4 shards"), "\(whole.errorText)")
  }

  @Test(arguments: ["coco", "voc", "yolo"])
  func labelsOfAllShardsAreGathered(format: String) throws {
    let workspace = try Workspace()
    try LabelledDataSet.write(.polygons, to: workspace)
    let options = ["--label-output", format, "--copies", "3"]
    try Program.augment("in", "whole", "--label-output", format, "--copies", "3", in: workspace)
    try plan(3, options, in: workspace)
    for text in ["2/3", "0-1/3"] {
      let outcome = try Program.run(["augment", "in", "out", "--shard", text] + options, in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
    }
    #expect(try finalize(in: workspace).status == 0)
    #expect(copies("out", in: workspace) == copies("whole", in: workspace))
  }

  /// A network file system may say for a minute that what it was once asked for is not there.
  @Test(.enabled(if: Strace.mayTrace, "strace is not there, or may not trace"))
  func whatIsNotInTheListOfAFolderIsNotLookedUp() throws {
    let workspace = try planned()
    #expect(try shard("1/4", in: workspace).status == 0)
    let trace = ["strace", "-f", "-o", "trace", "-e", "trace=%file"]
    for command in ["status out", "finalize out", "verify out", "augment in out --shard 1/4"] {
      let outcome = try Program.run(command.split(separator: " ").map(String.init), in: workspace, prefix: trace)
      #expect(outcome.status < 128, "\(outcome.errorText)")
      let calls = try #require(workspace.contents("trace")).split(separator: UInt8(ascii: "\n"))
      let failed = calls.map { String(decoding: $0, as: UTF8.self) }.filter { $0.contains("ENOENT") }
      #expect(calls.contains { String(decoding: $0, as: UTF8.self).contains("00001.jsonl.zst") })
      #expect(failed.filter { $0.contains(".jsonl.zst") || $0.contains("index.json") }.isEmpty, "\(command)")
    }
  }

  @Test func copyOfAShardIsMadeAgain() throws {
    let workspace = try planned()
    #expect(try shard("0-3/4", in: workspace).status == 0)
    let outcome = try Program.run(["replay", "out", "--id", "image7_aug000001.jpg"], in: workspace)
    #expect(outcome.status == 0 && outcome.output.contains("the same"), "\(outcome.output)\(outcome.errorText)")
    let shown = try Program.run(["replay", "out", "--id", "36", "--show"], in: workspace)
    #expect(shown.status == 0 && shown.output.contains("__class_fullname__"))
  }

  @Test func fullDiskIsTriedAgainElsewhere() throws {
    let workspace = try planned()
    for call in ["renameat2,renameat", "syncfs"] {
      let outcome = try shard(
        "2/4", "--ranks", "1", in: workspace, prefix: Strace.failing(call, "EIO", when: "2+"))
      #expect(outcome.status == 75, "\(call): \(outcome.errorText)")
    }
    #expect(try shard("0-3/4", in: workspace).status == 0)
    #expect(try finalize(in: workspace).status == 0)
    #expect(copies("out", in: workspace) == copies("whole", in: workspace))
  }

  /// As the slower one of two attempts does.
  @Test func shardThatEndsAfterTheRunIsFinalizedChangesNothing() throws {
    let workspace = try planned()
    #expect(try shard("1-3/4", in: workspace).status == 0)
    let arguments = ["augment", "in", "out", "--shard", "0/4", "--ranks", "1", "--durability", "file"]
    var late: (program: Program, worker: Int32)?
    for _ in 0..<20 where late == nil {
      let program = try Program(arguments, in: workspace)
      if let worker = program.stopWorkerWhileWriting(in: workspace.absolute("out")) {
        late = (program, worker)
      } else {
        #expect(program.wait().status == 0)
        try FileManager.default.removeItem(atPath: workspace.absolute("out/.augment/shards/000/00000.jsonl.zst"))
      }
    }
    let (program, worker) = try #require(late)
    #expect(try shard("0/4", in: workspace).status == 0)
    #expect(try finalize(in: workspace).status == 0)
    let index = workspace.contents("out/.augment/index.json")
    kill(worker, SIGCONT)
    #expect(program.wait().status == 0)
    #expect(copies("out", in: workspace) == copies("whole", in: workspace))
    #expect(try finalize(in: workspace).status == 0)
    #expect(index != nil && workspace.contents("out/.augment/index.json") == index)
  }

  /// Clocks of machines differ, and so do the times that they give to files.
  @Test(arguments: [-86_400.0, 86_400])
  func timesOfFilesThatWereWrittenMeanNothing(offsetSeconds: Double) throws {
    let workspace = try planned()
    _ = try shard("0-2/4", in: workspace)
    let out = workspace.absolute("out")
    for path in try FileManager.default.subpathsOfDirectory(atPath: out) {
      let time = Date(timeIntervalSinceNow: offsetSeconds)
      try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: "\(out)/\(path)")
    }
    let again = try Summary(try shard("0-3/4", in: workspace))
    #expect(again.skipped == 40 && again.copies == 15 && again.complete)
    #expect(try finalize(in: workspace).status == 0)
    #expect(copies("out", in: workspace) == copies("whole", in: workspace))
  }

  @Test func cleanLeavesFilesOfLiveProcesses() throws {
    let workspace = try planned()
    try workspace.addFile("out/.augment-dead-1.tmp")
    try workspace.addFile("out/.augment/shards/.augment-dead.tmp")
    let outcome = try Program.run(["clean", "out"], in: workspace)
    #expect(outcome.status == 0 && outcome.errorText == "Removed 2 temporary files\n")
    #expect(workspace.tree("out").temporaries.isEmpty)
  }

  @Test func listTakesThePlaceOfLooking() throws {
    let workspace = try Workspace(images: 11)
    try workspace.addImage("in/inner/other.png", as: .png)
    try Program.augment("in", "whole", in: workspace)
    let paths = (0..<11).map { "image\($0).jpg" } + ["inner/other.png", "notes.txt"]
    try workspace.addFile("list.txt", paths.sorted().joined(separator: "\n") + "\n")
    for _ in 0..<2 { try plan(4, ["--files", "list.txt"], in: workspace) }
    #expect(try shard("0-3/4", in: workspace).status == 0)
    #expect(try finalize(in: workspace).status == 0)
    #expect(workspace.tree("out") == workspace.tree("whole"))
    try workspace.addFile("list.txt", "image0.jpg\n")
    let another = try Program.run(
      ["plan", "augment", "in", "out", "--shards", "4", "--files", "list.txt"], in: workspace)
    #expect(another.status == 2)
    #expect(another.errorLines == ["augment-cli: out has another plan: the list of images has changed"])
  }

  @Test(arguments: [
    ("b.jpg\na.jpg\n", ["list.txt:2: not sorted by bytes, or twice; try LC_ALL=C sort -u"]),
    ("a.jpg\na.jpg\n", ["list.txt:2: not sorted by bytes, or twice; try LC_ALL=C sort -u"]),
    ("/a.jpg\n", ["list.txt:1: not a path of a file, relative to the input"]),
    ("a.jpg\nb/../c.jpg\n", ["list.txt:2: a path with //, . or .. in it"]),
    ("a//b.jpg\n", ["list.txt:1: a path with //, . or .. in it"]),
    ("a.jpg\n\n", ["list.txt:2: an empty line"]),
    (
      "a.jpeg\na.jpg\n",
      ["a.jpeg and a.jpg would both be written as a_aug000000.png: give --format keep, or rename one of the images"]
    ),
  ])
  func listThatCannotBeUsedIsASentence(list: String, lines: [String]) throws {
    let workspace = try Workspace(images: 1)
    try workspace.addFile("list.txt", list)
    let outcome = try Program.run(
      ["plan", "augment", "in", "out", "--shards", "2", "--format", "png", "--files", "list.txt"], in: workspace)
    #expect(outcome.status == 2)
    #expect(outcome.errorLines == lines.map { "augment-cli: \($0)" })
  }

  /// What others need who fetch the images of a shard and put back what was made of them.
  @Test func imagesAndFilesOfShardsAreListed() throws {
    let workspace = try planned()
    func list(_ options: String...) throws -> [String] {
      let outcome = try Program.run(["status", "out", "--list"] + options, in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      return outcome.output.split(separator: "\0", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
    let names = (0..<11).map { "image\($0).jpg" }.sorted()
    #expect(try list("images") == names)
    #expect(try list("images", "--shard", "1/4") == Array(names[2..<5]))
    #expect(try list("images", "--shard", "1-3/4") == Array(names[2...]))
    #expect(try list("files") == [])
    #expect(try shard("1/4", in: workspace).status == 0)
    let files = try list("files", "--shard", "1-2/4")
    #expect(files.count == 15)
    for line in files {
      let fields = line.split(separator: "\t")
      #expect(fields[0] == "1")
      #expect(workspace.contents("out/\(fields[2])")?.count == Int(fields[1]))
    }
  }

  @Test(arguments: [
    (["--shard", "0/4"], "--shard says what --list is to print; name images or files"),
    (["--list", "images", "--json"], "--list prints no JSON; leave out --json"),
    (["--list", "images", "--shard", "0/3"], "augment-cli: out: the run has 4 shards"),
  ])
  func listOfNothingIsWrongUsage(options: [String], sentence: String) throws {
    let outcome = try Program.run(["status", "out"] + options, in: try planned())
    #expect(outcome.status == 64 && outcome.errorText.contains(sentence), "\(outcome.errorText)")
  }

  @Test func listOfAPlaceThatOnlyOthersReachIsPlanned() throws {
    let workspace = try Workspace(images: 3)
    try workspace.addFile("list.txt", "image0.jpg\nimage1.jpg\nimage2.jpg\n")
    let command = ["plan", "augment", "s3://bucket/in", "out", "--shards", "2"]
    let refused = try Program.run(command, in: workspace)
    #expect(refused.status == 64 && refused.errorText.contains("s3://bucket/in is a URL; --files says what is there"))
    #expect(try Program.run(command + ["--files", "list.txt"], in: workspace).status == 0)
    let status = try Program.run(["status", "out", "--json"], in: workspace)
    #expect(status.output.contains(#""input":"s3://bucket/in""#), "\(status.output)")
    try Program.augment("in", "whole", in: workspace)
    #expect(try shard("0-1/2", in: workspace).status == 0)
    #expect(workspace.tree("out") == workspace.tree("whole"))
  }

  @Test(arguments: [["--labels", "labels"], ["--min-area", "5"], ["--masks", "masks"]])
  func listAndLabelsDoNotGoTogether(options: [String]) throws {
    let workspace = try Workspace(images: 1)
    try workspace.addFile("list.txt", "image0.jpg\n")
    let outcome = try Program.run(
      ["plan", "augment", "in", "out", "--shards", "2", "--files", "list.txt"] + options, in: workspace)
    #expect(outcome.status == 64)
    #expect(outcome.errorText.hasPrefix("augment-cli: in: labels and reference images are not looked for"))
  }

  @Test func shardsGiveWayToAnotherRunIfTheUserSaysSo() throws {
    let workspace = try planned()
    #expect(try shard("0-3/4", in: workspace).status == 0)
    try plan(3, ["--overwrite"], in: workspace)
    #expect(try shard("0-2/3", in: workspace).status == 0)
    try Program.augment("in", "out", "--overwrite", in: workspace)
    #expect(workspace.tree("out") == workspace.tree("whole"))
    #expect(workspace.contents("out/.augment/shards/000/00000.jsonl.zst") == nil)
  }
}

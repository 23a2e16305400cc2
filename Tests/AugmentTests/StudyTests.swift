import Foundation
import Glibc
import Imaging
import Platform
import Strategies
import Studies
import TestSupport
import Testing

/// Small real studies: the files they leave, and what remains when they are interrupted.
struct StudyTests {
  private static let options = ["--images", "2", "--copies", "2", "--repetitions", "2", "--output", "run", "--no-wait"]
  private static let strong =
    ["strong", "--ranks", "1..2", "--size", "64x64", "--strategies", "worker-reads", "--saving", "both"] + options
  /// Two baselines and 2 × 2 cells, each measured twice.
  private static let strongRowCount = 12

  private func rows(_ workspace: Workspace) throws -> [StudyRow] {
    try RunFolder(workspace.absolute("run")).rows()
  }

  /// Each repetition of each cell is there exactly once.
  private func expectComplete(_ workspace: Workspace) throws {
    let study = try Study.load(workspace.absolute("run"))
    let keys = study.rows.map { "\($0.configuration.text) \($0.repetition)" }
    #expect(Set(keys).count == keys.count)
    #expect(study.summaries.map(\.rows.count) == study.description.cells.map { _ in study.description.repetitions })
    #expect(Set(study.rows.map(\.configuration)) == Set(study.description.cells))
    #expect(study.description.complete && study.description.endTime != nil)
    expectNothingElse(workspace)
  }

  private func expectNothingElse(_ workspace: Workspace) {
    #expect(
      workspace.tree("run").files.isSubset(of: [
        "runs.csv", "study.json", "machine.json", "command.txt", "timeline.csv",
      ]))
    #expect(!workspace.tree("run").entries.values.contains(.folder))
  }

  @Test func strongStudyLeavesItsRowsAndPrintsItsTable() throws {
    let workspace = try Workspace()
    let outcome = try Program.run(Self.strong, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    try expectComplete(workspace)
    let rows = try rows(workspace)
    #expect(rows.count == Self.strongRowCount)
    for row in rows {
      let measurement = row.measurement
      #expect(measurement.wallSeconds > 0 && measurement.stages[.transform] > 0 && measurement.readBytes > 0)
      #expect((measurement.writtenBytes > 0) == (row.configuration.saving == .on))
      #expect((measurement.stages[.encode] > 0) == (row.configuration.saving == .on))
      #expect(abs(measurement.stages.total - Double(row.configuration.ranks) * measurement.wallSeconds) < 1e-3)
      #expect(measurement.peakMemorySummedBytes >= measurement.peakMemoryLargestBytes)
      #expect(measurement.peakMemoryLargestBytes > 1 << 20 && measurement.minorFaults > 0)
    }
    #expect(outcome.output.contains("Strong scaling, saving on: 2 images, 2 copies of each, 64x64; medians of 2"))
    #expect(outcome.output.contains("Strong scaling, saving off"))
    let again = try Program.run(["compare", "run"], in: workspace)
    #expect(again.status == 0 && again.output == outcome.output)
    let machine = try #require(try Study.load(workspace.absolute("run")).machine)
    #expect((machine.memoryBandwidth?.oneCoreGigabytesPerSecond ?? 0) > 0 && machine.versions["opencv"] != nil)
  }

  @Test func timelineHasTheStagesOfEachTaskWhereAllCoresWork() throws {
    let workspace = try Workspace()
    let cores = Cores.available
    let outcome = try Program.run(["strong", "--ranks", "\(cores)", "--size", "64x64"] + Self.options, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    try expectComplete(workspace)
    let text = String(decoding: try #require(workspace.contents("run/timeline.csv")), as: UTF8.self)
    let lines = text.split(separator: "\n").map { $0.split(separator: ",") }
    #expect(lines[0].joined(separator: ",") == "strategy,ranks,rank,stage,task,beginSeconds,endSeconds")
    let study = try Study.load(workspace.absolute("run"))
    for configuration in Set(study.rows.map(\.configuration)) where configuration.ranks == cores {
      let own = lines.filter { $0[0] == configuration.strategy }
      // With `savers`, the last transform is a separate span, after the wait for a slot.
      #expect(Set(own.filter { $0[3] == "transform" }.map { $0[4] }).count == 4)
      #expect(own.filter { $0[3] == "write" }.count == 4)
      let row = try #require(study.rows.first { $0.configuration == configuration && $0.repetition == 1 })
      for line in own {
        let (begin, end) = (try #require(Double(line[5])), try #require(Double(line[6])))
        #expect(0 <= begin && begin <= end && end <= row.measurement.wallSeconds + 1e-3)
        #expect((0...cores).contains(try #require(Int(line[2]))))
      }
    }
  }

  @Test func writingIsHeldToTheBandwidthThatIsAskedFor() throws {
    let workspace = try Workspace()
    let outcome = try Program.run(
      ["strong", "--ranks", "1", "--size", "64x64", "--strategies", "worker-reads", "--write-bandwidth", "0.05"]
        + Self.options, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let study = try Study.load(workspace.absolute("run"))
    #expect(study.description.writeMegabytesPerSecond == 0.05)
    let row = try #require(study.rows.first)
    #expect(row.measurement.stages[.write] > 0.5 * Double(row.measurement.writtenBytes) / 50_000)
  }

  @Test func datasetIsMadeAugmentedInThreeWaysAndTold() throws {
    let workspace = try Workspace()
    let outcome = try Program.run(
      [
        "strong", "--dataset", "small", "--dataset-scale", "0.004", "--strategies", "executor,threads,spawn", "--ranks",
        "2,4", "--repetitions", "1", "--pause", "0.001", "--output", "run", "--no-wait",
      ], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    try expectComplete(workspace)
    let description = try Study.load(workspace.absolute("run")).description
    #expect(description.dataset == .small && description.preset == .thermal && description.pattern == "thermal")
    #expect(description.pauseSeconds == 0.001)
    let rows = try self.rows(workspace)
    #expect(rows.count == 1 + 3 * 2)
    #expect(rows.allSatisfy { $0.configuration.images == 4 && $0.configuration.copies == 1 })
    #expect(rows.allSatisfy { $0.configuration.size.description == "640x512" })
    for text in [
      "4 images (the small dataset, 4 of its 1000 images), 640x512", "\nSpeedup, saving on\n",
      "\nEfficiency, saving on: speedup / ranks\n", "\nBest number of ranks of each strategy, saving on\n",
    ] {
      #expect(outcome.output.contains(text), "\(outcome.output)")
    }
  }

  @Test func datasetOfAFolderIsItsFirstImages() throws {
    let workspace = try Workspace(images: 5)
    let outcome = try Program.run(
      [
        "strong", "--dataset", "medium", "--images", "3", "--input", "in", "--strategies", "threads", "--ranks", "2",
        "--repetitions", "1", "--output", "run", "--no-wait",
      ], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(try rows(workspace).map(\.configuration.images) == [3, 3])
    #expect(try Study.load(workspace.absolute("run")).description.inputImages == 5)
  }

  @Test(arguments: [
    ("--dataset small --size 10x10", "--size: "), ("--dataset-scale 0.5", "--dataset-scale is a share of "),
    ("--dataset big --job prepare", "--dataset is augmented: it needs --job augment"),
    ("--dataset big --dataset-scale 0.1 --images 4", "give one or the other"),
    ("--dataset small --images 1001", "no more than 1000 images"), ("--dataset small --pattern noise", "--pattern: "),
    ("--dataset tiny", "'tiny'"), ("--dataset small --dataset-scale 0", "--dataset-scale must be more than 0"),
    ("--pause=-1", "--pause must lie between 0 and 3600"),
  ])
  func datasetRefusesWhatContradictsIt(options: String, reason: String) throws {
    let workspace = try Workspace()
    let outcome = try Program.run(
      ["strong", "--ranks", "2"] + options.split(separator: " ").map(String.init), in: workspace)
    #expect(outcome.status == 64 && workspace.tree == Tree())
    #expect(outcome.errorText.hasPrefix("Error: ") && outcome.errorText.contains(reason), "\(outcome.errorText)")
  }

  @Test func weakStudyHasASizeForEachNumberOfRanks() throws {
    let workspace = try Workspace()
    let outcome = try Program.run(
      ["weak", "--sizes", "32x32,64x32", "--ranks", "1,2"] + Self.options, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    try expectComplete(workspace)
    let sizes = Set(try rows(workspace).map { "\($0.configuration.ranks) \($0.configuration.size)" })
    #expect(sizes == ["1 32x32", "2 64x32"])
  }

  @Test func comparisonTellsTheCostOfSaving() throws {
    let workspace = try Workspace(images: 2)
    let outcome = try Program.run(
      ["compare", "--ranks", "1,2", "--input", "in", "--pattern", "noise"] + Self.options, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    try expectComplete(workspace)
    #expect(outcome.output.hasPrefix("Saving on against off"))
    let both = try Program.run(["compare", "run", "run"], in: workspace)
    #expect(both.status == 0 && both.output.contains("slower in 0"))
  }

  /// Killed at its first write or rename, then at the second, and so on until it completes.
  @Test(.enabled(if: Strace.mayTrace, "strace is not installed, or tracing is not permitted"))
  func studyThatIsKilledAtEachOfItsWritesHasEachRepetitionOnceInTheEnd() throws {
    let workspace = try Workspace()
    var (killed, isDone) = (0, false)
    while !isDone {
      try #require(killed < 500)
      let death = "inject=write,rename,renameat,renameat2,fsync:signal=KILL:when=\(killed + 1)"
      // Without -f, the study's processes are not traced and go on until they notice that it is gone.
      let outcome = try Program.run(
        Self.strong + ["--resume", "--quiet"], in: workspace, prefix: ["strace", "-qq", "-o", "/dev/null", "-e", death])
      isDone = outcome.status == 0
      #expect(isDone || outcome.status == 128 + SIGKILL, "\(outcome.errorText)")
      if !isDone { killed += 1 }
    }
    // Description, command, machine, header and a row are written one after another.
    #expect(killed >= 5)
    try expectComplete(workspace)
  }

  @Test func lineThatWasTornIsMeasuredAgain() throws {
    let workspace = try Workspace()
    #expect(try Program.run(Self.strong, in: workspace).status == 0)
    let text = String(decoding: try #require(workspace.contents("run/runs.csv")), as: UTF8.self)
    try workspace.addFile("run/runs.csv", String(text.dropLast(40)))
    #expect(try rows(workspace).count == Self.strongRowCount - 1)
    #expect(try Program.run(Self.strong + ["--resume"], in: workspace).status == 0)
    try expectComplete(workspace)
    #expect(try rows(workspace).dropLast() == StudyRow.rows(text: text, path: "runs.csv").dropLast())
  }

  @Test func folderWithARunIsWrittenToOnlyToGoOnWithIt() throws {
    let workspace = try Workspace()
    #expect(try Program.run(Self.strong, in: workspace).status == 0)
    let before = workspace.tree("run")
    let refused = try Program.run(Self.strong, in: workspace)
    #expect(refused.status == 2)
    #expect(
      refused.errorText
        == "augment-cli: run holds a run already: give --resume to continue it, or name another folder\n")
    let other = try Program.run(Self.strong + ["--resume", "--seed", "1"], in: workspace)
    #expect(other.status == 2)
    #expect(
      other.errorText
        == "augment-cli: run holds the run of another plan: its seed is 0 and not 1; name another folder\n")
    #expect(workspace.tree("run") == before)
  }

  @Test func runOfAnEarlierVersionIsNotGoneOnWith() throws {
    let workspace = try Workspace()
    #expect(try Program.run(Self.strong, in: workspace).status == 0)
    let text = String(decoding: try #require(workspace.contents("run/runs.csv")), as: UTF8.self)
    let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let earlier = lines.map { "\($0.dropLast(2).joined(separator: ","))\n" }.joined()
    try workspace.addFile("run/runs.csv", earlier)
    let before = workspace.tree("run")
    #expect(try rows(workspace).count == Self.strongRowCount)
    let outcome = try Program.run(Self.strong + ["--resume"], in: workspace)
    #expect(outcome.status == 2)
    #expect(
      outcome.errorText
        == "augment-cli: run holds a run of an earlier version, whose rows have fewer columns; name another folder\n")
    #expect(workspace.tree("run") == before)
  }

  @Test(arguments: ["--batch", "--chunk-size"])
  func batchIsKeptAndPartOfThePlan(option: String) throws {
    let workspace = try Workspace()
    let outcome = try Program.run(Self.strong + [option, "3"], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(try Study.load(workspace.absolute("run")).description.chunkSize == 3)
    let other = try Program.run(Self.strong + ["--resume"], in: workspace)
    #expect(
      other.errorText
        == "augment-cli: run holds the run of another plan: its batch is 3 and not that of each strategy; "
        + "name another folder\n")
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func stoppedStudyKeepsItsRowsAndNothingElse(signal: Int32) throws {
    let workspace = try Workspace()
    // A study that would take minutes, stopped in the middle of a cell.
    let program = try Program(
      [
        "strong", "--ranks", "2", "--size", "400x300", "--images", "2", "--copies", "20000", "--output", "run",
        "--no-wait",
      ],
      in: workspace)
    let cell = try #require(program.waitForChild(processorSeconds: 1, otherThan: []))
    #expect(cell > 0)
    program.send(signal)
    let outcome = program.wait()
    #expect(outcome.status == 128 + signal)
    #expect(outcome.errorLines.last?.hasPrefix("augment-cli: stopped by SIG") == true)
    #expect(try rows(workspace).isEmpty)
    expectNothingElse(workspace)
    let description = try Study.load(workspace.absolute("run")).description
    #expect(!description.complete && description.endTime != nil)
  }

  @Test func cellThatTakesTooLongIsASentenceAndTheStudyGoesOn() throws {
    let workspace = try Workspace()
    // Every cell would take a minute; the warm-up makes few copies.
    let outcome = try Program.run(
      [
        "strong", "--ranks", "2", "--strategies", "worker-reads", "--size", "400x300", "--images", "2", "--copies",
        "20000", "--repetitions", "1", "--output", "run", "--cell-timeout", "2", "--quiet", "--no-wait",
      ], in: workspace)
    #expect(outcome.status == 1)
    #expect(
      outcome.errorLines == [
        "augment-cli: sequential, 1 rank, 400x300, saving on, repetition 1: not done after 2 s",
        "augment-cli: worker-reads, 2 ranks, 400x300, saving on, repetition 1: not done after 2 s",
      ])
    #expect(try rows(workspace).isEmpty)
    #expect(try !Study.load(workspace.absolute("run")).description.complete)
    expectNothingElse(workspace)
  }

  /// The strategies that keep decoded images in shared memory: with one copy per image, main-reads ten at a time, and
  /// adaptive none.
  @Test(arguments: [MainReads.name, Adaptive.name])
  func folderOfTenTimesTheSharedMemoryTakesNoMoreMemory(strategy: String) throws {
    let workspace = try Workspace()
    try workspace.addImage("few/image.jpg", width: 1000, height: 1000)
    for index in 1..<10 { try workspace.addSecondName("few/\(index).jpg", of: "few/image.jpg") }
    for index in 0..<100 { try workspace.addSecondName("many/\(index).jpg", of: "few/image.jpg") }
    let peaks = try ["few", "many"].map { input in
      let options = ["--ranks", "2", "--copies", "1", "--repetitions", "1", "--strategies", strategy]
      let outcome = try Program.run(
        ["strong", "--input", input, "--output", "\(input)-run", "--no-wait"] + options, in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      let rows = try RunFolder(workspace.absolute("\(input)-run")).rows()
      return try #require(rows.first { $0.configuration.strategy == strategy }).measurement.peakMemorySummedBytes
    }
    // The 90 additional images are 270 MB of pixels.
    #expect(peaks[1] - peaks[0] < 30_000_000, "\(peaks)")
  }

  @Test func imageThatCannotBeReadEndsTheStudyByName() throws {
    let workspace = try Workspace(images: 2)
    try workspace.truncate("in/image1.jpg")
    let outcome = try Program.run(["compare", "--ranks", "1", "--input", "in"] + Self.options, in: workspace)
    #expect(outcome.status == 2)
    #expect(outcome.errorText.contains("image1.jpg"))
    try workspace.addFolder("none")
    let empty = try Program.run(["strong", "--ranks", "1", "--input", "none"] + Self.options, in: workspace)
    #expect(empty.status == 2 && empty.errorText == "augment-cli: none: no images here\n")
  }

  /// Also an option that is given its default value.
  @Test(arguments: [["--ranks=1"], ["--size", "20x20"], ["--input", "in"], ["--repetitions", "3"], ["--quiet"]])
  func comparisonOfKeptRunsRefusesTheOptionsThatItWouldIgnore(options: [String]) throws {
    let name = try #require(options[0].split(separator: "=").first)
    for arguments in [["a"] + options, ["a", "b"] + options, options + ["a", "b"]] {
      let outcome = try Program.run(["compare"] + arguments, in: Workspace())
      #expect(outcome.status == 64)
      #expect(
        outcome.errorLines.first
          == "Error: compare takes no options with earlier runs: \(name) would have no effect")
    }
  }

  @Test(arguments: [
    ["strong"], ["strong", "--ranks", "8..2"], ["strong", "--ranks", "1", "--strategies", "none"], ["weak"],
    ["weak", "--sizes", "--ranks", "1"], ["weak", "--sizes", "20", "--ranks", "1"],
    ["weak", "--sizes", "20x20", "--ranks", "1,2"], ["compare", "a", "b", "c"],
    ["strong", "--ranks", "1", "--copies", "0"], ["strong", "--ranks", "1", "--batch", "0"],
  ])
  func wrongUsageIsRefusedBeforeAnythingIsMade(arguments: [String]) throws {
    let workspace = try Workspace()
    #expect(try Program.run(arguments, in: workspace).status == 64)
    #expect(workspace.tree.entries.isEmpty)
  }
}

import Foundation
import Glibc
import Imaging
import Testing

/// Runs that go on where another has stopped, and the commands that look at them.
struct ResumeTests {
  /// A finished run of `images` images with 5 copies each, in `out`.
  private func finishedRun(images: Int = 6, _ options: [String] = []) throws -> Workspace {
    let workspace = try Workspace(images: images)
    let outcome = try Program.run(["augment", "in", "out"] + options, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    return workspace
  }

  private func resume(_ options: String..., in workspace: Workspace) throws -> Program.Outcome {
    try Program.run(["augment", "in", "out", "--resume", "--json"] + options, in: workspace)
  }

  /// When each file of the output was last changed, records included.
  private func times(in workspace: Workspace) throws -> [String: Date] {
    var times: [String: Date] = [:]
    let names = FileManager.default.enumerator(atPath: workspace.absolute("out"))
    while let name = names?.nextObject() as? String {
      let attributes = try FileManager.default.attributesOfItem(atPath: workspace.absolute("out/\(name)"))
      times[name] = attributes[.modificationDate] as? Date
    }
    return times
  }

  @Test func finishedRunRunAgainTouchesNothing() throws {
    let workspace = try finishedRun()
    let before = try times(in: workspace)
    for options in [["--resume"], []] {
      let outcome = try Program.run(["augment", "in", "out"] + options, in: workspace)
      #expect(outcome.status == 0)
      #expect(outcome.errorText.contains("Nothing to do: 30 of 30 copies are there"))
    }
    var after = try times(in: workspace)
    // Who holds the record is written there.
    after[".augment/lock"] = before[".augment/lock"]
    #expect(before == after)
  }

  @Test func outputThatIsGoneOrHasAnotherSizeIsMadeAgain() throws {
    let workspace = try finishedRun()
    let reference = workspace.tree("out")
    try FileManager.default.removeItem(atPath: workspace.absolute("out/image1_aug000003.jpg"))
    try workspace.truncate("out/image4_aug000000.jpg")
    let summary = try Summary(try resume(in: workspace))
    #expect(summary.copies == 2 && summary.skipped == 28 && summary.complete)
    #expect(workspace.tree("out") == reference)
  }

  @Test(arguments: StrategyNames.all)
  func everyStrategyMakesWhatIsMissing(strategy: String) throws {
    let workspace = try finishedRun(images: 8)
    let reference = workspace.tree("out")
    for image in 0..<8 where image % 3 == 1 {
      for copy in 0..<5 { try remove("out/image\(image)_aug00000\(copy).jpg", in: workspace) }
    }
    for copy in [0, 2, 4] { try remove("out/image5_aug00000\(copy).jpg", in: workspace) }
    let outcome = try resume("--strategy", strategy, "--ranks", strategy == "sequential" ? "1" : "3", in: workspace)
    let summary = try Summary(outcome)
    #expect(outcome.status == 0 && summary.copies == 18 && summary.skipped == 22, "\(outcome.errorText)")
    #expect(workspace.tree("out") == reference)
  }

  private func remove(_ file: String, in workspace: Workspace) throws {
    try FileManager.default.removeItem(atPath: workspace.absolute(file))
  }

  @Test func unfinishedRunIsRefusedWithoutAWord() throws {
    let workspace = try finishedRun()
    try remove("out/image1_aug000003.jpg", in: workspace)
    let outcome = try Program.run(["augment", "in", "out"], in: workspace)
    #expect(outcome.status == 2)
    #expect(
      outcome.errorLines == [
        "augment-cli: out holds this run, 29 of 30 copies done: give --resume to continue it, or --overwrite to begin anew"
      ])
  }

  @Test(arguments: [
    (["--copies", "4"], "--copies was 5 and is 4"), (["--seed", "1"], "--seed was 0 and is 1"),
    (["--format", "png"], "--format was not given and is"), (["--quality", "80"], "--quality was 95 and is 80"),
    (["--preset", "thermal"], "--pipeline was another text and is another text"),
    (["--name", "{stem}-{copy}"], "--name was {stem}_aug{copy:06} and is {stem}-{copy}"),
  ])
  func anotherRunIsRefusedByWhatDiffers(options: [String], sentence: String) throws {
    let workspace = try finishedRun()
    let before = workspace.tree("out")
    let outcome = try Program.run(["augment", "in", "out", "--resume"] + options, in: workspace)
    #expect(outcome.status == 2)
    #expect(outcome.errorText.contains("out holds another run: \(sentence)"), "\(outcome.errorText)")
    #expect(workspace.tree("out") == before)
  }

  @Test func changedInputIsRefusedByName() throws {
    let changes: [(String, (Workspace) throws -> Void)] = [
      ("image2.jpg in the input has changed", { try $0.addImage("in/image2.jpg", seed: 77) }),
      (
        "image3.jpg is gone from the input",
        { try FileManager.default.removeItem(atPath: $0.absolute("in/image3.jpg")) }
      ),
      ("image1b.jpg has come to the input", { try $0.addImage("in/image1b.jpg") }),
      ("z.jpg has come to the input", { try $0.addImage("in/z.jpg") }),
    ]
    for (sentence, change) in changes {
      let workspace = try finishedRun()
      try change(workspace)
      let outcome = try resume(in: workspace)
      #expect(outcome.status == 2)
      #expect(outcome.errorText.contains("out holds another run: \(sentence);"), "\(outcome.errorText)")
    }
  }

  @Test func changedLabelsMasksAndReferenceImagesAreRefused() throws {
    let changes: [(what: String, options: [String], change: (Workspace) throws -> Void)] = [
      ("labels", [], { try $0.addFile("in/annotations/more.xml") }),
      ("masks", ["--masks", "masks"], { try $0.addImage("masks/scene0.png", as: .png, seed: 8) }),
      (
        "reference images", ["--pipeline", "mix.json", "--reference", "references"],
        { try $0.addImage("references/image0.jpg", seed: 9, width: 300) }
      ),
    ]
    for (what, options, change) in changes {
      let workspace = try Workspace()
      try LabelledDataSet.write(.boxes, to: workspace)
      try workspace.addPipeline("mix.json", "FDA")
      try workspace.addImage("references/image0.jpg", seed: 3)
      try workspace.addFolder("masks")
      for index in 0..<6 {
        let (width, height) = (90 + 31 * index, 160 - 17 * index)
        try workspace.addImage("masks/scene\(index).png", as: .png, seed: index, width: width, height: height)
      }
      let arguments = ["augment", "in", "out", "--copies", "2"] + options
      let first = try Program.run(arguments, in: workspace)
      #expect(first.status == 0, "\(what): \(first.errorText)")
      try change(workspace)
      let outcome = try Program.run(arguments + ["--resume"], in: workspace)
      #expect(outcome.status == 2)
      #expect(outcome.errorText.contains("out holds another run: the \(what) have changed"), "\(outcome.errorText)")
    }
  }

  @Test func stoppedRunTellsTheCommandThatGoesOn() throws {
    let workspace = try Workspace(images: 40)
    let watch = try outputWatch(in: workspace)
    let program = try Program(["augment", "in", "out", "--name", "{stem} {copy}", "--ranks", "1"], in: workspace)
    #expect(watch.wait(for: 1))
    program.send(SIGTERM)
    let outcome = program.wait()
    #expect(outcome.status == 128 + SIGTERM)
    let command = "augment in out --name '{stem} {copy}' --ranks 1 --resume"
    #expect(outcome.errorLines.contains { $0.hasPrefix("augment-cli: to go on: ") && $0.hasSuffix(command) })
  }

  private func outputWatch(in workspace: Workspace) throws -> FolderWatch {
    try workspace.addFolder("out")
    return FolderWatch(workspace.absolute("out"))
  }

  @Test func sourceThatChangesDuringTheRunFails() throws {
    let workspace = try Workspace(images: 40)
    let watch = try outputWatch(in: workspace)
    let program = try Program(["augment", "in", "out", "--ranks", "1", "--json"], in: workspace)
    #expect(watch.wait(for: 1))
    program.send(SIGSTOP)
    program.waitUntilStopped(program.pid)
    try workspace.addImage("in/image9.jpg", seed: 77, width: 120)
    program.send(SIGCONT)
    let outcome = program.wait()
    #expect(outcome.status == 1)
    #expect(outcome.errorLines == ["augment-cli: image9.jpg: changed since the run was planned"])
    #expect(try Summary(outcome).copies == 195)
  }

  @Test func imageThatFailedIsTriedAgain() throws {
    let workspace = try Workspace(images: 3)
    try workspace.addImage("in/cut.jpg")
    try workspace.truncate("in/cut.jpg")
    let first = try Program.run(["augment", "in", "out", "--json"], in: workspace)
    let second = try resume(in: workspace)
    for outcome in [first, second] {
      #expect(outcome.status == 1)
      #expect(outcome.errorLines == ["augment-cli: cut.jpg: truncated: Premature end of input file"])
    }
    #expect(try Summary(second).skipped == 15 && Summary(second).copies == 0)
  }

  @Test func resumeWithoutARunBeginsOne() throws {
    let workspace = try Workspace(images: 2)
    #expect(try Summary(try resume(in: workspace)).copies == 10)
  }

  @Test func lineThatIsTornOrDamagedCostsItsOutputAlone() throws {
    let workspace = try finishedRun()
    let reference = workspace.tree("out")
    let path = workspace.absolute("out/.augment/manifest.jsonl")
    var bytes = try Data(contentsOf: URL(filePath: path))
    let middle = bytes.count / 2
    bytes.replaceSubrange(middle..<middle + 3, with: Data("\0\0\0".utf8))
    bytes.removeLast(20)
    try bytes.write(to: URL(filePath: path))
    let outcome = try resume(in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(try Summary(outcome).skipped >= 28)
    #expect(workspace.tree("out") == reference)
  }

  @Test func damagedPlanIsASentence() throws {
    let workspace = try finishedRun()
    try workspace.truncate("out/.augment/plan.json")
    let outcome = try resume(in: workspace)
    #expect(outcome.status == 2)
    #expect(outcome.errorLines == ["augment-cli: out: .augment/plan.json is damaged"])
  }

  @Test func labelsOfAnInterruptedRunAreWholeInTheEnd() throws {
    for format in ["coco", "voc", "yolo"] {
      let workspace = try Workspace()
      try LabelledDataSet.write(.polygons, to: workspace)
      let arguments = ["augment", "in", "out", "--label-output", format, "--copies", "3"]
      #expect(try Program.run(arguments, in: workspace).status == 0)
      let reference = workspace.tree("out")
      let images = reference.files.filter { $0.hasSuffix(".jpg") }.sorted()
      for image in images.prefix(2) { try remove("out/\(image)", in: workspace) }
      let outcome = try Program.run(arguments + ["--resume"], in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(workspace.tree("out") == reference, "\(format)")
    }
  }

  @Test func secondRunIntoTheSameFolderIsRefusedByHostAndProcess() throws {
    let workspace = try Workspace(images: 40)
    try workspace.addFolder("out")
    let watch = FolderWatch(workspace.absolute("out"))
    let first = try Program(["augment", "in", "out", "--copies", "10", "--ranks", "1"], in: workspace)
    #expect(watch.wait(for: 1))
    first.send(SIGSTOP)
    first.waitUntilStopped(first.pid)
    let second = try Program.run(["augment", "in", "out", "--copies", "10", "--resume"], in: workspace)
    #expect(second.status == 75)
    #expect(second.errorText.contains("out: another run writes to it (host "), "\(second.errorText)")
    #expect(second.errorText.contains("pid \(first.pid))"))
    first.send(SIGCONT)
    #expect(first.wait().status == 0)
  }

  @Test func verifyFindsWhatIsMissingDamagedOrStrange() throws {
    let workspace = try finishedRun()
    let sound = try Program.run(["verify", "out", "--full"], in: workspace)
    #expect(sound.status == 0 && sound.output.isEmpty && sound.errorText == "30 files as written\n")
    try remove("out/image0_aug000000.jpg", in: workspace)
    try workspace.truncate("out/image1_aug000000.jpg")
    let path = URL(filePath: workspace.absolute("out/image2_aug000000.jpg"))
    var bytes = try Data(contentsOf: path)
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: path)
    try workspace.addFile("out/strange.txt")
    try workspace.addFile("out/.augment-x-1.tmp")
    func faults(_ options: String...) throws -> [String] {
      let outcome = try Program.run(["verify", "out"] + options, in: workspace)
      #expect(outcome.status == 1)
      return outcome.output.split(separator: "\n").map { String($0.prefix { $0 != ":" }) }.sorted()
    }
    let found = [".augment-x-1.tmp", "image0_aug000000.jpg", "image1_aug000000.jpg", "strange.txt"]
    #expect(try faults() == found)
    #expect(try faults("--full") == (found + ["image2_aug000000.jpg"]).sorted())
  }

  @Test func statusTellsHowFarARunHasCome() throws {
    let workspace = try finishedRun()
    let done = try Program.run(["status", "out"], in: workspace)
    #expect(done.status == 0 && done.output.contains("finished; 30 of 30 copies made"), "\(done.output)")
    #expect(try Program.run(["status", "in"], in: workspace).status == 2)
  }

  @Test func replayMakesTheSameBytesElsewhere() throws {
    let workspace = try finishedRun()
    try FileManager.default.moveItem(atPath: workspace.absolute("in"), toPath: workspace.absolute("elsewhere"))
    for id in ["17", "image3_aug000002.jpg"] {
      let outcome = try Program.run(
        ["replay", "out", "--id", id, "--input", "elsewhere", "--to", "again"], in: workspace)
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.errorText)")
    }
    #expect(workspace.contents("again/image3_aug000002.jpg") == workspace.contents("out/image3_aug000002.jpg"))
    try workspace.addImage("elsewhere/image3.jpg", seed: 99)
    let changed = try Program.run(["replay", "out", "--id", "17", "--input", "elsewhere"], in: workspace)
    #expect(changed.status == 1 && changed.output.contains("image3.jpg has changed"), "\(changed.output)")
    #expect(try Program.run(["replay", "out", "--id", "3000"], in: workspace).status == 2)
  }

  @Test func whatWasDrawnIsShownAsAPipelineThatDoesTheSame() throws {
    let workspace = try finishedRun(["--format", "png", "--preset", "thermal"])
    let shown = try Program.run(["replay", "out", "--id", "17", "--show"], in: workspace)
    #expect(shown.status == 0, "\(shown.errorText)")
    try workspace.addFile("fixed.json", shown.output)
    #expect(try Program.run(["explain", "fixed.json"], in: workspace).status == 0)
    let none = try Program.run(["replay", "out", "--id", "17x", "--show"], in: workspace)
    #expect(none.status == 2 && none.errorLines == ["augment-cli: out: the manifest has no output 17x"])
  }

  @Test func everyLineTellsSourceDrawSizeAndHash() throws {
    struct Line: Decodable {
      struct File: Decodable { var path: String, bytes: Int, hash: String }
      struct Transform: Decodable { var name: String }
      var id: Int, status: String, output: String, copy: Int, milliseconds: Double
      var source: String, sourceFile: File, files: [File]
      var transforms: [Transform]?
    }
    for strategy in StrategyNames.all {
      let workspace = try finishedRun(["--strategy", strategy])
      let text = String(decoding: workspace.contents("out/.augment/manifest.jsonl") ?? Data(), as: UTF8.self)
      let lines = text.split(separator: "\n").filter { $0.hasPrefix("{\"id\"") }
      let entries = try lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
      #expect(Set(entries.map(\.id)) == Set(0..<30))
      for entry in entries {
        #expect(entry.status == "made" && entry.milliseconds > 0)
        #expect(entry.sourceFile.path == entry.source)
        #expect(entry.sourceFile.bytes == workspace.contents("in/\(entry.source)")?.count, "\(strategy)")
        #expect(entry.files.map(\.path) == [entry.output] && entry.files[0].hash.utf8.count == 32)
        #expect(entry.files[0].bytes == workspace.contents("out/\(entry.output)")?.count)
      }
      #expect(entries.contains { $0.transforms?.isEmpty == false })
    }
  }
}

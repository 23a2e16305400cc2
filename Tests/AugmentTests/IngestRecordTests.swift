import Datasets
import Foundation
import Glibc
import Imaging
import TestSupport
import Testing

/// Images in a folder, and a list of URLs that lead to them.
struct FileSite {
  let workspace: Workspace
  let count: Int

  /// - Parameter count: of the images; each has other bytes.
  init(_ count: Int = 6) throws {
    (workspace, self.count) = (try Workspace(images: count), count)
    try list((0..<count).map { "image\($0).jpg" })
  }

  func list(_ names: [String]) throws {
    try workspace.addFile("urls.txt", names.map { "file://\(workspace.absolute("in/\($0)"))\n" }.joined())
  }

  func ingest(_ output: String = "out", _ options: String..., prefix: [String] = []) throws -> Program.Outcome {
    try Program.run(
      ["ingest", "urls.txt", output, "--allow-file-urls", "--report", "report.jsonl", "--fallback", "skip"] + options,
      in: workspace, prefix: prefix)
  }

  /// The numbers of the images that the last run has tried, or taken as they were.
  func tried() throws -> [Int] { try downloads().map(\.number) }

  func downloads() throws -> [Download] {
    let text = String(decoding: workspace.contents("report.jsonl") ?? Data(), as: UTF8.self)
    return try text.split(separator: "\n").map { try JSONDecoder().decode(Download.self, from: Data($0.utf8)) }
  }

  func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: workspace.absolute(path)) }

  /// What the folder would hold after an undisturbed run.
  func reference() throws -> Tree {
    #expect(try ingest("whole").status == 0)
    return workspace.tree("whole")
  }
}

/// Downloads that go on where others have stopped.
struct IngestRecordTests {
  @Test(
    .enabled(if: Strace.mayTrace, "strace is not installed, or tracing is not permitted"),
    arguments: ["write", "rename,renameat,renameat2", "fsync,fdatasync,syncfs"])
  func deathAtTheNthCallLosesNothing(calls: String) throws {
    let site = try FileSite(4)
    let reference = try site.reference()
    for place in [1, 2, 3, 4, 5, 7, 10, 15] {
      if place > 1 { try site.remove("out") }
      let killer = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=\(calls):signal=SIGKILL:when=\(place)"]
      _ = try site.ingest("out", "--ranks", "2", "--durability", "file", prefix: killer)
      let left = site.workspace.tree("out").withoutTemporaries
      #expect(left.isPart(of: reference), "at call \(place)")
      let again = try site.ingest("out", "--resume")
      #expect(again.status == 0 && site.workspace.tree("out") == reference, "after call \(place): \(again.errorText)")
    }
  }

  @Test func finishedRunRunAgainTouchesNothing() throws {
    let site = try FileSite()
    #expect(try site.ingest().status == 0)
    let manifest = site.workspace.contents("out/.augment/manifest.jsonl")
    try site.remove("in")
    for options in [["--resume"], []] {
      let again = try site.ingest("out", options.first ?? "--ranks=2")
      #expect(again.status == 0 && again.errorText == "Nothing to do: 6 of 6 images are there\n", "\(again.errorText)")
    }
    #expect(try site.tried().isEmpty && site.workspace.contents("out/.augment/manifest.jsonl") == manifest)
  }

  @Test func imageThatIsGoneOrHasAnotherSizeIsDownloadedAgainAndNoOther() throws {
    let site = try FileSite()
    let reference = try site.reference()
    #expect(try site.ingest().status == 0)
    try site.remove("out/image_000002.jpg")
    try site.workspace.truncate("out/image_000005.jpg")
    // A sound image, but not the one that was received.
    try site.workspace.addImage("out/image_000006.jpg", seed: 99)
    let refused = try site.ingest()
    #expect(refused.status == 2)
    #expect(refused.errorText.contains("out holds this run, 3 of 6 images downloaded: give --resume to continue it"))
    #expect(try site.ingest("out", "--resume").status == 0)
    #expect(try site.tried() == [2, 5, 6] && site.workspace.tree("out") == reference)
  }

  /// A process may be killed between the rename and its line.
  @Test func imageWithoutALineIsKeptAndOneThatIsTornIsNot() throws {
    let site = try FileSite()
    let reference = try site.reference()
    #expect(try site.ingest("out", "--ranks", "1").status == 0)
    let path = URL(filePath: site.workspace.absolute("out/.augment/manifest.jsonl"))
    let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
    try Data(lines.prefix(3).map { "\($0)\n" }.joined().utf8).write(to: path)
    try site.workspace.truncate("out/image_000004.jpg")
    try site.workspace.addFile("out/image_000005.png", "another format")
    #expect(try site.ingest("out", "--resume").status == 0)
    #expect(try site.downloads().map(\.attempts) == [0, 1, 0, 0] && site.tried() == [3, 4, 5, 6])
    #expect(site.workspace.tree("out") == reference)
  }

  @Test func changedListOrOptionIsRefusedByWhatDiffers() throws {
    let site = try FileSite()
    #expect(try site.ingest().status == 0)
    let before = site.workspace.tree("out")
    for (options, sentence) in [
      (["--count", "7"], "it is of 6 images, not of 7"), (["--size", "20x20"], "--size was not given and is 20x20"),
      (["--quality", "80"], "--quality was 95 and is 80"), (["--seed", "4"], "--seed was 0 and is 4"),
      (["--fallback", "synthetic"], "--fallback was skip and is synthetic"),
    ] {
      let outcome = try site.ingest("out", "--resume", options[0], options[1])
      #expect(outcome.status == 2)
      #expect(outcome.errorText.contains("out holds another run: \(sentence);"), "\(outcome.errorText)")
    }
    try site.list((0..<6).map { $0 == 4 ? "other.jpg" : "image\($0).jpg" })
    let changed = try site.ingest("out", "--resume")
    #expect(changed.status == 2 && changed.errorText.contains("out holds another run: the URL of image 5 was file:///"))
    let job = try Program.run(["augment", "in", "out", "--resume"], in: site.workspace)
    #expect(job.status == 2 && job.errorText.contains("the command was ingest and is augment"), "\(job.errorText)")
    #expect(site.workspace.tree("out") == before)
    #expect(try site.ingest("out", "--overwrite", "--size", "20x20").status == 1)
  }

  @Test func statusVerifyAndReplaySayWhatTheyKnow() throws {
    let site = try FileSite()
    try site.list((0..<6).map { "image\($0).jpg" } + ["none.jpg"])
    #expect(try site.ingest().status == 1)
    let status = try Program.run(["status", "out"], in: site.workspace)
    #expect(
      status.output == "ingest of 7 images in urls.txt: finished; 6 of 7 images made, 1 failed\n", "\(status.output)")
    let sound = try Program.run(["verify", "out", "--full"], in: site.workspace)
    #expect(sound.status == 0 && sound.errorText == "6 files as written\n")
    try site.workspace.truncate("out/image_000003.jpg")
    #expect(try Program.run(["verify", "out"], in: site.workspace).output.hasPrefix("image_000003.jpg: has "))
    let replay = try Program.run(["replay", "out", "--id", "0"], in: site.workspace)
    #expect(replay.status == 2 && replay.errorText.contains("which no record can make again"), "\(replay.errorText)")
  }

  @Test func noiseGivesWayToTheImageWhateverItsFormat() throws {
    let site = try FileSite(2)
    try site.list(["image0.jpg", "late.png", "never.jpg"])
    let options = ["--fallback", "synthetic", "--size", "30x20"]
    func ingest(_ more: String...) throws -> Program.Outcome {
      try Program.run(
        ["ingest", "urls.txt", "out", "--allow-file-urls"] + options + more, in: site.workspace)
    }
    #expect(try ingest().status == 1)
    #expect(site.workspace.tree("out").files == ["image_000001.jpg", "image_000002.jpg", "image_000003.jpg"])
    let noise = site.workspace.contents("out/image_000003.jpg")
    try site.workspace.addImage("in/late.png", as: .png)
    #expect(try ingest("--resume").status == 1)
    #expect(site.workspace.tree("out").files == ["image_000001.jpg", "image_000002.png", "image_000003.jpg"])
    #expect(site.workspace.contents("out/image_000003.jpg") == noise)
    let verified = try Program.run(["verify", "out", "--full"], in: site.workspace)
    #expect(verified.status == 0 && verified.output.isEmpty, "\(verified.output)")
  }
}

/// The same with a server that fails on purpose.
@Suite(.enabled(if: UnreliableServer.python != nil, "no Python 3 for the server"))
struct IngestResumeTests {
  private let workspace: Workspace
  private let server: UnreliableServer

  init() throws {
    workspace = try Workspace()
    try workspace.addImage("source.jpg", width: 120, height: 90)
    server = try UnreliableServer(image: workspace.absolute("source.jpg"))
  }

  private func arguments(_ behaviours: [String], _ options: String...) throws -> [String] {
    try workspace.addFile("urls.txt", behaviours.map { "\(server.url($0))\n" }.joined())
    return ["ingest", "urls.txt", "out", "--retries", "0", "--size", "40x30", "--timeout", "600"] + options
  }

  @Test func serverThatFailedAndWorksAgainIsAskedForTheRest() throws {
    let arguments = try arguments(["image", "down-once", "html-once", "here"])
    let first = try Program.run(arguments, in: workspace)
    #expect(first.status == 1 && first.errorText.contains("Downloaded 2 of 4 images"), "\(first.errorText)")
    let again = try Program.run(arguments + ["--resume"], in: workspace)
    #expect(again.status == 0 && again.errorText.contains("already there: 2"), "\(again.errorText)")
    let files = workspace.tree("out").entries.values
    #expect(files.count == 4 && Set(files).count == 1)
  }

  @Test(arguments: [SIGKILL, SIGTERM]) func interruptedRunTellsHowToGoOnAndDoes(signal: Int32) throws {
    let arguments = try arguments(["image", "silent-once", "here"], "--ranks", "1")
    let program = try Program(arguments, in: workspace)
    #expect(server.waitForRequest("silent-once"))
    program.send(signal)
    let outcome = program.wait(limitSeconds: 60)
    #expect(outcome.status == 128 + signal)
    if signal == SIGTERM { #expect(outcome.errorText.contains("to go on: ") && outcome.errorText.contains("--resume")) }
    #expect(workspace.tree("out").withoutTemporaries.files == ["image_000001.jpg"])
    let again = try Program.run(arguments + ["--resume"], in: workspace)
    #expect(again.status == 0 && again.errorText.contains("already there: 1"), "\(again.errorText)")
    #expect(workspace.tree("out").entries.count == 3)
  }

  @Test func secondRunIntoTheSameFolderIsRefusedByHostAndProcess() throws {
    let arguments = try arguments(["image", "silent"], "--ranks", "1")
    let first = try Program(arguments, in: workspace)
    #expect(server.waitForRequest("silent"))
    let second = try Program.run(arguments + ["--resume"], in: workspace)
    #expect(second.status == 75 && second.errorText.contains("out: another run writes to it (host "))
    #expect(second.errorText.contains("pid \(first.pid))"), "\(second.errorText)")
    first.send(SIGTERM)
    #expect(first.wait().status == 128 + SIGTERM)
  }
}

import Datasets
import Foundation
import Glibc
import Imaging
import Testing

/// A folder with one image, and a server that sends it or fails.
private struct Site {
  let workspace: Workspace
  let server: UnreliableServer

  init() throws {
    workspace = try Workspace()
    try workspace.addImage("source.jpg", width: 120, height: 90)
    server = try UnreliableServer(image: workspace.absolute("source.jpg"))
  }

  func list(_ behaviours: [String]) throws -> String {
    try workspace.addFile("urls.txt", behaviours.map { server.url($0) }.joined(separator: "\n"))
    return "urls.txt"
  }

  /// Runs `ingest` with short waits, and returns what its report says.
  func ingest(_ source: String, _ options: String...) throws -> (outcome: Program.Outcome, downloads: [Download]) {
    let outcome = try Program.run(
      ["ingest", source, "out", "--report", "report.jsonl", "--backoff", "0.01", "--size", "40x30"] + options,
      in: workspace)
    return (outcome, try downloads())
  }

  /// Starts a run of one rank and waits until it has one image and waits for the other.
  func startAndWaitForSilence() throws -> Program {
    let program = try Program(
      [
        "ingest", list(["image", "silent"]), "out", "--report", "report.jsonl", "--timeout", "600", "--size", "40x30",
        "--ranks", "1",
      ], in: workspace)
    #expect(server.waitForRequest("silent"))
    return program
  }

  func downloads() throws -> [Download] {
    let text = String(decoding: workspace.contents("report.jsonl") ?? Data(), as: UTF8.self)
    return try text.split(separator: "\n").map { try JSONDecoder().decode(Download.self, from: Data($0.utf8)) }
  }
}

/// What becomes of one behaviour of the server.
private struct Case: CustomTestStringConvertible {
  var behaviour: String
  var attempts: Int
  /// Part of the reason; `nil` if the image is downloaded.
  var reason: String?
  var testDescription: String { behaviour }

  init(_ behaviour: String, attempts: Int = 1, says reason: String? = nil) {
    (self.behaviour, self.attempts, self.reason) = (behaviour, attempts, reason)
  }

  static let all = [
    Case("image"), Case("here"),
    Case("down-once", attempts: 2), Case("reset-once", attempts: 2), Case("cut-once", attempts: 2),
    Case("html-once", attempts: 2), Case("busy-once", attempts: 2),
    Case("missing", says: "status 404"),
    Case("down", attempts: 3, says: "status 503"), Case("down-endlessly", attempts: 3, says: "status 503"),
    Case("busy", says: "status 429, and asks to wait 86400 s"),
    Case("reset", attempts: 3, says: "reset"), Case("nothing", attempts: 3, says: "Empty reply"),
    Case("cut", attempts: 3, says: "bytes remaining"),
    Case("html", attempts: 2, says: "HTML page"), Case("bomb", attempts: 2, says: "unknown kind"),
    Case("half", attempts: 2, says: "truncated"), Case("empty", attempts: 2, says: "the response is empty"),
    Case("endless", says: "longer than the limit of 1000000 bytes"),
    Case("huge", says: "longer than the limit of 1000000 bytes"),
    Case("long-header", says: "header"), Case("endless-headers", says: "its headers have no end"),
    Case("loop", says: "redirects more than 10 times"),
    Case("to-file", says: "redirects to file:///etc/passwd, which is not public"),
    Case("to-private", says: "which is not public"), Case("to-hidden", says: "which is not public"),
    Case("to-name", says: "which is not public"), Case("to-cloud", says: "redirects to http://169.254.169.254/"),
    Case("to-nonsense", says: "which is not public"),
  ]
}

@Suite(.enabled(if: UnreliableServer.python != nil, "no Python 3 for the server"))
struct IngestTests {
  @Test func eachFailureIsMetAsItDeserves() throws {
    let site = try Site()
    let (outcome, downloads) = try site.ingest(
      site.list(Case.all.map(\.behaviour)), "--retries", "2", "--max-bytes", "1000000", "--json")
    #expect(outcome.status == 1, "\(outcome.errorText)")
    #expect(downloads.map(\.number) == Array(1...Case.all.count))
    for (expected, download) in zip(Case.all, downloads) {
      #expect(download.url == site.server.url(expected.behaviour))
      #expect(download.attempts == expected.attempts, "\(expected.behaviour)")
      #expect((download.outcome == .downloaded) == (expected.reason == nil), "\(expected.behaviour)")
      if let reason = expected.reason { #expect(download.reason?.contains(reason) == true, "\(download)") }
      // Noise or not, each has a file that can be decoded.
      let file = try #require(download.file)
      let shape = try ImageFile.read(site.workspace.absolute("out/\(file)")).color.shape
      #expect(shape == ImageShape(width: 40, height: 30, channels: 3))
    }
    let tree = site.workspace.tree("out")
    #expect(tree.temporaries.isEmpty && tree.files.count == Case.all.count)
    try expectSummary(outcome, of: downloads)
  }

  private func expectSummary(_ outcome: Program.Outcome, of downloads: [Download]) throws {
    struct Summary: Decodable {
      var images, downloaded, synthetic, skipped, attempts: Int
      var failures: [Download]
      var complete: Bool
    }
    let summary = try JSONDecoder().decode(Summary.self, from: Data(outcome.output.utf8))
    let failures = downloads.filter { $0.outcome != .downloaded }
    #expect(summary.complete && summary.images == downloads.count && summary.failures == failures)
    #expect(summary.synthetic == failures.count && summary.skipped == 0)
    #expect(summary.downloaded == downloads.count - failures.count)
    #expect(summary.attempts == downloads.reduce(0) { $0 + $1.attempts })
  }

  @Test(arguments: ["silent", "drip"])
  func serverThatIsTooSlowIsGivenUp(behaviour: String) throws {
    let site = try Site()
    let (outcome, downloads) = try site.ingest(site.server.url(behaviour), "--retries", "1", "--timeout", "0.3")
    #expect(outcome.status == 1 && downloads.map(\.attempts) == [2])
    #expect(downloads[0].reason?.contains("timed out") == true, "\(downloads)")
  }

  @Test(arguments: ["to-private", "to-hidden", "to-name"])
  func redirectToAPrivateAddressIsFollowedWhereThatIsAllowed(behaviour: String) throws {
    let site = try Site()
    let (outcome, downloads) = try site.ingest(site.server.url(behaviour), "--allow-private-redirects")
    #expect(outcome.status == 0 && downloads.map(\.outcome) == [.downloaded], "\(outcome.errorText)")
  }

  @Test func redirectToAFileIsRefusedEvenIfFilesAreAllowed() throws {
    let site = try Site()
    let (outcome, downloads) = try site.ingest(
      site.server.url("to-file"), "--allow-file-urls", "--allow-private-redirects", "--fallback", "skip")
    #expect(outcome.status == 1 && downloads.map(\.outcome) == [.skipped] && downloads[0].file == nil)
    #expect(site.workspace.tree("out").files.isEmpty)
  }

  @Test func bytesAreKeptUnlessTheImageIsScaled() throws {
    let site = try Site()
    try site.workspace.addImage("b.png", as: .png, seed: 1)
    let files = ["source.jpg", "b.png"].map { "file://\(site.workspace.absolute($0))" }
    try site.workspace.addFile("list", files.joined(separator: "\n"))
    let outcome = try Program.run(["ingest", "list", "out", "--allow-file-urls", "--count", "3"], in: site.workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(outcome.errorText.contains("2 URLs for 3 images: the list is repeated"))
    for (name, source) in [("1.jpg", "source.jpg"), ("2.png", "b.png"), ("3.jpg", "source.jpg")] {
      #expect(site.workspace.contents("out/image_00000\(name)") == site.workspace.contents(source))
    }
  }

  @Test func noiseIsTheSameForAnyNumberOfRanksAndNeverTwice() throws {
    let workspace = try Workspace()
    for ranks in ["1", "4"] {
      let outcome = try Program.run(
        [
          "ingest", "http://127.0.0.1:1/{n}", "ranks\(ranks)", "--count", "6", "--ranks", ranks, "--retries", "0",
          "--size", "50x30", "--seed", "5",
        ], in: workspace)
      #expect(outcome.status == 1)
      #expect(outcome.errorText.contains("Synthetic noise, not downloaded: image_000001.jpg, image_000002.jpg"))
    }
    let tree = workspace.tree("ranks1")
    #expect(tree == workspace.tree("ranks4") && Set(tree.entries.values).count == 6)
  }

  @Test func firstFailureEndsTheRunWhereThatIsWanted() throws {
    let site = try Site()
    let (outcome, downloads) = try site.ingest(
      site.list(["image", "missing"] + Array(repeating: "silent", count: 20)), "--fallback", "fail", "--ranks", "1")
    #expect(outcome.status == 2 && downloads.map(\.outcome) == [.downloaded, .skipped])
    #expect(outcome.errorLines.last == "augment-cli: stopped after the first failure, \(site.server.url("missing"))")
    #expect(site.workspace.tree("out").files == ["image_000001.jpg"])
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func stopSignalEndsWorkersThatWaitForAServer(signal: Int32) throws {
    let site = try Site()
    let program = try site.startAndWaitForSilence()
    program.send(signal)
    #expect(program.wait(limitSeconds: 60).status == 128 + signal)
    #expect(try site.downloads().map(\.number).allSatisfy { $0 == 1 })
    #expect(site.workspace.tree("out").entries.keys.sorted() == ["image_000001.jpg"])
  }

  @Test func imageThatKillsItsWorkerCostsTheRunNothingElse() throws {
    let site = try Site()
    let program = try site.startAndWaitForSilence()
    for pid in program.childPIDs { kill(pid, SIGKILL) }
    // It is tried once more.
    #expect(site.server.waitForRequest("silent"))
    for pid in program.childPIDs { kill(pid, SIGKILL) }
    #expect(program.wait(limitSeconds: 60).status == 1)
    let downloads = try site.downloads()
    #expect(downloads.map(\.outcome) == [.downloaded, .synthetic])
    #expect(downloads.last?.reason == "the worker was killed by SIGKILL (9) (out of memory?)")
    #expect(site.workspace.tree("out").files.count == 2)
  }

  @Test func folderThatIsNotEmptyIsRefusedUnlessItMayReplace() throws {
    let site = try Site()
    try site.workspace.addFile("out/image_000001.png", "mine")
    let before = site.workspace.tree
    let refused = try Program.run(["ingest", site.server.url("image"), "out"], in: site.workspace)
    #expect(refused.status == 2 && refused.errorText.contains("out is not empty") && site.workspace.tree == before)
    #expect(try site.ingest(site.server.url("image"), "--overwrite").outcome.status == 0)
    #expect(site.workspace.tree("out").files == ["image_000001.jpg"])
  }

  @Test(arguments: [
    ("missing", "missing: cannot open: No such file or directory"), ("source.jpg", "is not a text file of URLs"),
    ("http://a/{x}", "{x} is not a field"),
  ])
  func sourceThatIsNoneIsRefusedBeforeAnythingIsMade(source: String, text: String) throws {
    let workspace = try Workspace()
    try workspace.addImage("source.jpg")
    let before = workspace.tree
    let outcome = try Program.run(["ingest", source, "out"], in: workspace)
    #expect(outcome.status == 2 && outcome.errorLines.count == 1 && outcome.errorText.contains(text))
    #expect(workspace.tree == before)
  }

  @Test(arguments: [
    ("urls.txt/report", "urls.txt: "), ("folder", "folder: --report names a file"),
    ("./urls.txt", "./urls.txt: --report would replace the list of URLs"),
  ])
  func reportThatCannotBeWrittenIsToldBeforeTheDownload(report: String, text: String) throws {
    let workspace = try Workspace()
    try workspace.addFile("urls.txt", "http://127.0.0.1:1/")
    try workspace.addFolder("folder")
    let before = workspace.tree
    let outcome = try Program.run(["ingest", "urls.txt", "out", "--report", report], in: workspace)
    #expect(outcome.status == 2 && outcome.errorText.contains(text), "\(outcome.errorText)")
    #expect(workspace.tree == before)
  }

  @Test(arguments: [
    "--count 0", "--retries -1", "--retries 101", "--timeout 0", "--timeout nan", "--timeout inf", "--backoff -1",
    "--max-bytes 0", "--ranks 0", "--ranks 1025", "--quality 0", "--max-pixels 0", "--size 0x1", "--fallback no",
    "--report=",
  ])
  func wrongUsageIsRefused(options: String) throws {
    let workspace = try Workspace()
    let outcome = try Program.run(
      ["ingest", "http://127.0.0.1:1/", "out"] + options.split(separator: " ").map(String.init), in: workspace)
    #expect(outcome.status == 64 && outcome.output.isEmpty && workspace.tree == Tree())
  }
}

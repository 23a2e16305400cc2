import Foundation
import Platform
import Strategies
import Testing

/// The summary that a run prints.
struct SummaryTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace(images: 3)
    try workspace.addFile("in/empty.png")
    try workspace.addFile("in/notes.txt", "notes")
    try workspace.addImage("in/cut.jpg")
    try workspace.truncate("in/cut.jpg")
    return workspace
  }

  @Test(arguments: StrategyNames.all)
  func jsonIsOneObjectWhoseNumbersAgree(strategy: String) throws {
    let workspace = try workspace()
    let ranks = strategy == Sequential.name ? 1 : 3
    let outcome = try Program.run(
      ["augment", "in", "out", "--strategy", strategy, "--ranks", "3", "--seed", "7", "--json"], in: workspace)
    #expect(outcome.status == 1)
    #expect(outcome.output.hasSuffix("}\n") && outcome.output.count { $0 == "\n" } == 1)
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    let nodes = strategy == Nodes.name ? ["nodes"] : []
    #expect(
      // Where the main process decodes, there is no sandbox.
      Set(object?.keys.sorted() ?? []).subtracting(["sandbox"])
        == Set(
          nodes + [
            "complete", "copies", "copiesPlanned", "cores", "damaged", "failures", "filesIgnored", "images",
            "imagesFailed", "imagesPerSecond", "skipped", "job", "passedOver", "ranks", "ranksChosen", "readBytes",
            "saving", "seed",
            "stageSeconds", "strategy", "wallSeconds", "warnings", "workersReplaced", "writtenBytes",
          ]))
    let summary = try Summary(outcome)
    #expect(summary.strategy == strategy && summary.ranks == ranks && summary.seed == 7)
    #expect(summary.saving && summary.complete && summary.workersReplaced == 0)
    #expect(summary.images == 5 && summary.imagesFailed == 2 && summary.filesIgnored == 1)
    #expect(summary.copies == 3 * 5 && summary.copiesPlanned == 4 * 5)
    #expect(summary.failures.map(\.path).sorted() == ["cut.jpg", "empty.png"])
    #expect(summary.writtenBytes == byteCount(workspace.tree("out")))
    #expect(summary.readBytes >= byteCount(workspace.tree("in")) - 5)
    #expect(Set(summary.stageSeconds.keys) == ["read", "decode", "transform", "encode", "write", "wait"])
    #expect(summary.stageSeconds.values.allSatisfy { $0 >= 0 })
    // Waiting is the rest of the ranks' time, so the sum can exceed it only by what the clocks themselves take.
    let total = summary.stageSeconds.values.reduce(0, +)
    #expect(total > 0 && total >= summary.wallSeconds * Double(ranks) * 0.999)
    #expect(summary.wallSeconds > 0 && summary.imagesPerSecond > 0)
  }

  private func byteCount(_ tree: Tree) -> Int {
    tree.entries.values.reduce(0) { sum, entry in if case .file(let count, _) = entry { sum + count } else { sum } }
  }

  @Test func eachNodeTellsItsImagesAndItsTime() throws {
    let workspace = try Workspace(images: 5)
    let options = ["augment", "in", "out", "--strategy", Nodes.name, "--ranks", "3", "--overwrite"]
    let summary = try Summary(Program.run(options + ["--json"], in: workspace))
    let nodes = try #require(summary.nodes)
    #expect(nodes.map(\.images) == [3, 2])
    #expect(nodes.allSatisfy { $0.seconds > 0 && $0.seconds <= summary.wallSeconds })
    let text = try Program.run(options, in: workspace).errorText
    #expect(text.contains("\nnode 1: 3 images in ") && text.contains(" s, node 2: 2 images in "))
    // One image: the second node has nothing to do.
    let single = try Summary(
      Program.run(
        ["augment", "in/image0.jpg", "single", "--strategy", Nodes.name, "--ranks", "2", "--json"], in: workspace))
    #expect(single.nodes?.map(\.images) == [1, 0] && single.copies == 5)
  }

  @Test func smallWorkGetsOneRank() throws {
    let workspace = try Workspace(images: 3)
    let outcome = try Program.run(["augment", "in", "out"], in: workspace)
    #expect(outcome.errorText.contains("(adaptive, 1 rank, as suits the work)"), "\(outcome.errorText)")
    let summary = try Summary(Program.run(["augment", "in", "json", "--ranks", "auto", "--json"], in: workspace))
    #expect(summary.ranksChosen && summary.ranks == 1 && summary.strategy == Adaptive.name)
    let number = try Summary(Program.run(["augment", "in", "number", "--ranks", "2", "--json"], in: workspace))
    #expect(!number.ranksChosen && number.ranks == 2)
  }

  @Test func largerWorkGetsAllCores() throws {
    let workspace = try Workspace()
    try workspace.addImage("in/image.jpg", width: 1000, height: 1000)
    for index in 0..<8 { try workspace.addSecondName("in/\(index).jpg", of: "in/image.jpg") }
    let summary = try Summary(Program.run(["augment", "in", "out", "--copies", "1", "--json"], in: workspace))
    #expect(summary.ranks == min(8, Cores.available) && summary.strategy == Adaptive.name)
  }

  @Test func quietRunSaysNothingUnlessSomethingFails() throws {
    let workspace = try workspace()
    let failing = try Program.run(["augment", "in", "out", "--quiet"], in: workspace)
    #expect(failing.status == 1 && failing.output.isEmpty)
    #expect(
      Set(failing.errorLines) == [
        "augment-cli: cut.jpg: truncated: Premature end of input file",
        "augment-cli: empty.png: the file is empty",
      ])
    let sound = try Program.augment("in/image0.jpg", "sound", "--quiet", in: workspace)
    #expect(sound.output.isEmpty && sound.errorText.isEmpty)
  }

  @Test func summaryForPeopleGoesToStandardError() throws {
    let workspace = try workspace()
    let outcome = try Program.run(["augment", "in", "out", "--ranks", "2"], in: workspace)
    #expect(outcome.output.isEmpty)
    // The run is complete: every image was tried, and two failed.
    #expect(outcome.errorText.contains("Wrote 15 copies of 3 images in "))
    #expect(outcome.errorText.contains("(adaptive, 2 ranks"))
    #expect(outcome.errorText.contains("2 of 5 images failed, other files passed over: 1\n"))
  }

  @Test func summaryThatCannotBePrintedFailsTheRun() throws {
    let workspace = try Workspace(images: 1)
    let outcome = try Program.run(
      ["augment", "in", "out", "--json"], in: workspace, prefix: ["sh", "-c", "exec \"$@\" > /dev/full", "sh"])
    #expect(outcome.status == 2)
    #expect(outcome.errorText == "augment-cli: cannot write to standard output: No space left on device\n")
    #expect(workspace.tree("out").files.count == 5)
  }

  @Test func summaryForAStandardOutputThatIsClosedFailsTheRun() throws {
    let workspace = try Workspace(images: 1)
    let outcome = try Program.run(
      ["augment", "in", "out", "--json"], in: workspace, prefix: ["sh", "-c", "exec \"$@\" >&-", "sh"])
    #expect(outcome.status == 2)
    #expect(outcome.errorText == "augment-cli: cannot write to standard output: Bad file descriptor\n")
    #expect(workspace.tree("out").files.count == 5)
  }

  @Test(arguments: ["<&-", ">&-", "2>&-", "<&- 2>&-", "<&- >&- 2>&-", "2>/dev/full"])
  func standardDescriptorsThatAreMissingChangeNothing(redirection: String) throws {
    let workspace = try workspace()
    _ = try Program.run(["augment", "in", "reference"], in: workspace)
    let outcome = try Program.run(
      ["augment", "in", "out", "--ranks", "2"], in: workspace, prefix: ["sh", "-c", "exec \"$@\" \(redirection)", "sh"])
    #expect(outcome.status == 1)
    #expect(workspace.tree("out") == workspace.tree("reference"))
  }
}

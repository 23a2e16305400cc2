import Foundation
import Imaging
import Testing

/// `bench kmeans`.
struct ClusterBenchTests {
  private static let header = "K,Threads,T. Seq,Std. Seq,T. Par,Std. Par,Spd,Eff,Inertia"

  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.addImage("high.png", as: .png, width: 120, height: 90)
    try workspace.addImage("low.png", as: .png, width: 30, height: 20)
    return workspace
  }

  private func lines(_ path: String, _ workspace: Workspace) -> [String] {
    String(decoding: workspace.contents(path) ?? Data(), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test(arguments: [[], ["--unpadded"]])
  func everyCellIsMeasuredAndItsInertiaIsThatOfTheSequentialVersion(options: [String]) throws {
    let workspace = try workspace()
    let outcome = try Program.run(
      [
        "bench", "kmeans", "high.png", "low.png", "--colors", "4,8", "--threads", "1,3", "--runs", "2", "--output",
        "out",
      ] + options, in: workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(outcome.output.contains("The inertia of every parallel run equals that of the sequential one.\n"))
    // For each image and number of colours: one sequential cell, and two ways on two numbers of threads, twice each.
    #expect(lines("out/runs.csv", workspace).count == 1 + 2 * 2 * (1 + 2 * 2) * 2)
    let table = lines("out/table.csv", workspace)
    #expect(table.first == "Image,Way,\(Self.header)")
    #expect(table.count == 1 + 2 * 2 * 2 * 2)
    #expect(
      workspace.tree("out").files == ["runs.csv", "table.csv", "summary.md", "machine.json", "command.txt"])
  }

  @Test(arguments: [
    "--colors 0", "--colors 8,8", "--colors 8,,9", "--threads 0", "--threads many", "--ways all",
    "--ways sequential", "--runs 0", "--iterations 0",
  ])
  func wrongUsageIsRefused(options: String) throws {
    let workspace = try workspace()
    let before = workspace.tree
    let outcome = try Program.run(
      ["bench", "kmeans", "low.png"] + options.split(separator: " ").map(String.init), in: workspace)
    #expect(outcome.status == 64 && workspace.tree == before)
  }

  @Test func anEarlierRunIsKept() throws {
    let workspace = try workspace()
    try workspace.addFile("out/runs.csv", "image\n")
    let before = workspace.tree
    let outcome = try Program.run(["bench", "kmeans", "low.png", "--output", "out"], in: workspace)
    #expect(outcome.status == 2 && workspace.tree == before)
    #expect(outcome.errorText == "augment-cli: out holds a run already; name another folder\n")
  }

  @Test func anImageThatIsNoneIsNamed() throws {
    let workspace = try workspace()
    try workspace.addFile("text.png", "text")
    let outcome = try Program.run(["bench", "kmeans", "text.png", "--output", "out"], in: workspace)
    #expect(outcome.status == 2 && outcome.errorText.hasPrefix("augment-cli: text.png: "), "\(outcome.errorText)")
    #expect(workspace.tree("out").entries.isEmpty)
  }
}

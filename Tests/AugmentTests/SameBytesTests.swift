import Foundation
import Imaging
import Testing

struct SameBytesTests {
  /// Images of both kinds, in folders, for runs that are compared.
  private func variedWorkspace() throws -> Workspace {
    let workspace = try Workspace(images: 12)
    try workspace.addImage("in/sub/deep/one.png", as: .png, seed: 20)
    try workspace.addImage("in/sub/two.jpg", seed: 21, width: 31, height: 77)
    return workspace
  }

  @Test func copiesAreTheSameForAnyRanksStrategyAndChunkSize() throws {
    let workspace = try variedWorkspace()
    try Program.augment("in", "reference", in: workspace)
    let reference = workspace.tree("reference")
    #expect(reference.files.count == 14 * 5)
    let variants = [
      ["--ranks", "1"], ["--ranks", "2"], ["--ranks", "5"], ["--strategy", "sequential"], ["--chunk-size", "1"],
      ["--chunk-size", "3"], ["--chunk-size", "1000"], ["--chunk-size", "\(Int.max)"],
    ]
    for (number, options) in variants.enumerated() {
      let outcome = try Program.run(["augment", "in", "out\(number)"] + options, in: workspace)
      #expect(outcome.status == 0, "\(options): \(outcome.errorText)")
      #expect(workspace.tree("out\(number)") == reference, "\(options)")
    }
  }

  @Test func copiesOfAnImageDependOnNoOtherImage() throws {
    let workspace = try variedWorkspace()
    try Program.augment("in", "all", in: workspace)
    try FileManager.default.removeItem(atPath: workspace.absolute("in/image0.jpg"))
    try Program.augment("in", "others", in: workspace)
    let (all, others) = (workspace.tree("all"), workspace.tree("others"))
    #expect(others.isPart(of: all))
    #expect(others.files.count == all.files.count - 5)
  }

  @Test func singleFileGivesTheCopiesThatItGivesInItsFolder() throws {
    let workspace = try variedWorkspace()
    try Program.augment("in", "all", in: workspace)
    try Program.augment("in/image7.jpg", "one", in: workspace)
    let one = workspace.tree("one")
    #expect(one.files.count == 5)
    #expect(one.isPart(of: workspace.tree("all")))
  }

  @Test func moreCopiesExtendFewer() throws {
    let workspace = try variedWorkspace()
    try Program.augment("in", "few", "--copies", "2", in: workspace)
    try Program.augment("in", "many", "--copies", "7", in: workspace)
    let (few, many) = (workspace.tree("few"), workspace.tree("many"))
    #expect(few.files.count == 14 * 2 && many.files.count == 14 * 7)
    #expect(few.isPart(of: many))
  }

  @Test func everyCopyAndEverySeedDiffersUnderAPipelineThatAlwaysChanges() throws {
    let workspace = try Workspace(images: 6)
    try workspace.addPipeline("elastic.json", "ElasticTransform")
    let seeds = ["0", "1", "18446744073709551615"]
    for seed in seeds {
      try Program.augment("in", "out\(seed)", "--seed", seed, "--pipeline", "elastic.json", in: workspace)
    }
    let trees = seeds.map { workspace.tree("out\($0)") }
    let contents = trees.flatMap { tree in tree.files.map { tree[$0] } }
    #expect(contents.count == 6 * 5 * seeds.count)
    #expect(Set(contents).count == contents.count)
  }

  @Test(.enabled(if: SharedData.photographs != nil, "no photographs beside the package"))
  func photographsGiveTheSameCopiesThoughTenWorkersAreKilled() throws {
    let photographs = try #require(SharedData.photographs)
    let workspace = try Workspace()
    try Program.augment(photographs, "reference", "--ranks", "2", in: workspace)
    let reference = workspace.tree("reference")
    #expect(reference.files.count == 1000)

    try workspace.addFolder("out")
    let watch = FolderWatch(workspace.absolute("out"))
    let program = try Program(["augment", photographs, "out", "--ranks", "5", "--json"], in: workspace)
    for _ in 1...10 {
      try #require(watch.wait(forMore: 60))
      let worker = try #require(program.childPIDs.first)
      #expect(kill(worker, SIGKILL) == 0)
    }
    let outcome = program.wait()
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let summary = try Summary(outcome)
    #expect(summary.workersReplaced == 10 && summary.copies == 1000 && summary.complete)
    #expect(outcome.errorLines.count { $0.contains("was killed by SIGKILL (9) and is replaced") } == 10)
    #expect(workspace.tree("out") == reference)
  }
}

import Datasets
import Foundation
import Imaging
import Strategies
import TestSupport
import Testing

struct SameBytesTests {
  /// Images of both formats, in nested folders, for runs that are compared.
  private func variedWorkspace() throws -> Workspace {
    let workspace = try Workspace(images: 12)
    try workspace.addImage("in/sub/deep/one.png", as: .png, seed: 20)
    try workspace.addImage("in/sub/two.jpg", seed: 21, width: 31, height: 77)
    try workspace.addTransparentImage("in/transparent.png")
    try workspace.addProfiledImage("in/profiled.jpg")
    return workspace
  }

  @Test func copiesAreTheSameForAnyRanksStrategyAndChunkSize() throws {
    let workspace = try variedWorkspace()
    try Program.augment("in", "reference", in: workspace)
    let reference = workspace.tree("reference")
    #expect(reference.files.count == 16 * 5)
    // What only some strategies have, and every strategy with few and with many ranks.
    var variants: [[String]] = [
      ["--ranks", "1"], ["--ranks", "2"], ["--ranks", "5"], ["--chunk-size", "1"], ["--batch", "3"],
      ["--chunk-size", "1000"], ["--chunk-size", "\(Int.max)"], ["--strategy", MainReads.name, "--ranks", "5"],
      ["--strategy", Savers.name, "--ranks", "9", "--placement", "spread"],
      ["--strategy", Savers.name, "--ranks", "5", "--savers", "4", "--chunk-size", "3"],
      ["--strategy", Adaptive.name, "--ranks", "1", "--placement", "close"],
    ]
    variants += StrategyNames.withFewestRanks.map { ["--strategy"] + $0 }
    variants += StrategyNames.parallel.map { ["--strategy", $0, "--ranks", "9"] }
    for (number, options) in variants.enumerated() {
      let outcome = try Program.run(["augment", "in", "out\(number)"] + options, in: workspace)
      #expect(outcome.status == 0, "\(options): \(outcome.errorText)")
      #expect(workspace.tree("out\(number)") == reference, "\(options)")
    }
  }

  /// A pipeline of every transform, because not every draw of the default one includes each.
  @Test(arguments: ImagingRuntime.InstructionSet.allCases.filter { $0 != .best })
  func copiesAreTheSameForAnyInstructionSet(limit: ImagingRuntime.InstructionSet) throws {
    guard limit.isBelowBest else {
      try Test.cancel("\(limit) is not below the best of this machine, \(ImagingRuntime.InstructionSet.ofMachine)")
    }
    let workspace = try variedWorkspace()
    var appliedCount = 0
    for (number, type) in TransformCatalog.all.enumerated() {
      let pipeline = Pipeline(.transform(type.example, p: 1))
      try workspace.addFile("\(number).json", pipeline.serialized)
      let references = type is any ReferenceTransform.Type ? ["--reference", "in"] : []
      let options = ["--pipeline", "\(number).json", "--format", "png", "--copies", "3"] + references
      let best = try Program.run(["augment", "in", "best\(number)"] + options, in: workspace)
      let limited = try Program.run(
        ["augment", "in", "limited\(number)"] + options, in: workspace,
        prefix: ["env", "AUGMENT_INSTRUCTIONS=\(limit.rawValue)", "OPENCV_CPU_DISABLE=AVX512-SKX,AVX2,FMA3,AVX"])
      // Some crops are larger than some images, and some transforms need labels.
      #expect(best.status == limited.status && [0, 1, 64].contains(best.status), "\(type.name): \(limited.errorText)")
      if best.status == 0 { appliedCount += 1 }
      #expect(workspace.tree("limited\(number)") == workspace.tree("best\(number)"), "\(type.name)")
    }
    #expect(appliedCount > 80)
  }

  @Test func filesTurnedWithoutLossAreTheSameForAnyStrategyAndKeepTheirQuality() throws {
    let workspace = try variedWorkspace()
    try workspace.addImage("in/large.jpg", seed: 30, width: 64, height: 48)
    try workspace.addPipeline("turn.json", "HorizontalFlip", "RandomRotate90")
    let options = ["--pipeline", "turn.json", "--quality", "30"]
    let reference = try Program.run(
      ["augment", "in", "reference", "--lossless", "--strategy", Sequential.name] + options, in: workspace)
    #expect(reference.status == 0, "\(reference.errorText)")
    for strategy in StrategyNames.parallel {
      let outcome = try Program.run(
        ["augment", "in", strategy, "--lossless", "--ranks", "3", "--strategy", strategy] + options, in: workspace)
      #expect(outcome.status == 0, "\(outcome.errorText)")
      #expect(workspace.tree(strategy) == workspace.tree("reference"), "\(strategy)")
    }
    let encoded = try Program.run(["augment", "in", "encoded"] + options, in: workspace)
    #expect(encoded.status == 0)
    let (turned, others) = (workspace.tree("reference"), workspace.tree("encoded"))
    let size = { (path: String) in workspace.contents(path)?.count ?? 0 }
    let large = others.files.filter { $0.contains("large") }
    #expect(large.count == 5 && large.allSatisfy { size("reference/\($0)") > size("encoded/\($0)") })
    // Its size forbids all lossless orientations except the transposition.
    #expect(others.files.contains { $0.contains("two") && turned[$0] == others[$0] })
  }

  @Test func fastJPEGArithmeticIsTheSameForAnyStrategyAndAlmostTheExactOne() throws {
    let workspace = try variedWorkspace()
    try Program.augment("in", "exact", in: workspace)
    try Program.augment("in", "reference", "--jpeg-dct", "fast", in: workspace)
    for strategy in StrategyNames.sharing + [Spawn.name] {
      try Program.augment("in", strategy, "--jpeg-dct", "fast", "--strategy", strategy, in: workspace)
      #expect(workspace.tree(strategy) == workspace.tree("reference"), "\(strategy)")
    }
    #expect(workspace.tree("exact") != workspace.tree("reference"))
    for name in ["image0_aug000000.jpg", "image3_aug000002.jpg"] {
      let exact = try ImageFile.read(workspace.absolute("exact/\(name)")).color.bytes
      let fast = try ImageFile.read(workspace.absolute("reference/\(name)")).color.bytes
      try #require(exact.count == fast.count)
      var sum = 0
      for (left, right) in zip(exact, fast) { sum += abs(Int(left) - Int(right)) }
      #expect(Double(sum) / Double(exact.count) < 6)
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
    #expect(few.files.count == 16 * 2 && many.files.count == 16 * 7)
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

  @Test(arguments: StrategyNames.parallel) func originalsAreKeptAndBadImagesReportedAsByOneProcess(strategy: String)
    throws
  {
    let workspace = try variedWorkspace()
    try workspace.truncate("in/image3.jpg")
    let options = ["--keep-original", "--format", "png", "--copies", "3"]
    let reference = try Program.run(
      ["augment", "in", "reference", "--strategy", Sequential.name, "--json"] + options, in: workspace)
    let outcome = try Program.run(
      ["augment", "in", "out", "--strategy", strategy, "--ranks", "3", "--json"] + options, in: workspace)
    #expect(reference.status == 1 && outcome.status == 1)
    #expect(workspace.tree("out") == workspace.tree("reference"))
    #expect(try Summary(outcome).imagesFailed == 1)
    #expect(outcome.errorLines.sorted() == reference.errorLines.sorted())
  }

  @Test(arguments: StrategyNames.sharing) func imageThatFitsIntoNoSlotIsDoneAllTheSame(strategy: String) throws {
    let workspace = try Workspace()
    // With this many files, the slot size is estimated from every second one.
    for index in 100..<230 { try workspace.addImage("in/\(index).jpg", seed: index, width: 20, height: 16) }
    try workspace.addImage("in/165.jpg", width: 200, height: 150)
    try Program.augment("in", "reference", "--copies", "2", "--strategy", Sequential.name, in: workspace)
    try Program.augment("in", "out", "--copies", "2", "--strategy", strategy, "--ranks", "3", in: workspace)
    #expect(workspace.tree("out") == workspace.tree("reference"))
    #expect(workspace.tree("out").files.count == 130 * 2)
  }

  @Test(arguments: StrategyNames.all)
  func allRanksTogetherWriteNoFasterThanTheBandwidth(strategy: String) throws {
    let workspace = try Workspace(images: 4)
    try Program.augment("in", "reference", in: workspace)
    let outcome = try Program.run(
      ["augment", "in", "out", "--strategy", strategy, "--ranks", "4", "--write-bandwidth", "0.5", "--json"],
      in: workspace)
    let summary = try Summary(outcome)
    #expect(outcome.status == 0)
    #expect(summary.wallSeconds >= Double(summary.writtenBytes) / 500_000)
    #expect(workspace.tree("out") == workspace.tree("reference"))
  }

  @Test(.enabled(if: SharedData.photographs != nil, "no photographs beside the package"))
  func photographsGiveTheSameCopiesThoughTenProcessesAreKilled() throws {
    let photographs = try #require(SharedData.photographs)
    let workspace = try Workspace()
    try Program.augment(photographs, "reference", "--ranks", "2", in: workspace)
    let reference = workspace.tree("reference")
    #expect(reference.files.count == 1000)
    var random = SeededGenerator(seed: 1)
    for strategy in StrategyNames.withWorkers {
      try workspace.addFolder(strategy)
      let watch = FolderWatch(workspace.absolute(strategy))
      let options = ["--strategy", strategy, "--ranks", "5", "--json"]
      let program = try Program(["augment", photographs, strategy] + options, in: workspace)
      for _ in 1...10 {
        try #require(watch.wait(forMore: 60))
        // With `savers`, the last ranks save.
        let victim = program.workerPIDs(strategy).sorted().randomElement(using: &random)
        #expect(kill(try #require(victim), SIGKILL) == 0)
      }
      let outcome = program.wait()
      #expect(outcome.status == 0, "\(strategy): \(outcome.errorText)")
      let summary = try Summary(outcome)
      #expect(summary.workersReplaced == 10 && summary.copies == 1000 && summary.complete)
      #expect(outcome.errorLines.count { $0.contains("was killed by SIGKILL (9) and is replaced") } == 10)
      #expect(workspace.tree(strategy) == reference, "\(strategy)")
    }
  }
}

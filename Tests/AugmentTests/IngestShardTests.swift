import Datasets
import Foundation
import Glibc
import TestSupport
import Testing

/// Downloads that several processes do in shards.
struct IngestShardTests {
  private func planned(_ site: FileSite, shards: Int = 4) throws {
    let outcome = try Program.run(
      ["plan", "ingest", "urls.txt", "out", "--allow-file-urls", "--fallback", "skip", "--shards", String(shards)],
      in: site.workspace)
    #expect(outcome.status == 0, "\(outcome.errorText)")
    #expect(outcome.errorText.hasPrefix("Planned "))
  }

  private func finalize(_ site: FileSite) throws -> Program.Outcome {
    try Program.run(["finalize", "out"], in: site.workspace)
  }

  @Test func shardsInAnyOrderMakeTheTreeOfOneRun() throws {
    let site = try FileSite(11)
    let reference = try site.reference()
    try planned(site)
    // The plan has the URLs.
    try site.remove("urls.txt")
    for text in ["3/4", "0/4", "1-2/4", "0-3/4"] { #expect(try site.ingest("out", "--shard", text).status == 0) }
    let outcome = try finalize(site)
    #expect(outcome.status == 0 && outcome.errorText == "11 of 11 images in 4 shards\n", "\(outcome.errorText)")
    #expect(site.workspace.tree("out") == reference)
    let verified = try Program.run(["verify", "out", "--full"], in: site.workspace)
    #expect(verified.status == 0 && verified.errorText == "11 files as written\n", "\(verified.output)")
  }

  @Test func urlWithFieldsIsDividedByNumber() throws {
    let site = try FileSite(6)
    let url = "file://\(site.workspace.absolute("in"))/image{n}.jpg"
    func run(_ words: String...) throws -> Program.Outcome {
      try Program.run(words + ["--allow-file-urls", "--count", "5"], in: site.workspace)
    }
    #expect(try run("ingest", url, "whole").status == 0)
    #expect(try run("plan", "ingest", url, "out", "--shards", "2").status == 0)
    for text in ["1/2", "0/2"] { #expect(try run("ingest", url, "out", "--shard", text).status == 0) }
    #expect(site.workspace.tree("out") == site.workspace.tree("whole"))
  }

  @Test func missingShardsAreNamedAndTheirFilesVerified() throws {
    let site = try FileSite(10)
    try planned(site, shards: 5)
    #expect(try site.ingest("out", "--shard", "1-2/5").status == 0)
    let outcome = try finalize(site)
    #expect(outcome.status == 75)
    #expect(outcome.errorLines == ["augment-cli: out: 3 of 5 shards are missing: 0, 3-4"])
    let status = try Program.run(["status", "out", "--json"], in: site.workspace)
    #expect(status.status == 1 && status.output.contains(#""missing":["0","3-4"],"shards":5,"shardsDone":2"#))
    #expect(try Program.run(["verify", "out", "--full", "--shard", "1-2/5"], in: site.workspace).status == 0)
    try site.workspace.truncate("out/image_000003.jpg")
    let broken = try Program.run(["verify", "out", "--shard", "1/5"], in: site.workspace)
    #expect(broken.status == 1 && broken.output.hasPrefix("image_000003.jpg: has "))
  }

  @Test func failedImagesAreCountedAndNamed() throws {
    let site = try FileSite(4)
    try site.list(["image0.jpg", "none.jpg", "image2.jpg", "image3.jpg"])
    try planned(site, shards: 2)
    for _ in 0..<2 {
      let shard = try site.ingest("out", "--shard", "0/2")
      #expect(shard.status == 1 && shard.errorText.contains("in/none.jpg: "), "\(shard.errorText)")
    }
    #expect(try site.ingest("out", "--shard", "1/2").status == 0)
    let outcome = try finalize(site)
    #expect(outcome.status == 1 && outcome.errorLines.count == 2)
    #expect(
      outcome.errorText.contains("none.jpg: ")
        && outcome.errorText.contains("3 of 4 images in 2 shards, 1 image failed"))
  }

  /// It would have all shards fail before others have done one.
  @Test func machineThatReachesNothingLeavesTheShardsToOthers() throws {
    let site = try FileSite(10)
    let reference = try site.reference()
    try planned(site, shards: 1)
    try FileManager.default.moveItem(atPath: site.workspace.absolute("in"), toPath: site.workspace.absolute("away"))
    let outcome = try site.ingest("out", "--shard", "0/1")
    #expect(outcome.status == 75)
    #expect(outcome.errorText.contains("none of 10 images could be reached from this machine"), "\(outcome.errorText)")
    #expect(try finalize(site).status == 75)
    try FileManager.default.moveItem(atPath: site.workspace.absolute("away"), toPath: site.workspace.absolute("in"))
    #expect(try site.ingest("out", "--shard", "0/1").status == 0 && site.workspace.tree("out") == reference)
  }

  @Test func imageThatIsGoneOrChangedIsDownloadedAgainAndNoOther() throws {
    let site = try FileSite(8)
    let reference = try site.reference()
    try planned(site, shards: 2)
    #expect(try site.ingest("out", "--shard", "0-1/2").status == 0)
    let manifest = site.workspace.contents("out/.augment/shards/000/00000.jsonl.zst")
    try site.remove("out/image_000001.jpg")
    try site.workspace.addImage("out/image_000002.jpg", seed: 99)
    #expect(try site.ingest("out", "--shard", "0-1/2").status == 0)
    #expect(try site.downloads().map(\.attempts) == [1, 1, 0, 0])
    #expect(site.workspace.tree("out") == reference)
    #expect(site.workspace.contents("out/.augment/shards/000/00000.jsonl.zst") == manifest)
  }

  /// A scheduler may start a shard twice.
  @Test func shardDoneTwiceAtOnceIsOneSetOfImages() throws {
    let site = try FileSite(40)
    let reference = try site.reference()
    try planned(site, shards: 2)
    let programs = try (0..<3).map { _ in
      try Program(
        ["ingest", "urls.txt", "out", "--allow-file-urls", "--fallback", "skip", "--shard", "0-1/2"], in: site.workspace
      )
    }
    for program in programs { #expect(program.wait().status == 0) }
    #expect(try finalize(site).status == 0 && site.workspace.tree("out") == reference)
    #expect(try Program.run(["verify", "out", "--full"], in: site.workspace).status == 0)
  }

  @Test(.enabled(if: Strace.mayTrace, "strace is not installed, or tracing is not permitted"))
  func killedShardIsDoneByAnotherWhichKeepsWhatIsThere() throws {
    let site = try FileSite(8)
    let reference = try site.reference()
    // The main process renames nothing but the manifests of shards, of 4 images each.
    for place in [1, 2] {
      try planned(site, shards: 2)
      let killer = [
        "strace", "-qq", "-o", "/dev/null", "-e", "inject=rename,renameat,renameat2:signal=SIGKILL:when=\(place)",
      ]
      let killed = try site.ingest("out", "--shard", "0-1/2", "--ranks", "1", prefix: killer)
      #expect(killed.status == 128 + SIGKILL && site.workspace.tree("out").withoutTemporaries.isPart(of: reference))
      #expect(try site.ingest("out", "--shard", "0-1/2").status == 0)
      #expect(try site.downloads().count(where: \.wasThere) >= 4)
      #expect(try finalize(site).status == 0 && site.workspace.tree("out") == reference)
      try site.remove("out")
    }
  }

  @Test func machineWithAnotherPlanIsNotTheOneToDoIt() throws {
    let site = try FileSite(4)
    let none = try site.ingest("out", "--shard", "0/2")
    #expect(none.status == 78 && none.errorText.contains("there is no plan here"), "\(none.errorText)")
    try planned(site, shards: 2)
    for (options, sentence) in [
      (["--shard", "0/3"], "it has 2 shards, not 3"),
      (["--shard", "0/2", "--size", "9x9"], "--size was not given and is 9x9"),
    ] {
      let outcome = try Program.run(
        ["ingest", "urls.txt", "out", "--fallback", "skip"] + options, in: site.workspace)
      #expect(outcome.status == 78 && outcome.errorText.contains("out has another plan: \(sentence)"))
    }
    let job = try Program.run(["augment", "in", "out", "--shard", "0/2"], in: site.workspace)
    #expect(job.status == 78 && job.errorText.contains("the command was ingest and is augment"))
    try site.list(["image0.jpg"])
    let changed = try Program.run(
      ["plan", "ingest", "urls.txt", "out", "--fallback", "skip", "--shards", "2"], in: site.workspace)
    #expect(changed.status == 2 && changed.errorText.contains("it is of 4 images, not of 1"), "\(changed.errorText)")
  }

  @Test(.enabled(if: ClusterRunTests.hasDask, "no Dask: make deps-cluster installs it"))
  func clusterMakesTheTreeOfOneMachine() throws {
    let site = try FileSite(12)
    let reference = try site.reference()
    for _ in 0..<2 {
      let outcome = try site.ingest("out", "--shards", "5", "--cluster", "local:2", "--json")
      #expect(outcome.status == 0 && outcome.output.contains(#""copies": 12"#), "\(outcome.output)\(outcome.errorText)")
    }
    #expect(site.workspace.tree("out") == reference)
  }
}

import Foundation
import Testing

/// Runs on a Dask cluster of this machine.
struct ClusterRunTests {
  private static let reason: Comment = "no Dask: make deps-cluster installs it"

  /// As the program finds it, beside the build.
  static let hasDask: Bool = {
    let parts = Program.path.split(separator: "/").dropLast()
    return parts.indices.contains { end in
      let folder = "/" + parts[...end].joined(separator: "/")
      return FileManager.default.isExecutableFile(atPath: "\(folder)/.venv-cluster/bin/python")
    }
  }()

  @Test(.enabled(if: hasDask, reason)) func clusterMakesTheTreeOfOneMachineAndDoesNothingTwice() throws {
    let workspace = try Workspace(images: 12)
    try workspace.truncate("in/image3.jpg")
    #expect(try Program.run(["augment", "in", "whole"], in: workspace).status == 1)
    let arguments = ["augment", "in", "out", "--shards", "5", "--cluster", "local:2", "--json"]
    struct Said: Decodable { var copies, imagesFailed, shardsRun: Int, missing: [String] }
    for shardCount in [5, 0] {
      let outcome = try Program.run(arguments, in: workspace)
      #expect(outcome.status == 1, "\(outcome.errorText)")
      let said = try JSONDecoder().decode(Said.self, from: Data(outcome.output.utf8))
      #expect(said.copies == 55 && said.imagesFailed == 1 && said.shardsRun == shardCount && said.missing.isEmpty)
      #expect(outcome.errorText.contains("image3.jpg: truncated: Premature end of input file"))
    }
    #expect(workspace.tree("out") == workspace.tree("whole"))
  }

  @Test(.enabled(if: hasDask, reason)) func unreachableClusterIsASentenceWithTheCommandThatGoesOn() throws {
    let workspace = try Workspace(images: 2)
    let outcome = try Program.run(
      ["augment", "in", "out", "--shards", "2", "--cluster", "tcp://127.0.0.1:1"], in: workspace)
    #expect(outcome.status == 75)
    #expect(outcome.errorText.contains("no scheduler at tcp://127.0.0.1:1"), "\(outcome.errorText)")
    #expect(outcome.errorText.contains("augment in out --shards 2 --cluster tcp://127.0.0.1:1"))
  }
}

/// What is said of `--cluster` and `--shards` before anything is started.
struct ClusterFlagTests {
  @Test(arguments: [
    (["--cluster", "local"], "--cluster needs --shards"),
    (["--shards", "3"], "--shards belongs to --cluster, and to 'augment-cli plan'; --shard does some of them"),
    (["--cluster", "host:1", "--shards", "3"], "The value 'host:1' is invalid for '--cluster <address>'"),
    (["--cluster", "local", "--shards", "0"], "--shards must lie between 1 and 10000000"),
    (
      ["--cluster", "local", "--shards", "3", "--shard", "0/3"],
      "--cluster does all shards, --shard some; give one or the other"
    ),
    (["--shard", "3/3"], "The value '3/3' is invalid for '--shard <shards>'"),
    (
      ["--shard", "0/3", "--resume"],
      "--shard goes on with what is there: leave out --overwrite and --resume"
    ),
  ])
  func wrongUsageIsRefused(options: [String], sentence: String) throws {
    let outcome = try Program.run(["augment", "in", "out"] + options, in: try Workspace(images: 1))
    #expect(outcome.status == 64)
    #expect(outcome.errorText.contains(sentence), "\(outcome.errorText)")
  }

  @Test(arguments: [["s3://bucket/in", "out"], ["in", "gs://bucket/out"]])
  func urlNeedsACluster(folders: [String]) throws {
    let outcome = try Program.run(["augment"] + folders, in: try Workspace(images: 1))
    #expect(outcome.status == 64)
    #expect(
      outcome.errorText.contains("is in a store, not in a folder: --cluster local --shards N fetches what is there"))
  }

  @Test func planNeedsShards() throws {
    let outcome = try Program.run(["plan", "augment", "in", "out"], in: try Workspace(images: 1))
    #expect(outcome.status == 64 && outcome.errorText.contains("--shards is missing"))
  }
}

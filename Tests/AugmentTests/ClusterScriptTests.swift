import Foundation
import Testing
import augment_cli

/// The scripts of `cluster-script`, run with programs that stand in for the cluster.
struct ClusterScriptTests {
  /// Words that a shell, YAML, JSON, Kubernetes or GNU parallel would change if they were not quoted.
  private static let hostile =
    "$HOME $(JOB_COMPLETION_INDEX) $$ `id` \"q\" 'it' \nEND\n\\ \\n {} {1} {#} %A # é \u{2028}"
  private static let job = ["augment", "/data/\(hostile)", "/data/out\(hostile)", "--pipeline", "\(hostile).json"]

  /// Options that the engine needs.
  private static func needed(_ engine: ClusterEngine) -> [String] {
    switch engine {
    case .slurm, .parallel: []
    case .kubernetes: ["--image", "image:1", "--volume", "claim"]
    case .awsBatch: ["--image", "image:1", "--volume", "fs-1", "--queue", "queue"]
    }
  }

  /// What `augment-cli` is to be called with, for as many shards as tasks.
  private static func calls(shards: Int) -> Set<[String]> {
    let plan = ["plan"] + job[..<3] + ["--shards", String(shards)] + job[3...]
    return Set((0..<shards).map { job + ["--shard", "\($0)/\(shards)"] } + [plan, ["finalize", job[2]]])
  }

  private static func stubs(_ engine: ClusterEngine, shards: Int, status: Int = 0, failures: Int = 0) throws
    -> ClusterStubs
  {
    let stubs = try ClusterStubs(status: status, failures: failures)
    try stubs.print([engine.rawValue] + needed(engine) + ["--"] + job + ["--shards", String(shards)])
    return stubs
  }

  @Test(arguments: ClusterEngine.allCases.filter { $0 != .kubernetes })
  func scriptIsBash(engine: ClusterEngine) throws {
    let stubs = try Self.stubs(engine, shards: 3)
    #expect(try stubs.run("bash", "-n", "script").status == 0)
  }

  // MARK: Ranges

  /// The shell's own arithmetic, from a printed script.
  @Test(arguments: [(1...5000, 40), (5000...5000, nil), (1000...1003, nil), (2002...2004, nil)])
  func rangesHoldEveryShardOnce(counts: ClosedRange<Int>, perTask: Int?) throws {
    let stubs = try Self.stubs(.slurm, shards: 5)
    let arithmetic = stubs.lines("script").filter { line in
      ["first=", "last=", "range=", "[ \"$first\" -lt"].contains { line.hasPrefix($0) }
    }
    #expect(arithmetic.count == 4)
    let ranges = try counts.map { count in
      try #require(ShardRanges(shardCount: count, perTask: perTask, limit: ClusterEngine.slurm.taskLimit))
    }
    let list = ranges.map { "\($0.shardCount) \($0.taskCount)" }.joined(separator: "\n")
    try stubs.workspace.addFile("counts", "\(list)\n")
    let check = """
      while read -r shards tasks; do
        next=0 index=0
        while [ "$index" -lt "$tasks" ]; do
          \(arithmetic.joined(separator: "\n"))
          [ "$first" -eq "$next" ] && [ "$last" -ge "$first" ] && [ "${range%-*}" = "$first" ] \
      && [ "${range#*-}" = "$last" ] && [ $((last - first)) -lt \(perTask ?? 5) ] || exit 1
          next=$((last + 1)) index=$((index + 1))
        done
        [ "$next" -eq "$shards" ] || exit 1
      done < counts
      """
    #expect(try stubs.run("sh", "-c", check).status == 0)
  }

  @Test func tasksAreNoMoreThanTheEngineTakes() {
    for engine in ClusterEngine.allCases {
      let limit = engine.taskLimit
      #expect(ShardRanges(shardCount: limit, perTask: nil, limit: limit)?.taskCount == limit)
      #expect(ShardRanges(shardCount: limit + 1, perTask: nil, limit: limit)?.taskCount == limit)
      #expect(ShardRanges(shardCount: limit + 1, perTask: 1, limit: limit) == nil)
      #expect(ShardRanges(shardCount: limit + 1, perTask: 2, limit: limit)?.taskCount == limit / 2 + 1)
    }
  }

  // MARK: Slurm

  @Test func slurmRunsEveryShard() throws {
    let stubs = try Self.stubs(.slurm, shards: 3)
    #expect(try stubs.run("bash", "script", "--account=mine").status == 0)
    #expect(Set(stubs.calls) == Self.calls(shards: 3) && stubs.calls.count == 5)
    let options = stubs.lines("options")
    try #require(options.count == 2)
    #expect(options[0].contains("--array=0-2 ") && options[1].contains("--dependency=afterany:7 "))
    #expect(options.allSatisfy { $0.hasSuffix(" --account=mine") })
    #expect(stubs.lines("requests").isEmpty)
  }

  @Test func slurmTakesRangesBeyondItsLargestArray() throws {
    let stubs = try Self.stubs(.slurm, shards: 1002)
    #expect(stubs.lines("script").contains { $0.contains("--array=0-1000 ") })
  }

  @Test(arguments: [(75, 2), (137, 2), (143, 2), (1, 0), (2, 0), (64, 0)])
  func slurmRequeuesWhatAnotherNodeMayDo(status: Int, requeues: Int) throws {
    let stubs = try Self.stubs(.slurm, shards: 1, status: status, failures: 2)
    try stubs.run("bash", "script")
    #expect(stubs.lines("requests") == Array(repeating: "requeue 7_0", count: requeues))
    #expect(stubs.calls.count == 2 + 1 + requeues)
  }

  @Test func slurmGivesUpAfterFourRequeues() throws {
    let stubs = try Self.stubs(.slurm, shards: 1, status: 75, failures: 100)
    try stubs.run("bash", "script")
    #expect(stubs.lines("requests").count == 4)
  }

  @Test func slurmExcludesTheNodeThatCannot() throws {
    let stubs = try Self.stubs(.slurm, shards: 1, status: 78, failures: 1)
    try stubs.workspace.addFile("excluded", "other\n")
    try stubs.run("bash", "script")
    #expect(stubs.lines("requests") == ["requeue 7_0", "update JobId=7_0 ExcNodeList=other,here"])
  }

  @Test func slurmDoesNotBringBackWhatWasCancelled() throws {
    let stubs = try Self.stubs(.slurm, shards: 1, status: 143, failures: 1)
    try stubs.workspace.addFile("state", "COMPLETING\n")
    try stubs.run("bash", "script")
    #expect(stubs.lines("requests").isEmpty)
  }

  // MARK: Containers

  @Test(.enabled(if: ClusterStubs.hasYAML, "Python has no module yaml"), arguments: [(0, 0), (1, 0), (75, 75)])
  func kubernetesRunsEveryShard(status: Int, told: Int32) throws {
    let stubs = try Self.stubs(.kubernetes, shards: 3, status: status, failures: 100)
    let jobs = try stubs.yaml("script")
    try #require(jobs.count == 3)
    for (job, indexes) in zip(jobs, [0..<1, 0..<3, 0..<1]) {
      let spec = try #require(job["spec"] as? [String: Any])
      #expect((spec["completions"] as? Int ?? 1) == indexes.count)
      let pod = try #require((spec["template"] as? [String: Any])?["spec"] as? [String: Any])
      let container = try #require((pod["containers"] as? [[String: Any]])?.first)
      let command = try #require(container["command"] as? [String])
      // As Kubernetes reads it.
      let words = command.map { $0.replacingOccurrences(of: "$$", with: "$") }
      for index in indexes {
        let ended = try stubs.run(container: words, environment: ["JOB_COMPLETION_INDEX": String(index)])
        #expect(ended == (indexes.count == 3 ? told : 0))
      }
    }
    #expect(Set(stubs.calls) == Self.calls(shards: 3))
  }

  @Test func kubernetesLeavesNoDollarToExpand() throws {
    let stubs = try Self.stubs(.kubernetes, shards: 3)
    let lines = stubs.lines("script").filter { !$0.drop { $0 == " " }.hasPrefix("#") }
    #expect(lines.contains { $0.contains("$$(JOB_COMPLETION_INDEX)") })
    for line in lines {
      #expect(!line.replacingOccurrences(of: "$$", with: "").contains("$"), "\(line)")
    }
  }

  @Test(arguments: [1, 3])
  func awsBatchRunsEveryShard(shards: Int) throws {
    let stubs = try Self.stubs(.awsBatch, shards: shards)
    #expect(try stubs.run("bash", "script").output == "plan SUBMIT-JOB, shards SUBMIT-JOB, finalize SUBMIT-JOB\n")
    let definition = try #require(try json(stubs, "definition.json") as? [String: Any])
    let container = try #require(definition["containerProperties"] as? [String: Any])
    let command = try #require(container["command"] as? [String])
    for index in 0..<shards {
      let environment = shards > 1 ? ["AWS_BATCH_JOB_ARRAY_INDEX": String(index)] : [:]
      #expect(try stubs.run(container: command, environment: environment) == 0)
    }
    for file in ["plan.json", "finalize.json"] {
      let overrides = try #require(try json(stubs, file) as? [String: [String]])
      #expect(try stubs.run(container: overrides["command"] ?? []) == 0)
    }
    #expect(Set(stubs.calls) == Self.calls(shards: shards))
    #expect(stubs.lines("requests").filter { $0.contains("--array-properties size=3") }.count == shards / 3)
  }

  private func json(_ stubs: ClusterStubs, _ file: String) throws -> Any {
    try JSONSerialization.jsonObject(with: stubs.workspace.contents(file) ?? Data())
  }

  // MARK: GNU parallel

  @Test(.enabled(if: ClusterStubs.hasParallel, "GNU parallel is not installed"))
  func parallelRunsEveryShard() throws {
    let stubs = try Self.stubs(.parallel, shards: 3)
    #expect(try stubs.run("bash", "script").status == 0)
    #expect(Set(stubs.calls) == Self.calls(shards: 3) && stubs.calls.count == 5)
  }

  @Test(.enabled(if: ClusterStubs.hasParallel, "GNU parallel is not installed"), arguments: [(75, 2), (78, 2), (1, 0)])
  func parallelTriesAgainWhatMayHelp(status: Int, retries: Int) throws {
    let stubs = try Self.stubs(.parallel, shards: 1, status: status, failures: 2)
    #expect(try stubs.run("bash", "script").status == 0)
    #expect(stubs.calls.count == 2 + 1 + retries)
  }

  // MARK: Signals

  /// The program ends by itself after the signal that the shell has passed on, and the shell waits for it.
  @Test func sigtermIsPassedOn() throws {
    let stubs = try Self.stubs(.awsBatch, shards: 1)
    try stubs.workspace.addFile(
      "bin/augment-cli",
      """
      #!/bin/bash
      trap 'touch stopped; exit 143' TERM
      kill -TERM $PPID
      while :; do sleep 0.01; done
      """)
    try stubs.run("bash", "script")
    let definition = try #require(try json(stubs, "definition.json") as? [String: Any])
    let container = try #require(definition["containerProperties"] as? [String: Any])
    #expect(try stubs.run(container: try #require(container["command"] as? [String])) == 143)
    #expect(stubs.workspace.contents("stopped") != nil)
  }

  // MARK: Refusals

  @Test(arguments: [
    ("slurm", "after -- comes the job"), ("slurm -- nothing in out --shards 3", "unknown job 'nothing'"),
    ("slurm -- augment in --shards 3", "INPUT and OUTPUT"), ("slurm -- augment in out", "--shards N is missing"),
    ("slurm -- augment in out --shards 0", "'0' is no number"),
    ("slurm -- augment in out --shards 3 --shards=4", "twice"),
    ("slurm -- augment in out --shards 3 --shard 1/3", "--shard: "),
    ("slurm -- augment in out --shards 3 --cluster=x", "--cluster: "),
    ("slurm -- augment in out --shards 3 --copie 4", "Unknown option '--copie'"),
    ("slurm --image x -- augment in out --shards 3", "--image is for kubernetes, aws-batch"),
    ("slurm --shards-per-task 2 -- augment in out --shards 5000", "give at least 5"),
    ("slurm --time-limit 1 -- augment in out --shards 3", "more than a minute"),
    ("slurm --name $x -- augment in out --shards 3", "--name: "),
    ("kubernetes --volume x -- augment /data/in /data/out --shards 3", "--image is missing"),
    ("kubernetes --image i --volume x -- augment in /data/out --shards 3", "INPUT must begin with /"),
    ("kubernetes --image i --volume x -- augment /in /out --shards 3", "OUTPUT must lie in the volume, below /data"),
    ("aws-batch --image i --volume x -- augment /data/in /data/out --shards 3", "--queue is missing"),
    ("parallel --queue q -- augment in out --shards 3", "--queue is for slurm, aws-batch"),
  ])
  func whatCannotRunIsRefused(words: String, reason: String) throws {
    let outcome = try Program.run(["cluster-script"] + words.split(separator: " ").map(String.init), in: Workspace())
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.errorText.contains(reason), "\(outcome.errorText)")
  }
}

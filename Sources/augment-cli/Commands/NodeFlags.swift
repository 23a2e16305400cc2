internal import ArgumentParser
internal import Datasets
internal import Studies

/// Options of `predict` for many nodes.
struct NodeFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Simulate the run's work on so many nodes, in shards: a list (1,2,4), doubling (1..1000), or in steps (1..9+2).",
      valueName: "list"))
  var nodes: String?

  @Option(help: ArgumentHelp("Images of the simulated work. (default: 100000000)", valueName: "n"))
  var images: Int?

  @Option(help: ArgumentHelp("Shards that they are divided into. (default: one for 10000 images)", valueName: "n"))
  var shards: Int?

  @Option(
    help: ArgumentHelp(
      "Shards that a task does. (default: what takes about a minute, but at least 20 tasks for each node)",
      valueName: "k"))
  var shardsPerTask: Int?

  @Option(
    help: ArgumentHelp(
      "What all nodes together can read and write. (default: as much as they ask for)", valueName: "MB/s"))
  var storageBandwidth: Bandwidth?

  @Option(
    help: ArgumentHelp(
      "Seconds of a task before its first image. (default: 0.6, measured in a plan of 10^7 images)", valueName: "s"))
  var taskStart: Double?

  @Option(
    help: ArgumentHelp(
      "Milliseconds to give out a task, one after the other. (default: 13, measured with Dask)",
      valueName: "ms"))
  var dispatch: Double?

  @Option(
    help: ArgumentHelp(
      "Seconds that 'plan' and 'finalize' take for a million images. (default: 3.6, measured for 'plan' alone)",
      valueName: "s"))
  var planSeconds: Double?

  @Option(
    help: ArgumentHelp(
      "Nodes that are slow, and how many times as long they take: 2%x4. (default: none)", valueName: "share"))
  var slowNodes: SlowShare?

  @Option(help: ArgumentHelp("Failures of a node in an hour of work. (default: 0)", valueName: "rate"))
  var failuresPerHour: Double?

  @Flag(help: "Give no task that takes too long to a second node.")
  var noDuplicates = false

  func validate() throws {
    guard let nodes else {
      return try require(!hasAny, "options of nodes (\(Self.names)) need --nodes")
    }
    _ = try RankList.option(nodes, "--nodes", of: "nodes")
    try require((1...Self.mostImages).contains(imageCount), "--images must lie between 1 and \(Self.mostImages)")
    try require(
      (1...ShardRange.mostShards).contains(shardCount),
      shards == nil
        ? "so many images need --shards, of at most \(ShardRange.mostShards)"
        : "--shards must lie between 1 and \(ShardRange.mostShards)")
    try require(
      shardsPerTask.map { (1...ShardRange.mostShards).contains($0) } ?? true, "--shards-per-task must be at least 1")
    try requireNumber(taskStart, "--task-start", 0...86_400)
    try requireNumber(dispatch, "--dispatch", 0...60_000)
    try requireNumber(planSeconds, "--plan-seconds", 0...86_400)
    try requireNumber(failuresPerHour, "--failures-per-hour", 0...60)
  }

  private func requireNumber(_ value: Double?, _ name: String, _ range: ClosedRange<Double>) throws {
    let ends = [range.lowerBound, range.upperBound].map { NumberText.fixed($0, 0) }
    try require(value.map(range.contains) ?? true, "\(name) must lie between \(ends[0]) and \(ends[1])")
  }

  private var hasAny: Bool {
    images != nil || shards != nil || shardsPerTask != nil || storageBandwidth != nil || taskStart != nil
      || dispatch != nil || planSeconds != nil || slowNodes != nil || failuresPerHour != nil || noDuplicates
  }

  private static let names =
    "--images, --shards, --shards-per-task, --storage-bandwidth, --task-start, --dispatch, --plan-seconds, "
    + "--slow-nodes, --failures-per-hour, --no-duplicates"

  private static let mostImages = 100_000_000_000
  private static let imagesPerShard = 10_000
  /// results/2026-11-27-intel-xeon-2cores-4f6e212/cluster-plan: a shard of a plan of 10⁷ images begins in 0.60 s.
  private static let taskStart = 0.6
  /// results/2026-11-26-intel-xeon-2cores-0e4f41c-changed/cluster-memory: 100,000 tasks in 1286 s.
  private static let dispatchMilliseconds = 13.0
  /// The plan of 10⁷ images in cluster-plan. What `finalize` takes depends on the number of outputs.
  private static let planSeconds = 3.6
}

/// What the options say.
extension NodeFlags {
  private var imageCount: Int { images ?? 100_000_000 }

  private var shardCount: Int { shards ?? (max(1, imageCount) - 1) / Self.imagesPerShard + 1 }

  /// The numbers of nodes; `nil` if none is asked for.
  var counts: [Int]? {
    get throws { try nodes.map { try RankList.option($0, "--nodes", of: "nodes").ranks } }
  }

  /// The images, on nodes of one core.
  var target: NodePrediction.Target {
    var target = NodePrediction.Target(images: imageCount, shards: shardCount)
    target.shardsPerTask = shardsPerTask
    target.aloneSecondsPerImage = (planSeconds ?? Self.planSeconds) / 1e6
    target.cluster.dispatchSeconds = (dispatch ?? Self.dispatchMilliseconds) / 1000
    target.cluster.startSeconds = taskStart ?? Self.taskStart
    target.cluster.storageBytesPerSecond = storageBandwidth.map { $0.megabytesPerSecond * 1e6 }
    target.cluster.slow = slowNodes?.nodes ?? .init()
    target.cluster.failuresPerHour = failuresPerHour ?? 0
    target.cluster.hasDuplicates = !noDuplicates
    return target
  }
}

/// A share of the nodes that takes longer, as typed: 2%x4.
struct SlowShare: ExpressibleByArgument {
  let nodes: SimulatedCluster.SlowNodes

  init?(argument: String) {
    let parts = argument.split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].hasSuffix("%"), let percent = Double(parts[0].dropLast()),
      let factor = Double(parts[1]), (0...100).contains(percent), (1...1000).contains(factor)
    else { return nil }
    nodes = .init(share: percent / 100, factor: factor)
  }
}

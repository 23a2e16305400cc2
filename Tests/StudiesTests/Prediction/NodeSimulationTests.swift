import Strategies
import Studies
import Testing

/// The simulation of many nodes beside what can be computed by hand.
struct NodeSimulationTests {
  /// 1000 images of 0.5 s, a shard for 10 of them, a task for each shard.
  private static let work = {
    var work = NodeWork(images: 1000, shards: 100, secondsPerImage: 0.5)
    (work.shardsPerTask, work.bytesPerImage) = (1, 1e6)
    return work
  }()

  private func cluster(_ nodes: Int, _ change: (inout SimulatedCluster) -> Void = { _ in }) -> SimulatedCluster {
    var cluster = SimulatedCluster(nodes: nodes)
    change(&cluster)
    return cluster
  }

  private func simulate(_ cluster: SimulatedCluster, _ work: NodeWork = Self.work) throws -> SimulatedNodes {
    try NodeSimulation.run(work, on: cluster)
  }

  private func isNear(_ seconds: Double, _ expected: Double) -> Bool { (seconds / expected - 1).magnitude < 1e-9 }

  @Test func oneNodeTakesTheSumOfItsTasks() throws {
    var work = Self.work
    work.aloneSeconds = 50
    let one = cluster(1) { ($0.startSeconds, $0.dispatchSeconds) = (2, 0.1) }
    #expect(isNear(try simulate(one, work).seconds, 50 + 100 * (0.1 + 2 + 5)))
  }

  @Test(arguments: [1, 2, 3, 7, 64, 99, 100, 101, 1000])
  func equalTasksTakeAsManyRoundsAsTheNodesNeed(nodes: Int) throws {
    let nodes = cluster(nodes) { $0.startSeconds = 1 }
    let result = try simulate(nodes)
    #expect(isNear(result.seconds, Double((100 + nodes.nodes - 1) / nodes.nodes) * 6))
    #expect(result.tasks == 100 && result.duplicates == 0)
  }

  @Test(arguments: [1, 8, 100])
  func storageThatIsSlowerThanTheNodesTakesTheBytesOverItsBandwidth(nodes: Int) throws {
    let result = try simulate(cluster(nodes) { ($0.storageBytesPerSecond, $0.hasDuplicates) = (1e6, false) })
    #expect(isNear(result.seconds, 1000) && result.limit == .storage)
  }

  @Test func storageThatIsFasterThanTheNodesCostsNothing() throws {
    let result = try simulate(cluster(10) { $0.storageBytesPerSecond = 1e9 })
    #expect(isNear(result.seconds, 50) && result.limit == .cpu)
  }

  @Test func tasksAreGivenOutOneAfterTheOther() throws {
    let result = try simulate(cluster(1000) { $0.dispatchSeconds = 1 })
    #expect(isNear(result.seconds, 100 + 5))
    let few = try simulate(cluster(10) { $0.dispatchSeconds = 1 })
    #expect(isNear(few.seconds, 100 + 5) && few.limit == .dispatch)
  }

  /// Three nodes do seven tasks of 5 s in 15 s while the fourth, ten times slower, has one.
  @Test func secondCopyEndsWhatASlowNodeHolds() throws {
    var work = NodeWork(images: 80, shards: 8, secondsPerImage: 0.5)
    work.shardsPerTask = 1
    let slow = SimulatedCluster.SlowNodes(share: 0.25, factor: 10)
    let with = try simulate(cluster(4) { $0.slow = slow }, work)
    let without = try simulate(cluster(4) { ($0.slow, $0.hasDuplicates) = (slow, false) }, work)
    #expect(isNear(without.seconds, 50) && without.limit == .tail)
    #expect(isNear(with.seconds, 15) && with.duplicates == 1 && with.tasks == 8)
  }

  @Test(arguments: [0, 0.25])
  func nodesOnOneMachineShareItsCores(contention: Double) throws {
    let machine = SimulatedMachine(cores: 2, contention: contention)
    let times = try [1, 2, 4].map { nodes in
      try simulate(cluster(nodes) { $0.shared = .init(machine, ranks: 1) }).seconds
    }
    #expect(isNear(times[0], 500) && isNear(times[1], 250 * (1 + contention)) && isNear(times[2], times[1]))
  }

  @Test func planIsWhatManyNodesWaitFor() throws {
    var work = Self.work
    work.aloneSeconds = 100
    #expect(try simulate(cluster(1), work).limit == .plan)
    #expect(isNear(try simulate(cluster(100), work).seconds, 105))
  }

  @Test func everyTaskOfAFailedNodeIsDoneElsewhere() throws {
    let (result, whole) = try (
      simulate(cluster(8) { ($0.failuresPerHour, $0.hasDuplicates) = (20, false) }), simulate(cluster(8))
    )
    #expect(result.failures > 0 && result.seconds > whole.seconds)
    #expect(result.tasks == 100)
  }

  @Test func shardsThatNeverEndAreGivenUpInASentence() {
    let work = NodeWork(images: 4, shards: 2, secondsPerImage: 360_000)
    let error = #expect(throws: StudyError.self) { try simulate(cluster(3) { $0.failuresPerHour = 60 }, work) }
    #expect(error?.description.contains("more shards make them shorter") == true)
  }

  private static var clusters: [SimulatedCluster] {
    [1, 3, 16, 250].flatMap { nodes in
      [(0.0, 0.0), (0.1, 0.0), (0.1, 2.0), (0, 2)].map { slow, failures in
        var cluster = SimulatedCluster(nodes: nodes)
        (cluster.dispatchSeconds, cluster.startSeconds, cluster.storageBytesPerSecond) = (0.01, 0.6, 5e7)
        (cluster.slow, cluster.failuresPerHour) = (.init(share: slow, factor: 4), failures)
        return cluster
      }
    }
  }

  @Test(arguments: clusters, [nil, 1, 7])
  func timeOfTheNodesIsAccountedFor(cluster: SimulatedCluster, perTask: Int?) throws {
    var work = NodeWork(images: 100_003, shards: 5000, secondsPerImage: 0.05)
    (work.shardsPerTask, work.bytesPerImage, work.aloneSeconds) = (perTask, 1e5, 3)
    let result = try simulate(cluster, work)
    let spent = result.spent.values.reduce(0, +)
    // A node that is away at the end is away for less than was counted.
    let tolerance = 1e-9 + (cluster.failuresPerHour > 0 ? 300 * Double(cluster.nodes) / spent : 0)
    #expect((spent / (Double(cluster.nodes) * result.seconds) - 1).magnitude < tolerance)
    #expect(result.idealShare > 0 && result.idealShare <= 1 + 1e-9)
    #expect(result == (try simulate(cluster, work)), "the same again")
  }

  @Test func driverGivesEachNodeTwentyTasksOfAtMostAMinute() throws {
    let work = NodeWork(images: 100_000, shards: 100_000, secondsPerImage: 1)
    let (many, few) = try (simulate(cluster(500), work), simulate(cluster(2), work))
    #expect(many.tasks >= 20 * 500 && few.tasks >= 100_000 / 60 && few.tasks < 100_000 / 40)
  }

  @Test func slowNodesAreAShareOfAllRounded() {
    let slow = SimulatedCluster.SlowNodes(share: 0.02, factor: 4)
    #expect([1, 16, 25, 100, 1000].map(slow.count) == [0, 0, 1, 2, 20])
  }
}

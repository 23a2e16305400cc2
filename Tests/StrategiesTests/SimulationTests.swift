import ProcPool
import Strategies
import Testing

/// Properties of the simulation of every strategy.
struct SimulationTests {
  private static let costs = {
    var costs = WorkCosts()
    (costs.readSeconds, costs.decodeSeconds) = (0.001, 0.01)
    (costs.transformSeconds, costs.encodeSeconds, costs.writeSeconds) = (0.02, 0.005, 0.001)
    costs.writtenBytes = 1e5
    return costs
  }()

  private func scene(
    images: Int = 4, copies: Int = 25, isSaving: Bool = true, _ costs: WorkCosts = Self.costs
  ) -> SimulatedScene { SimulatedScene(images: images, copies: copies, costs: costs, isSaving: isSaving) }

  private static let names = StrategyCatalog.simulated.map { $0.name }
  /// Strategies that have more than one rank.
  private static let sharing = names.filter { $0 != Sequential.name }

  private func simulate(
    _ strategy: String, _ scene: SimulatedScene, ranks: Int, _ machine: SimulatedMachine
  ) throws -> SimulatedRun {
    let type = try #require(StrategyCatalog.simulated.first { $0.name == strategy })
    return try SimulatedRun(type, scene, ranks: ranks, on: machine)
  }

  private func seconds(
    _ strategy: any SimulatedStrategy.Type, _ scene: SimulatedScene, ranks: Int, _ machine: SimulatedMachine
  ) throws -> Double { try SimulatedRun(strategy, scene, ranks: ranks, on: machine).seconds }

  private func canRun(_ strategy: String, ranks: Int) throws -> Bool {
    let type = try #require(StrategyCatalog.type(named: strategy))
    return type.refusal(of: .init(strategy: type, ranks: ranks)) == nil
  }

  private func savers(ranks: Int) -> Int { Savers.roles(.init(strategy: Savers.self, ranks: ranks)).savers }

  @Test(arguments: names, [1, 2, 3, 4, 5, 7, 16, 64])
  func everythingIsDoneOnce(strategy: String, ranks: Int) throws {
    guard try canRun(strategy, ranks: ranks) else { return }
    for isSaving in [true, false] where strategy != Savers.name || isSaving {
      for (images, copies) in [(1, 1), (3, 1), (5, 1), (13, 1), (4, 25), (7, 3)] {
        let scene = scene(images: images, copies: copies, isSaving: isSaving)
        let tally = try simulate(strategy, scene, ranks: ranks, SimulatedMachine(cores: 2)).tally
        #expect(tally.transforms == images * copies)
        #expect(tally.saves == (isSaving ? images * copies : 0))
        // Each image is decoded at least once, and exactly once where one process reads all.
        #expect(tally.loads >= images && tally.loads <= images * copies)
        if [MainReads.name, Sequential.name].contains(strategy) { #expect(tally.loads == images) }
      }
    }
  }

  /// Strategies that need no second rank.
  private var onOneRank: [any SimulatedStrategy.Type] {
    StrategyCatalog.simulated.filter { $0.refusal(of: .init(strategy: $0, ranks: 1)) == nil }
  }

  @Test func oneRankTakesTheSumOfItsStages() throws {
    let sum = 4 * 0.011 + 100 * (0.02 + 0.005 + 0.001)
    // The main process of main-reads shares the one core with its worker: nothing is gained or lost.
    for strategy in onOneRank {
      let time = try seconds(strategy, scene(), ranks: 1, SimulatedMachine(cores: 1))
      #expect((time - sum).magnitude < 1e-9, "\(strategy.name)")
    }
  }

  @Test func baselineOverheadIsAddedOnce() throws {
    var costs = Self.costs
    costs.otherSeconds = 0.7
    let machine = SimulatedMachine(cores: 1)
    let difference =
      try seconds(Sequential.self, scene(costs), ranks: 1, machine)
      - seconds(Sequential.self, scene(), ranks: 1, machine)
    #expect((difference - 0.7).magnitude < 1e-9)
  }

  @Test func everyRankButTheBaselinesHasToStart() throws {
    var costs = Self.costs
    costs.startSeconds = 0.5
    let machine = SimulatedMachine(cores: 1)
    let processes: [(any SimulatedStrategy.Type, Double)] = [
      (Sequential.self, 0), (WorkerReads.self, 1), (MainReads.self, 2), (Adaptive.self, 1), (Threads.self, 1),
      (Executor.self, 1), (Spawn.self, 1),
    ]
    #expect(processes.map { $0.0.name }.sorted() == onOneRank.map { $0.name }.sorted())
    for (strategy, processes) in processes {
      let difference =
        try seconds(strategy, scene(costs), ranks: 1, machine) - seconds(strategy, scene(), ranks: 1, machine)
      #expect((difference - 0.5 * processes).magnitude < 1e-9, "\(strategy.name)")
    }
  }

  @Test func workersOnCoresOfTheirOwnAreIdeal() throws {
    var costs = Self.costs
    (costs.readSeconds, costs.decodeSeconds) = (0, 0)
    for ranks in [2, 4, 8] {
      // 32 tasks per rank divide into whole chunks.
      let scene = scene(images: 32, copies: ranks, costs)
      let alone = try seconds(Sequential.self, scene, ranks: 1, SimulatedMachine(cores: 1000))
      let together = try seconds(WorkerReads.self, scene, ranks: ranks, SimulatedMachine(cores: 1000))
      #expect((alone / together - Double(ranks)).magnitude < 1e-6, "\(ranks)")
    }
  }

  @Test func mainReadsIsNoFasterThanItsDecoding() throws {
    var costs = Self.costs
    costs.decodeSeconds = 1
    let scene = scene(images: 10, copies: 5, costs)
    let time = try seconds(MainReads.self, scene, ranks: 64, SimulatedMachine(cores: 1000))
    #expect(time >= 10 * 1.001 && time < 10 * 1.001 + 2 * 0.026)
  }

  @Test(arguments: [4, 8, 16, 64])
  func saversAreNoFasterThanEitherSide(ranks: Int) throws {
    let savers = savers(ranks: ranks)
    for encode in [0.0001, 0.02, 0.2] {
      var costs = Self.costs
      costs.encodeSeconds = encode
      let time = try seconds(Savers.self, scene(costs), ranks: ranks, SimulatedMachine(cores: 1000))
      let workersSide = 100 * 0.02 / Double(ranks - savers)
      let saversSide = 100 * (encode + 0.001) / Double(savers)
      #expect(time >= max(workersSide, saversSide) - 1e-9)
      // Queues let both sides work at once: no slower than one after the other plus the first image of each worker.
      #expect(time <= (workersSide + saversSide) * 1.5 + 0.011 * 4 + 0.05)
    }
  }

  @Test func saversAreAsManyAsTheOriginalReportHas() throws {
    #expect([2, 4, 8, 16, 32, 64].map(savers) == [1, 1, 2, 3, 5, 7])
  }

  @Test func adaptiveDoesNotWaitForSlowSavers() throws {
    var costs = Self.costs
    costs.encodeSeconds = 0.2
    let machine = SimulatedMachine(cores: 8)
    let savers = try seconds(Savers.self, scene(costs), ranks: 8, machine)
    #expect(try seconds(Adaptive.self, scene(costs), ranks: 8, machine) < 0.5 * savers)
  }

  @Test(arguments: sharing)
  func moreRanksThanCoresAreNoFasterThanTheCores(strategy: String) throws {
    for ranks in [2, 8, 64] {
      let outcome = try simulate(strategy, scene(), ranks: ranks, SimulatedMachine(cores: 2))
      let work = Double(outcome.tally.loads) * 0.011 + 100 * 0.026
      #expect(outcome.seconds >= work / 2 - 1e-9, "\(strategy) on \(ranks)")
      #expect(outcome.seconds <= work + 1e-9, "\(strategy) on \(ranks)")
    }
  }

  @Test func nodeThatIsDoneDoesNotHelpTheOther() throws {
    // Five images: three for the first node, two for the second.
    let scene = scene(images: 5, copies: 1)
    let time = try seconds(Nodes.self, scene, ranks: 2, SimulatedMachine(cores: 2))
    #expect((time - 3 * 0.037).magnitude < 1e-9)
    // Of three ranks the first node has two, so that each node takes as long as one rank with two images.
    let three = try seconds(Nodes.self, scene, ranks: 3, SimulatedMachine(cores: 3))
    #expect((three - 2 * 0.037).magnitude < 1e-9)
  }

  @Test func contentionSlowsAllRunningCoresAlike() throws {
    let free = try seconds(WorkerReads.self, scene(images: 8), ranks: 2, SimulatedMachine(cores: 2))
    let contended = try seconds(
      WorkerReads.self, scene(images: 8), ranks: 2, SimulatedMachine(cores: 2, contention: 0.25))
    #expect(contended > 1.2 * free && contended <= 1.25 * free + 1e-9)
    // One process has no contention.
    let alone = try seconds(Sequential.self, scene(), ranks: 1, SimulatedMachine(cores: 2, contention: 0.25))
    let uncontended = try seconds(Sequential.self, scene(), ranks: 1, SimulatedMachine(cores: 2))
    #expect((alone - uncontended).magnitude < 1e-9)
  }

  @Test func slowDiskIsTheLimitOfEveryStrategyThatSaves() throws {
    let machine = SimulatedMachine(cores: 64, writeBytesPerSecond: 1e6)
    for strategy in StrategyCatalog.simulated where strategy.name != Sequential.name {
      let time = try seconds(strategy, scene(), ranks: 16, machine)
      #expect(time >= 10 - 1e-9 && time < 10.3, "\(strategy.name): 100 copies of 0.1 MB at 1 MB/s")
      guard strategy.name != Savers.name else { continue }
      #expect(try seconds(strategy, scene(isSaving: false), ranks: 16, machine) < 1)
    }
  }

  @Test(arguments: names)
  func sameSceneGivesTheSameTime(strategy: String) throws {
    let machine = SimulatedMachine(cores: 3, contention: 0.03, writeBytesPerSecond: 5e6)
    #expect(try simulate(strategy, scene(), ranks: 7, machine) == simulate(strategy, scene(), ranks: 7, machine))
  }

  @Test func workThatCostsNothingEnds() throws {
    for strategy in StrategyCatalog.simulated {
      #expect(try seconds(strategy, scene(WorkCosts()), ranks: 4, SimulatedMachine(cores: 2)) == 0)
    }
  }
}

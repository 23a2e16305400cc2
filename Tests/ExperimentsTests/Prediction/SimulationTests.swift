import Experiments
import Testing

/// What holds for the simulation of every strategy.
struct SimulationTests {
  private static let costs = {
    var costs = StageCosts()
    (costs.readSeconds, costs.decodeSeconds) = (0.001, 0.01)
    (costs.transformSeconds, costs.encodeSeconds, costs.writeSeconds) = (0.02, 0.005, 0.001)
    costs.writtenBytes = 1e5
    return costs
  }()

  private func scene(
    images: Int = 4, copies: Int = 25, isSaving: Bool = true, _ costs: StageCosts = Self.costs
  ) -> SimulatedScene { SimulatedScene(images: images, copies: copies, costs: costs, isSaving: isSaving) }

  private func seconds(
    _ strategy: SimulatedStrategy, _ scene: SimulatedScene, ranks: Int, _ machine: SimulatedMachine
  ) -> Double { strategy.run(scene, ranks: ranks, on: machine).seconds }

  @Test(arguments: SimulatedStrategy.allCases, [1, 2, 3, 4, 7, 16, 64])
  func everythingIsDoneOnce(strategy: SimulatedStrategy, ranks: Int) {
    for isSaving in [true, false] where strategy.exists(ranks: ranks, isSaving: isSaving) {
      for (images, copies) in [(1, 1), (4, 25), (7, 3)] {
        let scene = scene(images: images, copies: copies, isSaving: isSaving)
        let tally = strategy.run(scene, ranks: ranks, on: SimulatedMachine(cores: 2)).tally
        #expect(tally.transforms == images * copies)
        #expect(tally.saves == (isSaving ? images * copies : 0))
        // Each image at least once; once exactly where one process reads all.
        #expect(tally.loads >= images && tally.loads <= images * copies)
        if strategy == .mainReads || strategy == .sequential { #expect(tally.loads == images) }
      }
    }
  }

  @Test func oneRankTakesTheSumOfItsStages() {
    let sum = 4 * 0.011 + 100 * (0.02 + 0.005 + 0.001)
    for strategy in [SimulatedStrategy.sequential, .workerReads, .adaptive] {
      #expect((seconds(strategy, scene(), ranks: 1, SimulatedMachine(cores: 1)) - sum).magnitude < 1e-9, "\(strategy)")
    }
    // The main process of main-reads shares the one core with its worker: nothing is gained or lost.
    #expect((seconds(.mainReads, scene(), ranks: 1, SimulatedMachine(cores: 1)) - sum).magnitude < 1e-9)
  }

  @Test func baselineOverheadIsAddedOnce() {
    var costs = Self.costs
    costs.otherSeconds = 0.7
    let machine = SimulatedMachine(cores: 1)
    let difference =
      seconds(.sequential, scene(costs), ranks: 1, machine) - seconds(.sequential, scene(), ranks: 1, machine)
    #expect((difference - 0.7).magnitude < 1e-9)
  }

  @Test func everyProcessButTheBaselinesHasToStart() {
    var costs = Self.costs
    costs.startSeconds = 0.5
    let machine = SimulatedMachine(cores: 1)
    for (strategy, processes) in [
      (SimulatedStrategy.sequential, 0.0), (.workerReads, 1), (.mainReads, 2), (.adaptive, 1),
    ] {
      let difference =
        seconds(strategy, scene(costs), ranks: 1, machine) - seconds(strategy, scene(), ranks: 1, machine)
      #expect((difference - 0.5 * processes).magnitude < 1e-9, "\(strategy)")
    }
  }

  @Test func workersOnCoresOfTheirOwnAreIdeal() {
    var costs = Self.costs
    (costs.readSeconds, costs.decodeSeconds) = (0, 0)
    for ranks in [2, 4, 8] {
      // 32 tasks a rank go in whole chunks to each.
      let scene = scene(images: 32, copies: ranks, costs)
      let alone = seconds(.sequential, scene, ranks: 1, SimulatedMachine(cores: 1000))
      let together = seconds(.workerReads, scene, ranks: ranks, SimulatedMachine(cores: 1000))
      #expect((alone / together - Double(ranks)).magnitude < 1e-6, "\(ranks)")
    }
  }

  @Test func mainReadsIsNoFasterThanItsDecoding() {
    var costs = Self.costs
    costs.decodeSeconds = 1
    let scene = scene(images: 10, copies: 5, costs)
    let time = seconds(.mainReads, scene, ranks: 64, SimulatedMachine(cores: 1000))
    #expect(time >= 10 * 1.001 && time < 10 * 1.001 + 2 * 0.026)
  }

  @Test(arguments: [4, 8, 16, 64])
  func saversAreNoFasterThanEitherSide(ranks: Int) {
    let savers = SimulatedStrategy.saverCount(ranks: ranks)
    for encode in [0.0001, 0.02, 0.2] {
      var costs = Self.costs
      costs.encodeSeconds = encode
      let time = seconds(.savers, scene(costs), ranks: ranks, SimulatedMachine(cores: 1000))
      let workersSide = 100 * 0.02 / Double(ranks - savers)
      let saversSide = 100 * (encode + 0.001) / Double(savers)
      #expect(time >= max(workersSide, saversSide) - 1e-9)
      // Queues let the sides work at once: no worse than one after the other and the first image of each worker.
      #expect(time <= (workersSide + saversSide) * 1.5 + 0.011 * 4 + 0.05)
    }
  }

  @Test func saversAreAsManyAsTheOriginalReportHas() {
    #expect([2, 4, 8, 16, 32, 64].map { SimulatedStrategy.saverCount(ranks: $0) } == [1, 1, 2, 3, 5, 7])
  }

  @Test func adaptiveDoesNotWaitForSlowSavers() {
    var costs = Self.costs
    costs.encodeSeconds = 0.2
    let machine = SimulatedMachine(cores: 8)
    let savers = seconds(.savers, scene(costs), ranks: 8, machine)
    #expect(seconds(.adaptive, scene(costs), ranks: 8, machine) < 0.5 * savers)
  }

  @Test(arguments: SimulatedStrategy.allCases.filter { $0 != .sequential })
  func moreRanksThanCoresAreNoFasterThanTheCores(strategy: SimulatedStrategy) {
    for ranks in [2, 8, 64] {
      let outcome = strategy.run(scene(), ranks: ranks, on: SimulatedMachine(cores: 2))
      let work = Double(outcome.tally.loads) * 0.011 + 100 * 0.026
      #expect(outcome.seconds >= work / 2 - 1e-9, "\(strategy) on \(ranks)")
      #expect(outcome.seconds <= work + 1e-9, "\(strategy) on \(ranks)")
    }
  }

  @Test func contentionSlowsAllRunningCoresAlike() {
    let free = seconds(.workerReads, scene(images: 8), ranks: 2, SimulatedMachine(cores: 2))
    let contended = seconds(.workerReads, scene(images: 8), ranks: 2, SimulatedMachine(cores: 2, contention: 0.25))
    #expect(contended > 1.2 * free && contended <= 1.25 * free + 1e-9)
    // One process has nobody to contend with.
    let alone = seconds(.sequential, scene(), ranks: 1, SimulatedMachine(cores: 2, contention: 0.25))
    #expect((alone - seconds(.sequential, scene(), ranks: 1, SimulatedMachine(cores: 2))).magnitude < 1e-9)
  }

  @Test func slowDiskIsTheLimitOfEveryStrategyThatSaves() {
    let machine = SimulatedMachine(cores: 64, writeBytesPerSecond: 1e6)
    for strategy in SimulatedStrategy.allCases where strategy != .sequential {
      let time = seconds(strategy, scene(), ranks: 16, machine)
      #expect(time >= 10 - 1e-9 && time < 10.3, "\(strategy): 100 copies of 0.1 MB at 1 MB/s")
      guard strategy != .savers else { continue }
      #expect(seconds(strategy, scene(isSaving: false), ranks: 16, machine) < 1)
    }
  }

  @Test(arguments: SimulatedStrategy.allCases)
  func sameSceneGivesTheSameTime(strategy: SimulatedStrategy) {
    let machine = SimulatedMachine(cores: 3, contention: 0.03, writeBytesPerSecond: 5e6)
    #expect(strategy.run(scene(), ranks: 7, on: machine) == strategy.run(scene(), ranks: 7, on: machine))
  }

  @Test func workThatCostsNothingEnds() {
    for strategy in SimulatedStrategy.allCases {
      #expect(seconds(strategy, scene(StageCosts()), ranks: 4, SimulatedMachine(cores: 2)) == 0)
    }
  }
}

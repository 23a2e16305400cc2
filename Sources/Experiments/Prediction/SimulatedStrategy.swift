/// The strategies that can be simulated.
package enum SimulatedStrategy: String, CaseIterable, Sendable {
  case sequential
  case mainReads = "main-reads"
  case workerReads = "worker-reads"
  case savers
  case adaptive

  /// What a simulation found.
  package struct Outcome: Hashable, Sendable {
    /// From begin to end.
    package var seconds: Double
    /// What was done.
    package var tally: SimulatedTally
  }

  /// Whether there is such a strategy for so many ranks, with or without saving.
  package func exists(ranks: Int, isSaving: Bool) -> Bool { self != .savers || (ranks >= 2 && isSaving) }

  /// Processes of `ranks` that only save: the original report's formula.
  package static func saverCount(ranks: Int) -> Int {
    max(1, Int(Double(ranks).squareRoot().rounded(.up)) - 1)
  }

  /// Simulates a run.
  package func run(_ scene: SimulatedScene, ranks: Int, on machine: SimulatedMachine) -> Outcome {
    precondition(ranks >= 1 && exists(ranks: ranks, isSaving: scene.isSaving), "no such run")
    let workers = workerCount(ranks: ranks)
    let work = SimulatedWork(scene, workers: workers)
    // The baseline's own start is among its other seconds, and adaptive's ranks start when they are needed.
    let start = self == .sequential || self == .adaptive ? 0 : scene.costs.startSeconds
    let processes = processes(work, ranks: ranks, cores: machine.cores).map { SimulatedStart($0, seconds: start) }
    let seconds = Simulation.seconds(on: machine, processes)
    return Outcome(seconds: scene.costs.otherSeconds + seconds, tally: work.tally)
  }

  private func workerCount(ranks: Int) -> Int {
    switch self {
    case .sequential: 1
    case .savers: ranks - Self.saverCount(ranks: ranks)
    default: ranks
    }
  }

  private func processes(_ work: SimulatedWork, ranks: Int, cores: Int) -> [any SimulatedProcess] {
    let (workers, savers) = (workerCount(ranks: ranks), Self.saverCount(ranks: ranks))
    switch self {
    case .sequential, .workerReads: return (0..<workers).map { _ in SimulatedReader(work) }
    case .mainReads:
      let slots = SimulatedSlots(work, slotCount: min(work.images, 2 + (4 * ranks + work.copies - 1) / work.copies))
      return [SimulatedMainReader(work, slots)] + (0..<workers).map { _ in SimulatedSlotWorker(work, slots) }
    case .savers:
      // As many slots as the strategy takes.
      let capacity = 1 + (3 * min(workers, cores) + savers - 1) / savers
      let queues = SimulatedQueues(savers: savers, workers: workers, capacity: capacity)
      return (0..<workers).map { _ in SimulatedQueueWorker(work, queues) }
        + (0..<savers).map { SimulatedSaver(work, queues, queue: $0) }
    case .adaptive:
      let crowd = SimulatedCrowd(cores: cores)
      return (0..<ranks).map { _ in SimulatedAllRounder(work, crowd, startSeconds: work.costs.startSeconds) }
    }
  }
}

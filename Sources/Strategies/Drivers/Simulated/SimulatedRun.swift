package import Datasets
package import ProcPool

/// What is done in a simulation.
package struct SimulatedScene: Hashable, Sendable {
  package var grid: TaskGrid
  package var costs: WorkCosts
  /// Whether copies are encoded and written.
  package var isSaving: Bool

  /// So many copies of so many images.
  package init(images: Int, copies: Int, costs: WorkCosts, isSaving: Bool) {
    precondition(images >= 1 && copies >= 1, "there is something to do")
    (grid, self.costs) = (TaskGrid(imageCount: images, tasksPerImage: copies), costs)
    self.isSaving = isSaving
  }
}

/// What the work on an image and on a copy costs a process that has the machine to itself.
package struct WorkCosts: Hashable, Sendable {
  /// Seconds to read and decode an image; once for all copies that one process makes of it in a row.
  package var readSeconds = 0.0, decodeSeconds = 0.0
  /// Seconds per copy.
  package var transformSeconds = 0.0, encodeSeconds = 0.0, writeSeconds = 0.0
  /// Bytes per copy.
  package var writtenBytes = 0.0
  /// Seconds of a core that each process takes until it works as fast as it will: its start, its first memory.
  package var startSeconds = 0.0
  /// Seconds per run that belong to no stage.
  package var otherSeconds = 0.0

  package init() {}

  /// To have an image in memory.
  var loadSeconds: Double { readSeconds + decodeSeconds }
  /// To have a copy on the disk.
  var saveSeconds: Double { encodeSeconds + writeSeconds }
}

/// How often each thing was done.
package struct SimulatedTally: Hashable, Sendable {
  /// Images read and decoded.
  package var loads = 0
  /// Copies transformed.
  package var transforms = 0
  /// Copies encoded and written.
  package var saves = 0
}

/// What a simulation found.
package struct SimulatedRun: Hashable, Sendable {
  /// From begin to end.
  package let seconds: Double
  /// What was done.
  package let tally: SimulatedTally

  /// Simulates a run of a strategy, which does not refuse so many ranks.
  /// - Throws: where there is no memory for its books.
  package init(
    _ strategy: any Strategy.Type, _ scene: SimulatedScene, ranks: Int, on machine: SimulatedMachine
  ) throws(PoolError) {
    var how = RunDescription.How(strategy: strategy, ranks: ranks)
    how.cores = machine.cores
    precondition(strategy.refusal(of: how) == nil, "no such run")
    let schedule = try strategy.virtualSchedule(scene.grid, how)
    let counter = SimulatedTallyBox()
    let ranks = schedule.ranks.map { VirtualRank($0, schedule, scene, counter) }
    seconds = scene.costs.otherSeconds + Simulation.seconds(on: machine, ranks)
    tally = counter.value
  }
}

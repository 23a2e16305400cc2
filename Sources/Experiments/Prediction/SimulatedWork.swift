internal import ProcPool

/// What is to be done, and what was: shared by the processes of one simulation.
final class SimulatedWork {
  let images, copies: Int
  let costs: StageCosts
  let isSaving: Bool
  private let chunkSize: Int
  private var nextTask = 0
  /// What has been done.
  private(set) var tally = SimulatedTally()

  /// - Parameter workers: processes that the tasks are divided among, which decides how many go together.
  init(_ scene: SimulatedScene, workers: Int) {
    (images, copies, costs, isSaving) = (scene.images, scene.copies, scene.costs, scene.isSaving)
    chunkSize = min(copies, max(1, defaultChunkSize(taskCount: images * copies, workers: workers)))
  }

  var taskCount: Int { images * copies }

  /// The next tasks that go to one process together, of those below `limit`; `nil` when there are none.
  func takeChunk(below limit: Int? = nil) -> Range<Int>? {
    let end = min(limit ?? taskCount, taskCount, nextTask + chunkSize)
    guard nextTask < end else { return nil }
    defer { nextTask = end }
    return nextTask..<end
  }

  /// The next task alone.
  func takeTask() -> Int? {
    guard hasTasks else { return nil }
    defer { nextTask += 1 }
    return nextTask
  }

  var hasTasks: Bool { nextTask < taskCount }

  func image(of task: Int) -> Int { task / copies }

  func load() -> SimulatedStep {
    tally.loads += 1
    return .compute(costs.loadSeconds)
  }

  func transform() -> SimulatedStep {
    tally.transforms += 1
    return .compute(costs.transformSeconds)
  }

  func save() -> [SimulatedStep] {
    guard isSaving else { return [] }
    tally.saves += 1
    return [.compute(costs.saveSeconds), .write(bytes: costs.writtenBytes)]
  }
}

/// What is done in a simulation, whoever does it.
package struct SimulatedScene: Hashable, Sendable {
  /// How many images, and copies of each.
  package var images, copies: Int
  /// What they cost.
  package var costs: StageCosts
  /// Whether copies are encoded and written.
  package var isSaving: Bool

  /// So many copies of so many images.
  package init(images: Int, copies: Int, costs: StageCosts, isSaving: Bool) {
    precondition(images >= 1 && copies >= 1, "there is something to do")
    (self.images, self.copies, self.costs, self.isSaving) = (images, copies, costs, isSaving)
  }
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

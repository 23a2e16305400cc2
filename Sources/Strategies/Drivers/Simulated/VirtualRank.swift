internal import Datasets
internal import ProcPool

/// A simulated process: does the work that a schedule hands it, for as long as that costs.
final class VirtualRank: SimulatedProcess {
  private let rank: Int
  private let schedule: any VirtualSchedule
  private let scene: SimulatedScene
  private let tally: SimulatedTallyBox
  private var steps: [SimulatedStep] = []
  private var work: Work?
  /// The image decoded last.
  private var loaded: Int?
  private var startSeconds: Double?
  private var isAtDisk = false

  init(_ rank: Int, _ schedule: any VirtualSchedule, _ scene: SimulatedScene, _ tally: SimulatedTallyBox) {
    (self.rank, self.schedule, self.scene, self.tally) = (rank, schedule, scene, tally)
    switch schedule.start {
    case .none: break
    case .together: steps = [.compute(scene.costs.startSeconds)]
    case .withWork: startSeconds = scene.costs.startSeconds
    }
  }

  func next() -> SimulatedStep {
    leaveDisk()
    while steps.isEmpty {
      if let work {
        guard schedule.hasRoom(for: work) else { return .wait }
        schedule.end(work, by: rank)
        self.work = nil
      }
      switch schedule.next(for: rank) {
      case .item(let work): begin(work)
      case .notYet: return .wait
      case .end: return .end
      }
    }
    let step = steps.removeFirst()
    if case .write = step { (isAtDisk, schedule.atDiskCount) = (true, schedule.atDiskCount + 1) }
    return step
  }

  private func leaveDisk() {
    if isAtDisk { schedule.atDiskCount -= 1 }
    isAtDisk = false
  }

  private func begin(_ work: Work) {
    self.work = work
    if let seconds = startSeconds.take() { steps.append(.compute(seconds)) }
    switch work {
    case .read(let image, _): load(image)
    case .make(let task):
      if task.source == nil { loadUnlessLoaded(task.task) }
      transform()
      save()
    case .makeAll(let image):
      load(image)
      for _ in scene.grid.tasks(ofImage: image) {
        transform()
        save()
      }
    case .queue(let task):
      loadUnlessLoaded(task)
      transform()
    case .save: save()
    }
  }

  private func loadUnlessLoaded(_ task: Int) {
    let image = scene.grid.imageIndex(ofTask: task)
    if loaded != image { load(image) }
    loaded = image
  }

  private func load(_ image: Int) {
    tally.value.loads += 1
    steps.append(.compute(scene.costs.loadSeconds))
  }

  private func transform() {
    tally.value.transforms += 1
    steps.append(.compute(scene.costs.transformSeconds))
  }

  private func save() {
    guard scene.isSaving else { return }
    tally.value.saves += 1
    steps += [.compute(scene.costs.saveSeconds), .write(bytes: scene.costs.writtenBytes)]
  }
}

/// Counts of a simulation, shared by all its ranks.
final class SimulatedTallyBox {
  var value = SimulatedTally()
}

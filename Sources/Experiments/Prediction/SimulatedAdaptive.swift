/// What the ranks of adaptive have in common: how many work at once, and which images are decoded.
final class SimulatedCrowd {
  private let most: Int
  private var atWork = 0
  private var decoded: Set<Int> = []

  /// As many as there are cores and two more, for the time that answers need.
  init(cores: Int) { most = cores + 2 }

  var hasRoom: Bool { atWork < most }
  func enter() { atWork += 1 }
  func leave() { atWork -= 1 }

  /// Whether the first copy of an image is made, so that somebody has to decode it.
  func isFirst(_ image: Int) -> Bool { decoded.insert(image).inserted }
}

/// A rank of adaptive: makes a copy and saves it, whenever there is room at the cores; at the disk it leaves its place to
/// others. One that never works costs nothing.
final class SimulatedAllRounder: SimulatedProcess {
  private let work: SimulatedWork
  private let crowd: SimulatedCrowd
  private var steps: [SimulatedStep] = []
  private var isAtWork = false
  private var startSeconds: Double?

  init(_ work: SimulatedWork, _ crowd: SimulatedCrowd, startSeconds: Double) {
    (self.work, self.crowd, self.startSeconds) = (work, crowd, startSeconds)
  }

  func next() -> SimulatedStep {
    if steps.isEmpty {
      leave()
      guard work.hasTasks else { return .end }
      guard crowd.hasRoom, let task = work.takeTask() else { return .wait }
      begin(task)
    }
    let step = steps.removeFirst()
    if case .write = step { leave() }
    return step
  }

  private func begin(_ task: Int) {
    crowd.enter()
    isAtWork = true
    if let seconds = startSeconds.take() { steps.append(.compute(seconds)) }
    if crowd.isFirst(work.image(of: task)) { steps.append(work.load()) }
    steps.append(work.transform())
    steps += work.save()
  }

  private func leave() {
    if isAtWork { crowd.leave() }
    isAtWork = false
  }
}

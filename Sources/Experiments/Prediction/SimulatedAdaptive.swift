/// What a process of adaptive prefers while there is a choice.
enum SimulatedRole {
  case augmenting, saving
}

/// Copies that wait for somebody to save them.
final class SimulatedBacklog {
  private let capacity: Int
  private var waiting = 0
  /// Processes that are making a copy that may still come here.
  var augmenting = 0

  init(capacity: Int) { self.capacity = capacity }

  var hasRoom: Bool { waiting < capacity }
  func put() { waiting += 1 }
  func take() -> Bool {
    guard waiting > 0 else { return false }
    waiting -= 1
    return true
  }
}

/// A process of adaptive: saves itself what would have to wait, and augments while there is nothing to save.
final class SimulatedAllRounder: SimulatedProcess {
  private let work: SimulatedWork
  private let backlog: SimulatedBacklog
  private let role: SimulatedRole
  private var steps: [SimulatedStep] = []
  private var tasks = 0..<0
  private var loaded: Int?
  private var hasOutput = false

  init(_ work: SimulatedWork, _ backlog: SimulatedBacklog, _ role: SimulatedRole) {
    (self.work, self.backlog, self.role) = (work, backlog, role)
  }

  func next() -> SimulatedStep {
    if !steps.isEmpty { return steps.removeFirst() }
    if hasOutput { passOn() }
    if steps.isEmpty && role == .saving && backlog.take() { steps = work.save() }
    if steps.isEmpty { augment() }
    if steps.isEmpty && backlog.take() { steps = work.save() }
    if !steps.isEmpty { return steps.removeFirst() }
    return backlog.augmenting == 0 ? .end : .wait
  }

  private func passOn() {
    hasOutput = false
    backlog.augmenting -= 1
    if work.isSaving && role == .augmenting && backlog.hasRoom { backlog.put() } else { steps = work.save() }
  }

  private func augment() {
    if tasks.isEmpty { tasks = work.takeChunk() ?? 0..<0 }
    guard let task = tasks.popFirst() else { return }
    if loaded != work.image(of: task) { steps.append(work.load()) }
    loaded = work.image(of: task)
    steps.append(work.transform())
    hasOutput = true
    backlog.augmenting += 1
  }
}

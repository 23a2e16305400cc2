/// The images that the main process of main-reads has decoded and that are still needed.
final class SimulatedSlots {
  private let work: SimulatedWork
  private let slotCount: Int
  private(set) var decoded = 0
  private var released = 0
  private var left: [Int]

  init(_ work: SimulatedWork, slotCount: Int) {
    (self.work, self.slotCount) = (work, slotCount)
    left = Array(repeating: work.copies, count: work.images)
  }

  var isComplete: Bool { decoded == work.images }
  var hasFree: Bool { decoded - released < slotCount }
  func publish() { decoded += 1 }

  func finish(task: Int) {
    left[work.image(of: task)] -= 1
    if left[work.image(of: task)] == 0 { released += 1 }
  }
}

/// The main process of main-reads: one image after the other into a free slot.
final class SimulatedMainReader: SimulatedProcess {
  private let work: SimulatedWork
  private let slots: SimulatedSlots
  private var isDecoding = false

  init(_ work: SimulatedWork, _ slots: SimulatedSlots) { (self.work, self.slots) = (work, slots) }

  func next() -> SimulatedStep {
    if isDecoding { slots.publish() }
    isDecoding = false
    if slots.isComplete { return .end }
    guard slots.hasFree else { return .wait }
    isDecoding = true
    return work.load()
  }
}

/// A worker of main-reads: finds its image in memory.
final class SimulatedSlotWorker: SimulatedProcess {
  private let work: SimulatedWork
  private let slots: SimulatedSlots
  private var steps: [SimulatedStep] = []
  private var tasks = 0..<0
  private var task: Int?

  init(_ work: SimulatedWork, _ slots: SimulatedSlots) { (self.work, self.slots) = (work, slots) }

  func next() -> SimulatedStep {
    if !steps.isEmpty { return steps.removeFirst() }
    if let task { slots.finish(task: task) }
    task = nil
    if tasks.isEmpty {
      guard let chunk = work.takeChunk(below: slots.decoded * work.copies) else {
        return work.hasTasks ? .wait : .end
      }
      tasks = chunk
    }
    task = tasks.removeFirst()
    steps = [work.transform()] + work.save()
    return steps.removeFirst()
  }
}

/// The bounded queues of savers.
final class SimulatedQueues {
  /// Copies that a queue holds, the one being saved included.
  private let capacity: Int
  private var counts: [Int]
  /// Workers that may still put something in.
  var openWorkers: Int

  init(savers: Int, workers: Int, capacity: Int) {
    self.capacity = capacity
    counts = Array(repeating: 0, count: savers)
    openWorkers = workers
  }

  var count: Int { counts.count }
  func hasRoom(_ queue: Int) -> Bool { counts[queue] < capacity }
  func isEmpty(_ queue: Int) -> Bool { counts[queue] == 0 }
  func put(_ queue: Int) { counts[queue] += 1 }
  func release(_ queue: Int) { counts[queue] -= 1 }
}

/// A worker of savers: puts copy `i` into queue `i` modulo savers, and waits while it is full.
final class SimulatedQueueWorker: SimulatedProcess {
  private let work: SimulatedWork
  private let queues: SimulatedQueues
  private var steps: [SimulatedStep] = []
  private var tasks = 0..<0
  private var loaded: Int?
  private var output: Int?

  init(_ work: SimulatedWork, _ queues: SimulatedQueues) { (self.work, self.queues) = (work, queues) }

  func next() -> SimulatedStep {
    if !steps.isEmpty { return steps.removeFirst() }
    if let queue = output {
      guard queues.hasRoom(queue) else { return .wait }
      queues.put(queue)
      output = nil
    }
    if tasks.isEmpty {
      guard let chunk = work.takeChunk() else {
        queues.openWorkers -= 1
        return .end
      }
      tasks = chunk
    }
    let task = tasks.removeFirst()
    if loaded != work.image(of: task) { steps.append(work.load()) }
    loaded = work.image(of: task)
    output = task % work.copies % queues.count
    steps.append(work.transform())
    return steps.removeFirst()
  }
}

/// A saver: encodes and writes what is in its queue.
final class SimulatedSaver: SimulatedProcess {
  private let work: SimulatedWork
  private let queues: SimulatedQueues
  private let queue: Int
  private var steps: [SimulatedStep] = []
  private var isSaving = false

  init(_ work: SimulatedWork, _ queues: SimulatedQueues, queue: Int) {
    (self.work, self.queues, self.queue) = (work, queues, queue)
  }

  func next() -> SimulatedStep {
    if !steps.isEmpty { return steps.removeFirst() }
    if isSaving { queues.release(queue) }
    isSaving = false
    if queues.isEmpty(queue) { return queues.openWorkers == 0 ? .end : .wait }
    isSaving = true
    steps = work.save()
    return steps.removeFirst()
  }
}

package import Datasets
package import ProcPool

/// The book that the main process keeps of decoded images in shared memory: which lie there, which of their tasks can be
/// handed out, and when a slot is free again.
package struct SlotSchedule {
  private let grid: TaskGrid
  private let arena: SharedArena
  private var nextImage = 0
  /// Images that somebody is reading, by number.
  private(set) var readingCount = 0
  private var ready: [SharedTask] = []
  private var readyHead = 0
  /// Slots in use and the tasks that still need them, by number of the image.
  private var slots: [Int: (slot: SharedSlot, remaining: Int)] = [:]
  /// What was reported of the reading of images none of whose tasks has ended yet.
  private var readings: [Int: TaskReport] = [:]

  /// Tasks whose workers died, to be run once more behind all others: what struck should be over by then. Who runs them
  /// reads for himself, so that no slot waits for them.
  private var again: [SharedTask] = []
  private var postponed: Set<Int> = []
  private var underWayCount = 0

  package init(_ grid: TaskGrid, in arena: SharedArena) { (self.grid, self.arena) = (grid, arena) }

  /// Tasks that can be handed out.
  var readyCount: Int { ready.count - readyHead }
  /// Whether an image is left to be read.
  var hasUnread: Bool { nextImage < grid.imageCount }
  /// Whether one can be read now.
  package var canRead: Bool { hasUnread && arena.freeCount > 0 }
  /// Whether every task is over.
  package var isExhausted: Bool { isAtEnd && again.isEmpty && underWayCount == 0 }

  /// Whether every task has been handed out once, or never will be.
  private var isAtEnd: Bool { !hasUnread && readyCount == 0 && readingCount == 0 }

  /// Takes the next image and a slot for it.
  package mutating func beginReading() -> (imageIndex: Int, slot: SharedSlot)? {
    guard canRead, let slot = arena.acquire() else { return nil }
    defer { nextImage += 1 }
    readingCount += 1
    slots[nextImage] = (slot, grid.tasksPerImage)
    return (nextImage, slot)
  }

  /// An image lies in its slot, or is too large for that: its tasks can be handed out; or it could not be read.
  /// - Returns: the tasks that are over before they began, since their image could not be read. The first has all that
  ///   there is to say of the reading, the others the problem.
  package mutating func endReading(
    _ imageIndex: Int, _ reading: HeadedReport<ImageLayout?>
  ) -> [(task: Int, report: TaskReport)] {
    readingCount -= 1
    let tasks = grid.tasks(ofImage: imageIndex)
    if let problem = reading.report.problem {
      giveBackSlot(of: imageIndex)
      return tasks.map { ($0, $0 == tasks.lowerBound ? reading.report : TaskReport(problem: problem)) }
    }
    readings[imageIndex] = reading.report
    let source = reading.head.flatMap { layout in
      slots[imageIndex].map { SharedSource(slot: $0.slot, layout: layout) }
    }
    if source == nil { giveBackSlot(of: imageIndex) }
    ready += tasks.map { SharedTask(task: $0, source: source) }
    return []
  }

  /// The process that read an image died of it or with it: who makes its copies reads it.
  package mutating func loseReading(_ imageIndex: Int) {
    readingCount -= 1
    giveBackSlot(of: imageIndex)
    ready += grid.tasks(ofImage: imageIndex).map { SharedTask(task: $0, source: nil) }
  }

  private mutating func giveBackSlot(of imageIndex: Int) {
    if let (slot, _) = slots.removeValue(forKey: imageIndex) { arena.release(slot) }
  }

  /// Makes the tasks of the next image ready without its pixels: who does them reads it.
  package mutating func skipReading() {
    ready += grid.tasks(ofImage: nextImage).map { SharedTask(task: $0, source: nil) }
    nextImage += 1
  }

  /// A task to be handed out.
  package mutating func takeTask() -> SharedTask? {
    guard let task = takeReady() ?? (isAtEnd ? again.popLast() : nil) else { return nil }
    underWayCount += 1
    return task
  }

  private mutating func takeReady() -> SharedTask? {
    guard readyCount > 0 else { return nil }
    if readyHead > 4096 {
      ready.removeFirst(readyHead)
      readyHead = 0
    }
    readyHead += 1
    return ready[readyHead - 1]
  }

  /// A task is over, or its worker died of it or with it; its slot is free if it was the last.
  /// - Returns: what there is to say of it, with what was said of the reading of its image if it is the first; `nil` where
  ///   it will run again.
  package mutating func end(_ task: Int, _ result: Result<[UInt8], TaskFailure>) -> TaskReport? {
    underWayCount -= 1
    let isFirstTime = !postponed.contains(task)
    if isFirstTime { releaseSlot(of: grid.imageIndex(ofTask: task)) }
    switch result {
    case .success(let payload): return withReading(of: task, TaskReport(payload: payload))
    case .failure where isFirstTime:
      postponed.insert(task)
      again.append(SharedTask(task: task, source: nil))
      return nil
    case .failure(var failure):
      failure.attempts = 2
      return withReading(of: task, TaskReport(problem: .init(failure)))
    }
  }

  private mutating func releaseSlot(of imageIndex: Int) {
    guard let (slot, remaining) = slots[imageIndex] else { return }
    slots[imageIndex] = remaining > 1 ? (slot, remaining - 1) : nil
    if remaining == 1 { arena.release(slot) }
  }

  private mutating func withReading(of task: Int, _ report: TaskReport) -> TaskReport {
    guard var whole = readings.removeValue(forKey: grid.imageIndex(ofTask: task)) else { return report }
    whole.append(report)
    return whole
  }
}

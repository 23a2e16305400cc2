package import Datasets
package import ProcPool

/// The main process's record of decoded images in shared memory: which are there, which of their tasks can be handed
/// out, and when a slot is free again.
package struct SlotSchedule {
  private let grid: TaskGrid
  private let arena: SharedArena
  private var nextImage = 0
  /// Number of images being read.
  private(set) var readingCount = 0
  private var ready = Queue<SharedTask>()
  /// Slots in use and the number of tasks that still need each, by image index.
  private var slots: [Int: (slot: SharedSlot, remaining: Int)] = [:]
  /// What the manifest keeps of each image in a slot.
  private var records: [Int: FileRecord] = [:]
  /// Reports of the reads of images none of whose tasks has ended yet.
  private var readings: [Int: TaskReport] = [:]

  /// Tasks whose workers died, to be retried once, after all others and one by one: by then the cause may be gone, and
  /// an image that needs most of the machine's memory has it for itself. A retry reads its image itself, so no slot is
  /// held for it.
  private var again: [SharedTask] = []
  private var postponed: Set<Int> = []
  private var underWayCount = 0

  package init(_ grid: TaskGrid, in arena: SharedArena) { (self.grid, self.arena) = (grid, arena) }

  /// Number of tasks that can be handed out.
  var readyCount: Int { ready.count }
  /// Whether an image is left to read.
  var hasUnread: Bool { nextImage < grid.imageCount }
  /// Whether an image can be read now.
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

  /// Records that a read ended. The image's tasks become ready, without a source if the image is too large for a slot.
  /// - Returns: the tasks that are over because the read failed. The first has the whole report of the read, the others
  ///   only the problem.
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
    records[imageIndex] = reading.report.product.source
    let source = reading.head.flatMap { layout -> SharedSource? in
      // Larger than the slot: from a process gone wrong.
      guard layout.byteCount <= arena.slotByteCount else { return nil }
      return slots[imageIndex].map { SharedSource(slot: $0.slot, layout: layout) }
    }
    if source == nil { giveBackSlot(of: imageIndex) }
    for task in tasks { ready.append(SharedTask(task: task, source: source)) }
    return []
  }

  /// Records that the process reading an image died. The ranks that make its copies read it themselves.
  package mutating func loseReading(_ imageIndex: Int) {
    readingCount -= 1
    giveBackSlot(of: imageIndex)
    makeReadyUnread(imageIndex)
  }

  /// The ranks that make the copies of the image will read it.
  private mutating func makeReadyUnread(_ imageIndex: Int) {
    for task in grid.tasks(ofImage: imageIndex) { ready.append(SharedTask(task: task, source: nil)) }
  }

  private mutating func giveBackSlot(of imageIndex: Int) {
    records[imageIndex] = nil
    if let (slot, _) = slots.removeValue(forKey: imageIndex) { arena.release(slot) }
  }

  /// Makes the tasks of the next image ready without a source: the ranks that do them read it.
  package mutating func skipReading() {
    makeReadyUnread(nextImage)
    nextImage += 1
  }

  /// Takes the next image for one rank to make all its tasks, if more than `count` images are unread.
  mutating func takeImage(leaving count: Int) -> Int? {
    guard grid.imageCount - nextImage > count else { return nil }
    defer { nextImage += 1 }
    underWayCount += grid.tasksPerImage
    return nextImage
  }

  /// Takes a task to hand out; retries come last.
  package mutating func takeTask() -> SharedTask? {
    guard let task = ready.popFirst() ?? takeRetry() else { return nil }
    underWayCount += 1
    return task
  }

  private mutating func takeRetry() -> SharedTask? { isAtEnd && underWayCount == 0 ? again.popLast() : nil }

  /// Records that a task ended or its worker died. Frees the slot after the last task of its image.
  /// - Returns: its report, with that of the read for the first task of an image; `nil` if it will be retried.
  package mutating func end(_ task: Int, _ result: Result<TaskReport, TaskFailure>) -> TaskReport? {
    underWayCount -= 1
    let isFirstTime = !postponed.contains(task)
    let record = records[grid.imageIndex(ofTask: task)]
    if isFirstTime { releaseSlot(of: grid.imageIndex(ofTask: task)) }
    switch result {
    case .success(var report):
      report.product.source = report.product.source ?? record
      return withReading(of: task, report)
    case .failure(let failure) where isFirstTime && failure.mayHaveBeenChance:
      postponed.insert(task)
      again.append(SharedTask(task: task, source: nil))
      return nil
    case .failure(var failure):
      if !isFirstTime { failure.attempts = 2 }
      return withReading(of: task, TaskReport(problem: .init(failure)))
    }
  }

  private mutating func releaseSlot(of imageIndex: Int) {
    guard let (slot, remaining) = slots[imageIndex] else { return }
    slots[imageIndex] = remaining > 1 ? (slot, remaining - 1) : nil
    if remaining > 1 { return }
    arena.release(slot)
    records[imageIndex] = nil
  }

  private mutating func withReading(of task: Int, _ report: TaskReport) -> TaskReport {
    guard var whole = readings.removeValue(forKey: grid.imageIndex(ofTask: task)) else { return report }
    whole.append(report)
    return whole
  }
}

extension TaskFailure {
  /// Whether the task may succeed the next time: its worker died, perhaps of something else.
  var mayHaveBeenChance: Bool { if case .workerEnded = cause { true } else { false } }
}

internal import ProcPool

/// The book that the main process keeps of decoded images in shared memory: which lie there, which of their tasks can be
/// handed out, and when a slot is free again.
struct SharedSources {
  private let plan: Plan
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

  init(_ plan: Plan, in arena: SharedArena) { (self.plan, self.arena) = (plan, arena) }

  /// Tasks that can be handed out.
  var readyCount: Int { ready.count - readyHead }
  /// Whether an image is left to be read.
  var hasUnread: Bool { nextImage < plan.images.count }
  /// Whether one can be read now.
  var canRead: Bool { hasUnread && arena.freeCount > 0 }
  /// Whether every task has been handed out, or never will be.
  var isExhausted: Bool { !hasUnread && readyCount == 0 && readingCount == 0 }

  /// Takes the next image and a slot for it.
  mutating func beginReading() -> (imageIndex: Int, slot: SharedSlot)? {
    guard canRead, let slot = arena.acquire() else { return nil }
    defer { nextImage += 1 }
    readingCount += 1
    slots[nextImage] = (slot, plan.tasksPerImage)
    return (nextImage, slot)
  }

  /// An image lies in its slot, or is too large for that: its tasks can be handed out; or it could not be read.
  /// - Returns: the tasks that are over before they began, since their image could not be read.
  mutating func endReading(_ imageIndex: Int, _ layout: ImageLayout?, _ report: TaskReport) -> Range<Int> {
    readingCount -= 1
    let tasks = plan.tasks(ofImage: imageIndex)
    let slot = slots[imageIndex]?.slot
    let source = layout.flatMap { layout in slot.map { SharedSource(slot: $0, layout: layout) } }
    if source == nil, let slot {
      slots[imageIndex] = nil
      arena.release(slot)
    }
    if report.problem != nil { return tasks }
    readings[imageIndex] = report
    ready += tasks.map { SharedTask(task: $0, source: source) }
    return tasks.lowerBound..<tasks.lowerBound
  }

  /// Makes the tasks of the next image ready without its pixels: who does them reads it.
  mutating func skipReading() {
    ready += plan.tasks(ofImage: nextImage).map { SharedTask(task: $0, source: nil) }
    nextImage += 1
  }

  /// A task to be handed out.
  mutating func takeTask() -> SharedTask? {
    guard readyCount > 0 else { return nil }
    if readyHead > 4096 {
      ready.removeFirst(readyHead)
      readyHead = 0
    }
    readyHead += 1
    return ready[readyHead - 1]
  }

  /// A task is over; its slot is free if it was the last.
  /// - Returns: its report, with that of the reading of its image if it is the first.
  mutating func end(_ task: Int, _ report: TaskReport) -> TaskReport {
    let imageIndex = plan.imageIndex(ofTask: task)
    if let (slot, remaining) = slots[imageIndex] {
      slots[imageIndex] = remaining > 1 ? (slot, remaining - 1) : nil
      if remaining == 1 { arena.release(slot) }
    }
    guard var whole = readings.removeValue(forKey: imageIndex) else { return report }
    whole.append(report)
    return whole
  }
}

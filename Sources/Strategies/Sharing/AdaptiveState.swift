internal import ProcPool

/// What a rank of `Adaptive` is asked to do.
enum Work: Codable, BitwiseCopyable {
  case read(imageIndex: Int, into: SharedSlot)
  case augment(SharedTask)
}

/// Decides what is handed out next: an image to be read a little before its copies are due, else a copy.
struct AdaptiveState {
  private let plan: Plan
  private let unfinished: UnfinishedTasks
  private var sources: SharedSources
  /// What is under way, by its number in the stream.
  private var underWay: [Int: Work] = [:]
  private var handedOutCount = 0

  init(_ plan: Plan, in arena: SharedArena, _ unfinished: UnfinishedTasks) {
    (self.plan, self.unfinished) = (plan, unfinished)
    sources = SharedSources(plan, in: arena)
  }

  /// The next piece of work.
  /// - Parameters:
  ///   - room: how many may be under way at once.
  ///   - readers: how many of them may be images to be read.
  mutating func next(room: Int, readers: Int) -> Supply<Work> {
    guard underWay.count < room else { return .notYet }
    if wantsReading(room), sources.readingCount < readers, let (imageIndex, slot) = sources.beginReading() {
      return begin(.read(imageIndex: imageIndex, into: slot))
    }
    if sources.readyCount == 0, sources.readingCount == 0, sources.hasUnread { sources.skipReading() }
    if let task = sources.takeTask() {
      unfinished.begin(task.task)
      return begin(.augment(task))
    }
    return sources.isExhausted ? .end : .notYet
  }

  /// An only copy gains nothing by having its image read by somebody else.
  private func wantsReading(_ room: Int) -> Bool {
    let aheadCount = sources.readyCount + sources.readingCount * plan.tasksPerImage
    return plan.tasksPerImage > 1 && (sources.readyCount == 0 || aheadCount < room)
  }

  private mutating func begin(_ work: Work) -> Supply<Work> {
    underWay[handedOutCount] = work
    handedOutCount += 1
    return .item(work)
  }

  /// A piece of work has ended.
  /// - Returns: the tasks that are over with it.
  mutating func end(_ index: Int, _ result: Result<[UInt8], TaskFailure>) -> [(task: Int, report: TaskReport)] {
    switch underWay.removeValue(forKey: index) {
    case .augment(let shared): return [(shared.task, sources.end(shared.task, unfinished.end(shared.task, result)))]
    case .read(let imageIndex, _):
      var reading = HeadedReport<ImageLayout?>(head: nil, report: TaskReport())
      switch result {
      case .success(let payload): reading = HeadedReport(payload: payload)
      case .failure(let failure): reading.report.problem = .init(failure)
      }
      return sources.endReading(imageIndex, reading.head, reading.report).map { ($0, reading.report) }
    case nil: preconditionFailure("what ends was handed out")
    }
  }
}

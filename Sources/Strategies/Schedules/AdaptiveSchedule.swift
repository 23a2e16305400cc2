package import Datasets
package import ProcPool

/// Decides what is handed out next: an image to be read a little before its copies are due, else a copy.
package struct AdaptiveSchedule {
  private let grid: TaskGrid
  private let unfinished: UnfinishedTasks
  private var sources: SlotSchedule
  /// What is under way, by its number in the stream.
  private var underWay: [Int: Work] = [:]
  private var handedOutCount = 0

  package init(_ grid: TaskGrid, in arena: SharedArena, _ unfinished: UnfinishedTasks) {
    (self.grid, self.unfinished) = (grid, unfinished)
    sources = SlotSchedule(grid, in: arena)
  }

  /// The next piece of work.
  /// - Parameters:
  ///   - room: how many may be under way at once.
  ///   - readers: how many of them may be images to be read.
  package mutating func next(room: Int, readers: Int) -> Supply<Work> {
    guard underWay.count < room else { return .notYet }
    if wantsReading(room), sources.readingCount < readers, let (imageIndex, slot) = sources.beginReading() {
      return begin(.read(imageIndex: imageIndex, into: slot))
    }
    if sources.readyCount == 0, sources.readingCount == 0, sources.hasUnread { sources.skipReading() }
    if let task = sources.takeTask() {
      unfinished.begin(task.task)
      return begin(.make(task))
    }
    return sources.isExhausted ? .end : .notYet
  }

  /// An only copy gains nothing by having its image read by somebody else.
  private func wantsReading(_ room: Int) -> Bool {
    let aheadCount = sources.readyCount + sources.readingCount * grid.tasksPerImage
    return grid.tasksPerImage > 1 && (sources.readyCount == 0 || aheadCount < room)
  }

  private mutating func begin(_ work: Work) -> Supply<Work> {
    underWay[handedOutCount] = work
    handedOutCount += 1
    return .item(work)
  }

  /// A piece of work has ended.
  /// - Returns: the tasks that are over with it.
  package mutating func end(
    _ index: Int, _ result: Result<[UInt8], TaskFailure>
  ) -> [(task: Int, report: TaskReport)] {
    switch underWay.removeValue(forKey: index) {
    case .make(let shared):
      guard let report = sources.end(shared.task, result) else { return [] }
      unfinished.end(shared.task, report)
      return [(shared.task, report)]
    case .read(let imageIndex, _):
      guard case .success(let payload) = result else {
        sources.loseReading(imageIndex)
        return []
      }
      return sources.endReading(imageIndex, HeadedReport(payload: payload))
    case .queue, .save, nil: preconditionFailure("what ends was handed out")
    }
  }
}

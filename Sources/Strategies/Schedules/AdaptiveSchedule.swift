package import Datasets
package import ProcPool

/// Decides what to hand out next: an image to read, shortly before its copies are due, otherwise a copy to make.
package struct AdaptiveSchedule {
  private let grid: TaskGrid
  private let unfinished: UnfinishedTasks
  private var sources: SlotSchedule
  /// Work in progress, by its index in the stream.
  private var underWay: [Int: Work] = [:]
  private var handedOutCount = 0

  package init(_ grid: TaskGrid, in arena: SharedArena, _ unfinished: UnfinishedTasks) {
    (self.grid, self.unfinished) = (grid, unfinished)
    sources = SlotSchedule(grid, in: arena)
  }

  /// The next piece of work.
  /// - Parameters:
  ///   - room: limit on the work in progress.
  ///   - readers: limit on the images being read.
  package mutating func next(room: Int, readers: Int) -> Supply<Work> {
    guard underWay.count < room else { return .notYet }
    if hasFewCopies, let imageIndex = sources.takeImage(leaving: 2 * readers) {
      grid.tasks(ofImage: imageIndex).forEach { unfinished.begin($0) }
      return begin(.makeAll(imageIndex: imageIndex))
    }
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

  /// Whether to read an image ahead. With a single copy per image that would gain nothing: it would only move the read
  /// to another rank.
  private func wantsReading(_ room: Int) -> Bool {
    let aheadCount = sources.readyCount + sources.readingCount * grid.tasksPerImage
    return grid.tasksPerImage > 1 && (sources.readyCount == 0 || aheadCount < room)
  }

  /// Whether one rank makes all copies of an image while there are images for all ranks: nothing is handed over, and one
  /// message does for all. 8, because progress is reported per image then, and a death costs all copies of it.
  private var hasFewCopies: Bool { 2...8 ~= grid.tasksPerImage }

  private mutating func begin(_ work: Work) -> Supply<Work> {
    underWay[handedOutCount] = work
    handedOutCount += 1
    return .item(work)
  }

  /// Records that a piece of work ended.
  /// - Returns: the tasks that are over with it.
  package mutating func end(
    _ index: Int, _ result: Result<[UInt8], TaskFailure>
  ) -> [(task: Int, report: TaskReport)] {
    switch underWay.removeValue(forKey: index) {
    case .make(let shared): return endTask(shared.task, result.map { TaskReport(validating: $0) ?? .malformed })
    case .makeAll(let imageIndex):
      let tasks = grid.tasks(ofImage: imageIndex)
      switch result {
      case .success(let payload):
        let reports = [TaskReport](validating: payload) ?? Array(repeating: .malformed, count: tasks.count)
        return tasks.enumerated().flatMap { index, task in
          endTask(task, .success(index < reports.count ? reports[index] : .missing))
        }
      case .failure(let failure): return tasks.flatMap { endTask($0, .failure(failure)) }
      }
    case .read(let imageIndex, _):
      switch result {
      case .success(let payload):
        return sources.endReading(
          imageIndex, HeadedReport(validating: payload) ?? HeadedReport(head: nil, report: .malformed))
      case .failure(let failure) where failure.mayHaveBeenChance:
        sources.loseReading(imageIndex)
        return []
      case .failure(let failure):
        return sources.endReading(imageIndex, HeadedReport(head: nil, report: TaskReport(problem: .init(failure))))
      }
    case .queue, .save, nil: preconditionFailure("what ends was handed out")
    }
  }

  private mutating func endTask(
    _ task: Int, _ result: Result<TaskReport, TaskFailure>
  ) -> [(task: Int, report: TaskReport)] {
    guard let report = sources.end(task, result) else { return [] }
    unfinished.end(task, report)
    return [(task, report)]
  }
}

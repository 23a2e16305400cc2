package import ProcPool

/// Result of one save from a queue.
package enum SaveVerdict: ReportHead {
  /// The queue was empty.
  case nothingThere
  /// The copy was saved, or failed as the report says.
  case saved(task: Int)
  /// The copy was dropped, because too many savers died of it.
  case givenUp(task: Int)
}

extension SaveVerdict {
  package func append(to bytes: inout [UInt8]) {
    switch self {
    case .nothingThere: bytes.append(0)
    case .saved(let task): bytes.append(1); bytes.append(word: UInt64(task))
    case .givenUp(let task): bytes.append(2); bytes.append(word: UInt64(task))
    }
  }

  package init(from reader: inout MessageReader) throws(MessageReader.Malformed) {
    switch try reader.byte() {
    case 0: self = .nothingThere
    case 1: self = .saved(task: try reader.number())
    case 2: self = .givenUp(task: try reader.number())
    default: throw MessageReader.Malformed()
    }
  }
}

/// The main process's record of copies on their way through the queues. A task is over when its worker has reported it
/// queued and its saver has reported it saved, in either order. This class decides; `SaveDispatcher` executes.
///
/// A copy may be queued twice, if a worker dies before it can report the first. It is then saved twice, with the same
/// bytes, and the second save changes nothing here.
package final class SaveSchedule {
  /// Saves to hand out, by queue.
  private(set) var wantedSaves: [Int]
  private let roles: RankRoles
  private let unfinished: UnfinishedTasks
  /// Reports of tasks that are queued but not saved, or (below) saved but not reported as queued.
  private var queued: [Int: TaskReport] = [:]
  private var savedEarly: [Int: TaskReport] = [:]
  private var isOver: Set<Int> = []
  private var finished: [(task: Int, report: TaskReport)] = []
  private var lastEnds: [Int: ProcessEnd] = [:]
  /// Why savers were stopped that took too long, by queue.
  private var timeouts: [Int: TaskReport.Problem] = [:]
  private let taskCount: Int
  /// Once set, a task that is over may still be saved a second time.
  private var hasLostWorker = false

  /// - Parameter taskCount: of the run; what is said of other tasks is ignored.
  package init(_ roles: RankRoles, _ unfinished: UnfinishedTasks, taskCount: Int = .max) {
    (self.roles, self.unfinished, self.taskCount) = (roles, unfinished, taskCount)
    wantedSaves = Array(repeating: 0, count: roles.savers)
  }

  /// Records a death. A worker's adds one save per queue, for a copy that it may have queued without reporting it.
  package func note(_ end: WorkerEnd) {
    lastEnds[end.rank] = end.end
    guard end.rank < roles.workers else { return }
    hasLostWorker = true
    for queue in wantedSaves.indices { wantedSaves[queue] += 1 }
  }

  /// Records that a worker finished a task or died of it.
  package func augmented(_ task: Int, _ result: Result<[UInt8], TaskFailure>) {
    switch result {
    case .failure:
      let report = unfinished.end(task, result)
      // The copy may have been queued, and even saved, before the task killed its last worker.
      finish(task, savedEarly.removeValue(forKey: task) ?? report)
      unfinished.begin(task)
    case .success(let payload):
      let answer = HeadedReport<Bool>(validating: payload) ?? HeadedReport(head: false, report: .malformed)
      guard answer.head else { return finish(task, answer.report) }
      wantedSaves[task % roles.savers] += 1
      if let saved = savedEarly.removeValue(forKey: task) { return finish(task, answer.report, saved) }
      queued[task] = answer.report
    }
  }

  /// Records the result of a save.
  package func saved(_ answer: HeadedReport<SaveVerdict>, from queue: Int) {
    var report = answer.report
    switch answer.head {
    case .nothingThere: return
    case .saved(let task):
      if task < taskCount { saved(task, report) }
    case .givenUp(let task):
      guard task < taskCount else { return }
      let end = lastEnds[roles.workers + queue].map(String.init(describing:)) ?? "ended"
      report.problem =
        timeouts.removeValue(forKey: queue)
        ?? .init(reason: "the saver \(end), \(QueuedCopy.deliveryLimit) times")
      unfinished.removeTemporaryFile(of: task)
      saved(task, report)
    }
  }

  /// Requeues a save that was lost with its saver; the copy is still in the queue.
  package func lostSave(of queue: Int, _ failure: TaskFailure? = nil) {
    wantedSaves[queue] += 1
    if let failure, case .timedOut = failure.cause { timeouts[queue] = .init(failure) }
  }

  /// Takes a save of one queue.
  /// - Returns: whether there was one.
  package func takeWantedSave(of queue: Int) -> Bool {
    guard wantedSaves[queue] > 0 else { return false }
    wantedSaves[queue] -= 1
    return true
  }

  /// Takes a save to hand out.
  /// - Returns: its queue.
  package func takeWantedSave() -> Int? {
    guard let queue = wantedSaves.firstIndex(where: { $0 > 0 }) else { return nil }
    wantedSaves[queue] -= 1
    return queue
  }

  /// Takes the tasks that were queued and never reported saved; to be called when all queues are empty. Their savers
  /// died after the save and before the report.
  package func takeUnreported() -> [Int] {
    defer { queued = [:] }
    return queued.keys.sorted()
  }

  /// Calls `each` for the tasks that ended since the last call.
  package func takeFinished(_ each: (_ task: Int, _ report: TaskReport) throws -> Void) rethrows {
    let ended = finished
    finished = []
    for (task, report) in ended { try each(task, report) }
  }

  private func saved(_ task: Int, _ report: TaskReport) {
    if let first = queued.removeValue(forKey: task) { return finish(task, first, report) }
    // Of two saves, the successful one counts.
    if !isOver.contains(task), savedEarly[task]?.problem != nil || savedEarly[task] == nil { savedEarly[task] = report }
  }

  private func finish(_ task: Int, _ reports: TaskReport...) {
    var whole = TaskReport()
    reports.forEach { whole.append($0) }
    finished.append((task, whole))
    isOver.insert(task)
    if !hasLostWorker { unfinished.end(task) }
  }
}

package import ProcPool

/// What became of a look into a queue.
package enum SaveVerdict: BitwiseCopyable {
  /// There was no copy.
  case nothingThere
  /// The copy of a task was saved, or could not be, as the report says.
  case saved(task: Int)
  /// The copy of a task ended each process that saved it and was dropped.
  case givenUp(task: Int)
}

/// The book that the main process keeps of copies on their way through the queues: a task is over when its worker has said
/// that it is queued and its saver that it is saved, in whichever order. Decides; `SaveDispatcher` carries out.
///
/// A copy may be queued twice, when a worker dies before it can say that it has done so. Then it is saved twice, to the same
/// bytes, and the second time changes nothing here.
package final class SaveSchedule {
  /// How many saves are to be handed out, by queue.
  private(set) var wantedSaves: [Int]
  private let roles: RankRoles
  private let unfinished: UnfinishedTasks
  /// What was reported of tasks of which half is known.
  private var queued: [Int: TaskReport] = [:]
  private var savedEarly: [Int: TaskReport] = [:]
  private var isOver: Set<Int> = []
  private var finished: [(task: Int, report: TaskReport)] = []
  private var lastEnds: [Int: ProcessEnd] = [:]
  /// From then on a task that is over may still be saved for the second time.
  private var hasLostWorker = false

  package init(_ roles: RankRoles, _ unfinished: UnfinishedTasks) {
    (self.roles, self.unfinished) = (roles, unfinished)
    wantedSaves = Array(repeating: 0, count: roles.savers)
  }

  /// A worker or saver has died.
  package func note(_ end: WorkerEnd) {
    lastEnds[end.rank] = end.end
    guard end.rank < roles.workers else { return }
    hasLostWorker = true
    for queue in wantedSaves.indices { wantedSaves[queue] += 1 }
  }

  /// A worker is done with a task, or died of it.
  package func augmented(_ task: Int, _ result: Result<[UInt8], TaskFailure>) {
    switch result {
    case .failure:
      let report = unfinished.end(task, result)
      // It may have been queued before its worker died of it for the second time, and lie there saved.
      finish(task, savedEarly.removeValue(forKey: task) ?? report)
      unfinished.begin(task)
    case .success(let payload):
      let answer = HeadedReport<Bool>(payload: payload)
      guard answer.head else { return finish(task, answer.report) }
      wantedSaves[task % roles.savers] += 1
      if let saved = savedEarly.removeValue(forKey: task) { return finish(task, answer.report, saved) }
      queued[task] = answer.report
    }
  }

  /// A saver is done with what it found in a queue.
  package func saved(_ answer: HeadedReport<SaveVerdict>, from queue: Int) {
    var report = answer.report
    switch answer.head {
    case .nothingThere: return
    case .saved(let task): saved(task, report)
    case .givenUp(let task):
      let end = lastEnds[roles.workers + queue].map(String.init(describing:)) ?? "ended"
      report.problem = .init(reason: "the saver \(end), \(QueuedCopy.deliveryLimit) times", isShortage: false)
      unfinished.removeTemporaryFile(of: task)
      saved(task, report)
    }
  }

  /// A save came to nothing with its saver; the copy lies in the queue still.
  package func lostSave(of queue: Int) { wantedSaves[queue] += 1 }

  /// Takes a save of one queue.
  /// - Returns: whether there is one to be handed out.
  package func takeWantedSave(of queue: Int) -> Bool {
    guard wantedSaves[queue] > 0 else { return false }
    wantedSaves[queue] -= 1
    return true
  }

  /// Takes a save that is to be handed out.
  /// - Returns: its queue.
  package func takeWantedSave() -> Int? {
    guard let queue = wantedSaves.firstIndex(where: { $0 > 0 }) else { return nil }
    wantedSaves[queue] -= 1
    return queue
  }

  /// Takes the tasks that are in no queue any more and of whose saving nobody has heard, now that all queues are empty:
  /// their savers died after the work and before the word.
  package func takeUnreported() -> [Int] {
    defer { queued = [:] }
    return queued.keys.sorted()
  }

  /// Calls `each` for the tasks that are over since the last call.
  package func takeFinished(_ each: (_ task: Int, _ report: TaskReport) throws -> Void) rethrows {
    let ended = finished
    finished = []
    for (task, report) in ended { try each(task, report) }
  }

  private func saved(_ task: Int, _ report: TaskReport) {
    if let first = queued.removeValue(forKey: task) { return finish(task, first, report) }
    // Of two savings the good one counts.
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

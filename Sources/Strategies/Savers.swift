package import Datasets
package import Jobs
internal import ProcPool

/// Some ranks only save, each from its own queue; the others augment. PQ in the original study.
///
///     main:    task numbers ──▶ workers ──▶ "copy i is in queue i mod savers" ──▶ saver ──▶ reports
///     worker:  read ─ decode ─ transform ─▶ queue
///     saver:                                queue ─▶ encode ─ write
///
/// The last transform of a worker writes into the queue, and the saver encodes from there: no pixel is copied. A full
/// queue holds the worker back. Each save is a pool task for one rank, handed out once the copy is known to be in the
/// queue, so no process waits for a message that does not come.
///
/// A product that makes its saver hang is saved again by the next one, and then dropped: so it takes twice the time that
/// an image has.
///
/// When a process dies, its slots are reclaimed: a half-written copy is made again, a half-saved one is saved again. A
/// worker that dies between queueing a copy and reporting it leaves a copy that the main process does not know of; so
/// after each worker's death every queue gets one save more than it has known copies. A saver that dies between freeing
/// the slot and reporting the save leaves a task without a report: it is made again.
package struct Savers: SimulatedStrategy {
  package static let name = "savers"
  package static let summary = "some ranks only save what the others make"

  /// ⌈√ranks⌉ − 1 savers, at least one, unless `how.savers` is set.
  package static func roles(_ how: RunDescription.How) -> RankRoles {
    let usual = max(1, Int(Double(how.ranks).squareRoot().rounded(.up)) - 1)
    let savers = how.savers ?? usual
    return RankRoles(workers: how.ranks - savers, savers: savers)
  }

  /// Requires at least one rank of each role.
  package static func refusal(of how: RunDescription.How) -> String? {
    if how.ranks < 2 { return "the strategy \(name) needs at least 2 ranks: one to augment and one to save" }
    guard let savers = how.savers, !(1..<how.ranks).contains(savers) else { return nil }
    return "the number of savers must lie between 1 and \(how.ranks - 1), one less than there are ranks"
  }

  private let how: RunDescription.How
  private let control: RunControl
  private let roles: RankRoles

  package init(_ how: RunDescription.How, _ control: RunControl) {
    (self.how, self.control, roles) = (how, control, Self.roles(how))
  }

  package func run(_ run: JobRun<some Job>, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let unfinished = UnfinishedTasks(of: run)
    defer { unfinished.removeTemporaryFiles() }
    let queues = try makeQueues(for: run)
    let givenUp = try GivenUpImages(run.plan.grid)
    let runner = try TaskRunner(run, how, givenUp: givenUp)  // inherited by fork: each process has its own copy
    let schedule = SaveSchedule(roles, unfinished, taskCount: run.plan.taskCount)
    var pool = how.pool(roles, control)
    pool.onWorkerEnd = { end in
      queues.forEach { $0.reclaim(deadPID: end.pid) }
      schedule.note(end)
      control.onWorkerEnd?(end)
    }
    let body = { (work: Work) in
      switch work {
      case .queue(let task): runner.make(task, into: queues[task % queues.count]).payload
      case .save(let queue): runner.save(from: queues[queue]).payload
      case .read, .make, .makeAll: preconditionFailure("no such work is handed out")
      }
    }
    try Pool.with(pool, initializer: runner.beginWorker, body: body) { pool in
      let dispatcher = SaveDispatcher(pool, roles, schedule, timeoutSeconds: how.guards.imageSeconds)
      var tasks = Array(0..<run.plan.taskCount)
      while !tasks.isEmpty {
        let work = tasks.lazy.map { Work.queue(task: unfinished.begin($0)) }
        let outcomes = try pool.imapUnordered(
          work, chunkSize: .fixed(how.tasksPerMessage(run.plan.grid, workers: roles.workers)),
          window: RunDescription.How.window, timeout: how.guards.imageSeconds, ranks: 0..<roles.workers)
        try follow(outcomes, of: tasks, dispatcher, schedule) { task, report in
          givenUp.note(task, report)
          try each(task, report)
        }
        tasks = schedule.takeUnreported()
      }
    }
  }

  /// Hands out saves as copies enter the queues, until all copies are saved.
  private func follow(
    _ outcomes: UnorderedResults<Work, [UInt8]>, of tasks: [Int], _ dispatcher: SaveDispatcher,
    _ schedule: SaveSchedule,
    _ each: (_ task: Int, _ report: TaskReport) throws -> Void
  ) throws {
    var isAugmenting = true
    while isAugmenting || dispatcher.isBusy {
      if isAugmenting {
        switch try outcomes.arrival(within: Self.secondsBetweenLooks) {
        case .outcome(let outcome): schedule.augmented(tasks[outcome.index], outcome.result)
        case .nothingYet: break
        case .end: isAugmenting = false
        }
      } else {
        dispatcher.wait()
      }
      try dispatcher.handOutSaves()
      try schedule.takeFinished(each)
    }
  }

  /// Upper limit on a wait. After a death, a queue may be full while the pool has nothing to report.
  private static let secondsBetweenLooks = 1.0

  private func makeQueues(for run: JobRun<some Job>) throws -> [CopyQueue] {
    let wanted = Self.slotsPerQueue(run.plan.grid, roles, cores: how.cores)
    let size = SlotSize(for: run, wanted: roles.savers * wanted)
    return try SharedMemoryShortage.guarding(size) { () throws(PoolError) in
      var queues: [CopyQueue] = []
      for _ in 0..<roles.savers {
        queues.append(
          try CopyQueue(slotCount: max(1, size.count / roles.savers), slotByteCount: size.byteCount))
      }
      return queues
    }
  }

  /// Slots per queue, before the memory limit: one for the copy being saved, and its share of three per worker that has
  /// a core, because transform times vary by a factor of 100. Workers beyond the cores wait for room, and take no core
  /// from the others.
  fileprivate static func slotsPerQueue(_ grid: TaskGrid, _ roles: RankRoles, cores: Int) -> Int {
    let made = 3 * min(roles.workers, cores)
    return min(1 + (made + roles.savers - 1) / roles.savers, max(1, grid.taskCount / roles.savers))
  }

  package static func virtualSchedule(_ grid: TaskGrid, _ how: RunDescription.How) -> any VirtualSchedule {
    VirtualSavers(grid, roles(how), how)
  }
}

/// The decisions of the strategy for a simulation: a product leaves its worker when the queue has room, and the queue
/// when it is saved.
private final class VirtualSavers: VirtualSchedule {
  let ranks: [Int]
  private let roles: RankRoles
  private let taskCount: Int
  private let capacity: Int
  private let tasks: ListSchedule
  private let schedule: SaveSchedule
  private var queues: [[Int]]
  private var overCount = 0

  init(_ grid: TaskGrid, _ roles: RankRoles, _ how: RunDescription.How) {
    (self.roles, taskCount, ranks) = (roles, grid.taskCount, Array(0..<roles.ranks))
    capacity = Savers.slotsPerQueue(grid, roles, cores: how.cores)
    let chunkSize = how.tasksPerMessage(grid, workers: roles.workers)
    tasks = ListSchedule(grid, workers: roles.workers, chunkSize: chunkSize, start: .together)
    schedule = SaveSchedule(roles, UnfinishedTasks())
    queues = Array(repeating: [], count: roles.savers)
  }

  func next(for rank: Int) -> Supply<Work> {
    guard rank >= roles.workers else { return tasks.takeTask(rank).map { .item(.queue(task: $0)) } ?? .end }
    if schedule.takeWantedSave(of: rank - roles.workers) { return .item(.save(queue: rank - roles.workers)) }
    return overCount == taskCount ? .end : .notYet
  }

  func hasRoom(for work: Work) -> Bool {
    guard case .queue(let task) = work else { return true }
    return queues[task % roles.savers].count < capacity
  }

  func end(_ work: Work, by rank: Int) {
    switch work {
    case .queue(let task):
      queues[task % roles.savers].append(task)
      schedule.augmented(task, .success(HeadedReport(head: true, report: TaskReport()).payload))
    case .save(let queue):
      let task = queues[queue].removeFirst()
      schedule.saved(HeadedReport(head: .saved(task: task), report: TaskReport()), from: queue)
    case .read, .make, .makeAll: preconditionFailure("no such work is handed out")
    }
    schedule.takeFinished { _, _ in overCount += 1 }
  }
}

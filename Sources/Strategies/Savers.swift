package import Datasets
package import Jobs
internal import ProcPool

/// Of all ranks some only save, each what lies in its own queue; the rest augment. The report calls it PQ.
///
///     main:    task numbers ──▶ workers ──▶ "copy i is in queue i mod savers" ──▶ saver ──▶ reports
///     worker:  read ─ decode ─ transform ─▶ queue
///     saver:                                queue ─▶ encode ─ write
///
/// The last transform of a worker writes into the queue, and the saver encodes from there: no pixel is copied. A full queue
/// holds the worker back. Each save is a task of the pool for one rank, handed out when the copy is known to lie in the
/// queue, so nobody waits for what does not come. What a dead process had in a queue is given back: a copy half written is
/// made again, one half saved is saved again. A worker that dies between putting a copy there and saying so leaves one that
/// nobody has told of; so after a death each queue is looked at once more than there are copies known. A saver that dies
/// between giving the slot back and saying so leaves a copy whose saving nobody has heard of: it is made once more.
package struct Savers: Strategy {
  /// "savers"
  package static let name = "savers"

  /// Of the ranks, ⌈√ranks⌉ − 1 save, and at least one, unless the options say how many.
  package static func roles(_ how: RunDescription.How) -> RankRoles {
    let usual = max(1, Int(Double(how.ranks).squareRoot().rounded(.up)) - 1)
    let savers = how.savers ?? usual
    return RankRoles(workers: how.ranks - savers, savers: savers)
  }

  /// There must be one of each.
  package static func refusal(of how: RunDescription.How) -> String? {
    if how.ranks < 2 { return "the strategy \(name) needs at least 2 ranks: one to augment and one to save" }
    guard let savers = how.savers, !(1..<how.ranks).contains(savers) else { return nil }
    return "the number of savers must lie between 1 and \(how.ranks - 1), one less than there are ranks"
  }

  private let how: RunDescription.How
  private let control: RunControl
  private let roles: RankRoles

  /// As many processes as the options have ranks.
  package init(_ how: RunDescription.How, _ control: RunControl) {
    (self.how, self.control, roles) = (how, control, Self.roles(how))
  }

  /// Runs the tasks in workers and savers forked for the purpose.
  package func run(_ run: JobRun<some Job>, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let unfinished = UnfinishedTasks(of: run)
    defer { unfinished.removeTemporaryFiles() }
    let queues = try makeQueues(for: run.plan, run.files)
    let runner = try TaskRunner(run, how)  // inherited by fork: each process has its own
    let schedule = SaveSchedule(roles, unfinished)
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
      case .read, .make: preconditionFailure("no such work is handed out")
      }
    }
    try Pool.with(pool, initializer: runner.begin, body: body) { pool in
      let dispatcher = SaveDispatcher(pool, roles, schedule)
      var tasks = Array(0..<run.plan.taskCount)
      while !tasks.isEmpty {
        let work = tasks.lazy.map { Work.queue(task: unfinished.begin($0)) }
        let outcomes = try pool.imapUnordered(
          work, chunkSize: .fixed(how.tasksPerMessage(run.plan.grid, workers: roles.workers)),
          window: RunDescription.How.window,
          ranks: 0..<roles.workers)
        try follow(outcomes, of: tasks, dispatcher, schedule, each)
        tasks = schedule.takeUnreported()
      }
    }
  }

  /// Has copies saved as they come into the queues, until all are.
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

  /// After a death that left a queue full, nothing may happen that the pool would tell of.
  private static let secondsBetweenLooks = 1.0

  private func makeQueues(for plan: Plan, _ files: ImageFileOptions) throws -> [CopyQueue] {
    let wanted = Self.slotsPerQueue(plan.grid, roles, cores: how.cores)
    let size = SlotSize(for: plan, files, wanted: roles.savers * wanted)
    return try SharedMemoryShortage.guarding(size) { () throws(PoolError) in
      var queues: [CopyQueue] = []
      for _ in 0..<roles.savers {
        queues.append(
          try CopyQueue(slotCount: max(1, size.count / roles.savers), slotByteCount: size.byteCount))
      }
      return queues
    }
  }

  /// Room for one copy that is being saved and three of each worker that has a core, as far as memory allows: what the
  /// transforms of a copy take varies by a hundred. Of more workers than cores the others wait for room, and take no core
  /// from those that have it.
  fileprivate static func slotsPerQueue(_ grid: TaskGrid, _ roles: RankRoles, cores: Int) -> Int {
    let made = 3 * min(roles.workers, cores)
    return min(1 + (made + roles.savers - 1) / roles.savers, max(1, grid.taskCount / roles.savers))
  }

  package static func virtualSchedule(_ grid: TaskGrid, _ how: RunDescription.How) -> any VirtualSchedule {
    VirtualSavers(grid, roles(how), how)
  }
}

/// As the strategy decides: a product leaves its worker when there is room in its queue, and the queue when it is saved.
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
    case .read, .make: preconditionFailure("no such work is handed out")
    }
    schedule.takeFinished { _, _ in overCount += 1 }
  }
}

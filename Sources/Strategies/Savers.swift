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
    let unfinished = UnfinishedTasks(run.plan, isSaving: run.isSaving)
    defer { unfinished.removeTemporaryFiles() }
    let queues = try makeQueues(for: run.plan, run.files)
    let runner = try TaskRunner(run, how)  // inherited by fork: each process has its own
    let ledger = SaveLedger(roles, unfinished)
    var pool = how.pool(roles, control)
    pool.onWorkerEnd = { end in
      queues.forEach { $0.reclaim(deadPID: end.pid) }
      ledger.note(end)
      control.onWorkerEnd?(end)
    }
    let body = { (order: Order) in
      switch order {
      case .augment(let task): runner.make(task, into: queues[task % queues.count]).payload
      case .save(let queue): runner.save(from: queues[queue]).payload
      }
    }
    try Pool.with(pool, initializer: runner.begin, body: body) { pool in
      let desk = SaveDesk(pool, roles, ledger)
      var tasks = Array(0..<run.plan.taskCount)
      while !tasks.isEmpty {
        let orders = tasks.lazy.map { Order.augment(task: unfinished.begin($0)) }
        let outcomes = try pool.imapUnordered(
          orders, chunkSize: how.chunkSize(of: run.plan, workers: roles.workers), window: RunDescription.How.window,
          ranks: 0..<roles.workers)
        try follow(outcomes, of: tasks, desk, ledger, each)
        tasks = ledger.takeUnreported()
      }
    }
  }

  /// Has copies saved as they come into the queues, until all are.
  private func follow(
    _ outcomes: UnorderedResults<Order, [UInt8]>, of tasks: [Int], _ desk: SaveDesk, _ ledger: SaveLedger,
    _ each: (_ task: Int, _ report: TaskReport) throws -> Void
  ) throws {
    var isAugmenting = true
    while isAugmenting || desk.isBusy {
      if isAugmenting {
        switch try outcomes.arrival(within: Self.secondsBetweenLooks) {
        case .outcome(let outcome): ledger.augmented(tasks[outcome.index], outcome.result)
        case .nothingYet: break
        case .end: isAugmenting = false
        }
      } else {
        desk.wait()
      }
      try desk.handOutSaves()
      try ledger.takeFinished(each)
    }
  }

  /// After a death that left a queue full, nothing may happen that the pool would tell of.
  private static let secondsBetweenLooks = 1.0

  /// Room for one copy that is being saved and three of each worker that has a core, as far as memory allows: what the
  /// transforms of a copy take varies by a hundred. Of more workers than cores the others wait for room, and take no core
  /// from those that have it.
  private func makeQueues(for plan: Plan, _ files: ImageFileOptions) throws -> [CopyQueue] {
    let made = 3 * min(roles.workers, how.cores)
    let wanted = min(1 + (made + roles.savers - 1) / roles.savers, max(1, plan.taskCount / roles.savers))
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
}

/// What a process of the pool is asked to do.
enum Order: Codable, BitwiseCopyable {
  case augment(task: Int)
  /// Whatever copy lies in the queue longest.
  case save(queue: Int)
}

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
public struct Savers: Strategy {
  /// "savers"
  public static let name = "savers"

  /// Of the ranks, ⌈√ranks⌉ − 1 save, and at least one, unless the options say how many.
  public static func crew(_ options: RunOptions) -> Crew {
    let usual = max(1, Int(Double(options.ranks).squareRoot().rounded(.up)) - 1)
    let savers = options.savers ?? usual
    return Crew(workers: options.ranks - savers, savers: savers)
  }

  /// There must be one of each.
  public static func refusal(of options: RunOptions) -> String? {
    if options.ranks < 2 { return "the strategy \(name) needs at least 2 ranks: one to augment and one to save" }
    guard let savers = options.savers, !(1..<options.ranks).contains(savers) else { return nil }
    return "--savers must lie between 1 and \(options.ranks - 1), one less than there are ranks"
  }

  private let options: RunOptions
  private let crew: Crew

  /// As many processes as the options have ranks.
  public init(_ options: RunOptions) { (self.options, crew) = (options, Self.crew(options)) }

  /// Runs the tasks in workers and savers forked for the purpose.
  public func run(_ job: AugmentJob, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let unfinished = UnfinishedTasks(job)
    defer { unfinished.removeTemporaryFiles() }
    let queues = try makeQueues(for: job)
    let runner = try TaskRunner(job, options)  // inherited by fork: each process has its own
    let ledger = SaveLedger(crew, unfinished)
    var pool = options.pool(crew)
    pool.onWorkerEnd = { end in
      queues.forEach { $0.reclaim(deadPID: end.pid) }
      ledger.note(end)
      options.onWorkerEnd?(end)
    }
    let body = { (order: Order) in
      switch order {
      case .augment(let task): runner.augment(task, into: queues[task % queues.count]).payload
      case .save(let queue): runner.save(from: queues[queue]).payload
      }
    }
    try Pool.with(pool, initializer: runner.begin, body: body) { pool in
      let desk = SaveDesk(pool, crew, ledger)
      var tasks = Array(0..<job.plan.taskCount)
      while !tasks.isEmpty {
        let orders = tasks.lazy.map { Order.augment(task: unfinished.begin($0)) }
        let outcomes = try pool.imapUnordered(
          orders, chunkSize: options.chunkSize(of: job.plan, workers: crew.workers), window: RunOptions.window,
          ranks: 0..<crew.workers)
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
  private func makeQueues(for job: AugmentJob) throws -> [CopyQueue] {
    let made = 3 * min(crew.workers, options.cores)
    let wanted = min(1 + (made + crew.savers - 1) / crew.savers, max(1, job.plan.taskCount / crew.savers))
    let size = SlotSize(for: job, wanted: crew.savers * wanted)
    return try SharedMemoryShortage.guarding(size) { () throws(PoolError) in
      var queues: [CopyQueue] = []
      for _ in 0..<crew.savers {
        queues.append(
          try CopyQueue(slotCount: max(1, size.count / crew.savers), slotByteCount: size.byteCount))
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

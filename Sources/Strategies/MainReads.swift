internal import ProcPool

/// The main process reads and decodes every image once, into memory that it shares with the workers, and hands out numbers
/// of tasks and slots. The report calls it P1.
///
///     main:    read ─ decode ─▶ slots ──▶ workers ──▶ reports
///     worker:                   transform ─ encode ─ write
///
/// The slots bound the memory: a slot is filled when one is free, and free when the last copy of its image is done. Before
/// it decodes, the main process hands out what it has decoded, so that the workers work meanwhile. An image that does not
/// fit into a slot is read by the workers that make its copies. A decoder that crashes ends the run: that is the price of
/// reading in one process.
public struct MainReads: Strategy {
  /// "main-reads"
  public static let name = "main-reads"
  private let options: RunOptions

  /// So many workers, beside the main process, as the options have ranks. Chunks have no meaning: nothing is read twice.
  public init(_ options: RunOptions) { self.options = options }

  /// Runs the tasks in workers forked for the purpose.
  public func run(_ job: AugmentJob, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let unfinished = UnfinishedTasks(job)
    defer { unfinished.removeTemporaryFiles() }
    let size = SlotSize(for: job, wanted: wantedSlots(for: job.plan))
    let arena = try SharedMemoryShortage.guarding(size) { () throws(PoolError) in try SharedArena(size) }
    let runner = try TaskRunner(job, options)  // inherited by fork: each worker has its own
    let body = { (task: SharedTask) in runner.run(task, in: arena).payload }
    TaskRunner.prepareReadingProcess()
    try Pool.with(options.pool(Self.crew(options), retries: 0), initializer: runner.begin, body: body) { pool in
      var sources = SharedSources(job.plan, in: arena)
      var handedOut: [Int] = []
      let outcomes = try pool.imapUnordered(window: RunOptions.window) {
        guard let task = sources.takeTask() else { return sources.isExhausted ? .end : .notYet }
        handedOut.append(unfinished.begin(task.task))
        return .item(task)
      }
      while true {
        switch try outcomes.arrival(within: sources.canRead ? 0 : nil) {
        case .outcome(let outcome):
          let task = handedOut[outcome.index]
          guard let report = sources.end(task, outcome.result) else { continue }
          unfinished.end(task, report)
          try each(task, report)
        case .nothingYet:  // the workers have been given what there was
          if let signal = options.stopSignals?.received() { throw PoolError.stopped(signal: signal) }
          try read(&sources, with: runner, arena, each)
        case .end: return
        }
      }
    }
  }

  private func read(
    _ sources: inout SharedSources, with runner: TaskRunner, _ arena: SharedArena,
    _ each: (_ task: Int, _ report: TaskReport) throws -> Void
  ) throws {
    guard let (imageIndex, slot) = sources.beginReading() else { return }
    let reading = runner.read(imageIndex, into: slot, of: arena)
    for (task, report) in sources.endReading(imageIndex, reading) { try each(task, report) }
  }

  /// For all that the workers have and will be given next, and two to be read meanwhile.
  private func wantedSlots(for plan: Plan) -> Int {
    min(plan.images.count, 2 + (4 * options.ranks + plan.tasksPerImage - 1) / max(1, plan.tasksPerImage))
  }
}

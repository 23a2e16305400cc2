package import Datasets
package import Jobs
package import ProcPool

/// The main process reads and decodes each image once, into shared memory, and hands out task and slot numbers to the
/// workers. P1 in the original study.
///
///     main:    read ─ decode ─▶ slots ──▶ workers ──▶ reports
///     worker:                   transform ─ encode ─ write
///
/// The slots bound the memory: a slot is filled when it is free, and freed when the last copy of its image is done.
/// Before each decode, the main process hands out what it has decoded, so that the workers are busy meanwhile. An image
/// that does not fit a slot is read by the workers that make its copies. A file that
/// crashes the decoder ends the run, one that makes it slow is never given up, and nothing confines the decoder: the
/// price of reading in one process.
package struct MainReads: SimulatedStrategy {
  package static let name = "main-reads"
  package static let summary = "the main process decodes each image once, the ranks do the rest"
  package static var decodesInWorkers: Bool { false }
  private let how: RunDescription.How
  private let control: RunControl

  /// The workers are `how.ranks` processes besides the main process. `how.chunkSize` has no effect: no image is read
  /// twice.
  package init(_ how: RunDescription.How, _ control: RunControl) { (self.how, self.control) = (how, control) }

  package func run(_ run: JobRun<some Job>, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let unfinished = UnfinishedTasks(of: run)
    defer { unfinished.removeTemporaryFiles() }
    let size = SlotSize(for: run, wanted: Self.slotCount(run.plan.grid, ranks: how.ranks))
    let arena = try SharedMemoryShortage.guarding(size) { () throws(PoolError) in try SharedArena(size) }
    let runner = try TaskRunner(run, how)  // inherited by fork: each worker has its own copy
    let body = { (task: SharedTask) in runner.make(task, in: arena).payload }
    type(of: runner).prepareReadingProcess()
    let options = how.pool(Self.roles(how), control, retries: 0)
    try Pool.with(options, initializer: runner.beginWorker, body: body) { pool in
      var sources = SlotSchedule(run.plan.grid, in: arena)
      var handedOut: [Int] = []
      let outcomes = try pool.imapUnordered(
        window: RunDescription.How.window, timeout: how.guards.imageSeconds
      ) {
        guard let task = sources.takeTask() else { return sources.isExhausted ? .end : .notYet }
        handedOut.append(unfinished.begin(task.task))
        return .item(task)
      }
      while true {
        switch try outcomes.arrival(within: sources.canRead ? 0 : nil) {
        case .outcome(let outcome):
          let task = handedOut[outcome.index]
          guard let report = sources.end(task, outcome.result.map { TaskReport(validating: $0) ?? .malformed }) else {
            continue
          }
          unfinished.end(task, report)
          try each(task, report)
        case .nothingYet:  // all that is decoded has been handed out
          try control.checkSignals()
          try read(&sources, with: runner, arena, each)
        case .end: return
        }
      }
    }
  }

  private func read(
    _ sources: inout SlotSchedule, with runner: TaskRunner<some Job>, _ arena: SharedArena,
    _ each: (_ task: Int, _ report: TaskReport) throws -> Void
  ) throws {
    guard let (imageIndex, slot) = sources.beginReading() else { return }
    let reading = runner.read(imageIndex, into: slot, of: arena)
    for (task, report) in sources.endReading(imageIndex, reading) { try each(task, report) }
  }

  /// Slots for the tasks that the workers have and get next (4 per rank), and two to read into meanwhile.
  fileprivate static func slotCount(_ grid: TaskGrid, ranks: Int) -> Int {
    min(grid.imageCount, 2 + (4 * ranks + grid.tasksPerImage - 1) / max(1, grid.tasksPerImage))
  }

  package static func virtualSchedule(
    _ grid: TaskGrid, _ how: RunDescription.How
  ) throws(PoolError) -> any VirtualSchedule { try VirtualMainReads(grid, ranks: how.ranks) }
}

/// The decisions of the strategy for a simulation: the main process reads whenever a slot is free.
private final class VirtualMainReads: VirtualSchedule {
  let ranks: [Int]
  private var sources: SlotSchedule

  init(_ grid: TaskGrid, ranks: Int) throws(PoolError) {
    self.ranks = [StageSpan.mainRank] + Array(0..<ranks)
    let slotCount = MainReads.slotCount(grid, ranks: ranks)
    sources = SlotSchedule(grid, in: try SharedArena(slotCount: slotCount, slotByteCount: 1))
  }

  func next(for rank: Int) -> Supply<Work> {
    guard rank == StageSpan.mainRank else {
      guard let task = sources.takeTask() else { return sources.isExhausted ? .end : .notYet }
      return .item(.make(task))
    }
    if let (imageIndex, slot) = sources.beginReading() { return .item(.read(imageIndex: imageIndex, into: slot)) }
    return sources.hasUnread ? .notYet : .end
  }

  func end(_ work: Work, by rank: Int) {
    switch work {
    case .read(let imageIndex, _): _ = sources.endReading(imageIndex, .virtual)
    case .make(let shared): _ = sources.end(shared.task, .success(TaskReport()))
    case .makeAll, .queue, .save: preconditionFailure("no such work is handed out")
    }
  }
}

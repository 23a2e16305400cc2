package import Datasets
package import Jobs
package import ProcPool

/// No fixed roles: each free rank takes the next piece of work, and about as many ranks work at once as there are
/// cores.
///
///     main:  image numbers, task numbers ──▶ any free rank ──▶ reports
///     rank:  read ─ decode ─▶ slots          or          slots ─▶ transform ─ encode ─ write
///
/// A rank decodes each image once, into shared memory, shortly before its copies are due. The number of decodes
/// therefore does not grow with the ranks, and a file that crashes the decoder costs a worker, not the run. The rank
/// that made a copy also saves it, because the pixels are in its cache; handing it over would pay only if another rank
/// were idle. Ranks beyond the cores rest, and allocate nothing, until a rank is in file I/O: then one more may work,
/// so that the cores stay busy however slow the disk is. That is what savers are for, but without a fixed role.
package struct Adaptive: SimulatedStrategy {
  package static let name = "adaptive"
  package static let summary =
    "any free rank takes the next step; more ranks than cores rest until others wait for the disk"
  private let how: RunDescription.How
  private let control: RunControl
  private var limits: AdaptiveLimits { AdaptiveLimits(how) }

  /// `how.chunkSize` has no effect: no image is read twice.
  package init(_ how: RunDescription.How, _ control: RunControl) { (self.how, self.control) = (how, control) }

  package func run(_ run: JobRun<some Job>, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let unfinished = UnfinishedTasks(of: run)
    defer { unfinished.removeTemporaryFiles() }
    let size = SlotSize(for: run, wanted: limits.slotCount(run.plan.grid))
    let arena = try SharedMemoryShortage.guarding(size) { () throws(PoolError) in try SharedArena(size) }
    let presence = try DiskPresence(ranks: how.ranks)
    let runner = try TaskRunner(run, how, presence: presence)  // inherited by fork: each worker has its own copy
    var pool = how.pool(Self.roles(how), control, retries: 0)
    pool.onWorkerEnd = { end in
      presence.leave(end.rank)
      control.onWorkerEnd?(end)
    }
    let body = { (work: Work) in
      switch work {
      case .read(let imageIndex, let slot): runner.read(imageIndex, into: slot, of: arena).payload
      case .make(let task): runner.make(task, in: arena).payload
      case .makeAll(let imageIndex): runner.makeAll(ofImage: imageIndex).payload
      case .queue, .save: preconditionFailure("no such work is handed out")
      }
    }
    try Pool.with(pool, initializer: runner.beginWorker, body: body) { pool in
      var state = AdaptiveSchedule(run.plan.grid, in: arena, unfinished)
      let outcomes = try pool.imapUnordered(
        window: RunDescription.How.window, timeout: how.guards.imageSeconds
      ) {
        state.next(room: limits.room(beside: presence.count), readers: limits.workingCount)
      }
      while true {
        switch try outcomes.arrival(within: limits.isCrowded ? Self.secondsBetweenLooks : nil) {
        case .outcome(let outcome):
          for (task, report) in state.end(outcome.index, outcome.result) { try each(task, report) }
        case .nothingYet: break  // a rank may have begun to read or write meanwhile
        case .end: return
        }
      }
    }
  }

  /// Interval at which `DiskPresence` is polled while ranks rest.
  private static let secondsBetweenLooks = 0.01

  package static func virtualSchedule(
    _ grid: TaskGrid, _ how: RunDescription.How
  ) throws(PoolError) -> any VirtualSchedule { try VirtualAdaptive(grid, AdaptiveLimits(how)) }
}

/// Limits on the work in progress.
private struct AdaptiveLimits {
  /// Ranks that work beyond the number of cores, so that no core idles while a report is in transit.
  private static let spareCount = 2

  let ranks: Int
  /// Ranks that may work at once.
  let workingCount: Int

  init(_ how: RunDescription.How) {
    ranks = how.ranks
    workingCount = min(how.ranks, how.cores + Self.spareCount)
  }

  /// Whether some ranks have to rest.
  var isCrowded: Bool { ranks > workingCount }

  /// Limit on the work handed out. If some ranks rest: one per working rank and one per rank in file I/O. Otherwise 4
  /// per rank, so that each has work queued.
  func room(beside atDisk: Int) -> Int { isCrowded ? min(2 * ranks, workingCount + atDisk) : 4 * ranks }

  /// Slots for the images being worked on and those being read meanwhile. If each image has a single copy, nothing is
  /// read ahead and one unused slot is made.
  func slotCount(_ grid: TaskGrid) -> Int {
    guard grid.tasksPerImage > 1 else { return 1 }
    return min(
      grid.imageCount, 1 + workingCount + (room(beside: 0) + grid.tasksPerImage - 1) / grid.tasksPerImage)
  }
}

/// The decisions of the strategy for a simulation; messages take no time.
private final class VirtualAdaptive: VirtualSchedule {
  let ranks: [Int]
  let start = RankStart.withWork
  var atDiskCount = 0
  private let limits: AdaptiveLimits
  private let tasksPerImage: Int
  private var schedule: AdaptiveSchedule
  /// Hand-out number of the work that each rank is doing.
  private var numbers: [Int: Int] = [:]
  private var handedOutCount = 0

  init(_ grid: TaskGrid, _ limits: AdaptiveLimits) throws(PoolError) {
    (self.limits, ranks, tasksPerImage) = (limits, Array(0..<limits.ranks), grid.tasksPerImage)
    let arena = try SharedArena(slotCount: limits.slotCount(grid), slotByteCount: 1)
    schedule = AdaptiveSchedule(grid, in: arena, UnfinishedTasks())
  }

  func next(for rank: Int) -> Supply<Work> {
    let next = schedule.next(room: limits.room(beside: atDiskCount), readers: limits.workingCount)
    guard case .item = next else { return next }
    numbers[rank] = handedOutCount
    handedOutCount += 1
    return next
  }

  func end(_ work: Work, by rank: Int) {
    guard let number = numbers.removeValue(forKey: rank) else { return }
    let payload =
      switch work {
      case .read: HeadedReport<ImageLayout?>.virtual.payload
      case .makeAll: Array(repeating: TaskReport(), count: tasksPerImage).payload
      case .make, .queue, .save: TaskReport().payload
      }
    _ = schedule.end(number, .success(payload))
  }
}

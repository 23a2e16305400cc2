package import Datasets
package import Jobs
package import ProcPool

/// No fixed roles: whoever is free does what comes next, and no more work at once than there are cores.
///
///     main:  image numbers, task numbers ──▶ whoever is free ──▶ reports
///     rank:  read ─ decode ─▶ slots          or          slots ─▶ transform ─ encode ─ write
///
/// Every image is decoded once, by a rank, into shared memory, a little before its copies are due; so many ranks cost no
/// more decodes than few, and a file that crashes the decoder costs a worker and not the run. Whoever made a copy saves it:
/// its pixels lie in his cache, and a hand-over would only pay where somebody had nothing else to do. Of more ranks than
/// cores the others rest, without memory of their own, until somebody is at the disk: then one more is let in, so that the
/// cores go on augmenting however slow the disk is. That is what savers are for, without anybody whose role it is.
package struct Adaptive: Strategy {
  /// "adaptive"
  package static let name = "adaptive"
  private let how: RunDescription.How
  private let control: RunControl
  private var limits: AdaptiveLimits { AdaptiveLimits(how) }

  /// As many processes as the options have ranks, of which as many work at once as have a core. Chunks have no meaning:
  /// nothing is read twice.
  package init(_ how: RunDescription.How, _ control: RunControl) { (self.how, self.control) = (how, control) }

  /// Runs the tasks in workers forked for the purpose.
  package func run(_ run: JobRun<some Job>, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let unfinished = UnfinishedTasks(of: run)
    defer { unfinished.removeTemporaryFiles() }
    let size = SlotSize(for: run.plan, run.files, wanted: limits.slotCount(run.plan.grid))
    let arena = try SharedMemoryShortage.guarding(size) { () throws(PoolError) in try SharedArena(size) }
    let presence = try DiskPresence(ranks: how.ranks)
    let runner = try TaskRunner(run, how, presence: presence)  // inherited by fork: each worker has its own
    var pool = how.pool(Self.roles(how), control, retries: 0)
    pool.onWorkerEnd = { end in
      presence.leave(end.rank)
      control.onWorkerEnd?(end)
    }
    let body = { (work: Work) in
      switch work {
      case .read(let imageIndex, let slot): runner.read(imageIndex, into: slot, of: arena).payload
      case .make(let task): runner.make(task, in: arena).payload
      case .queue, .save: preconditionFailure("no such work is handed out")
      }
    }
    try Pool.with(pool, initializer: runner.begin, body: body) { pool in
      var state = AdaptiveSchedule(run.plan.grid, in: arena, unfinished)
      let outcomes = try pool.imapUnordered(window: RunDescription.How.window) {
        state.next(room: limits.room(beside: presence.count), readers: limits.workingCount)
      }
      while true {
        switch try outcomes.arrival(within: limits.isCrowded ? Self.secondsBetweenLooks : nil) {
        case .outcome(let outcome):
          for (task, report) in state.end(outcome.index, outcome.result) { try each(task, report) }
        case .nothingYet: break  // somebody may be at the disk now
        case .end: return
        }
      }
    }
  }

  /// How often it is looked who is at the disk.
  private static let secondsBetweenLooks = 0.01

  package static func virtualSchedule(
    _ grid: TaskGrid, _ how: RunDescription.How
  ) throws(PoolError) -> any VirtualSchedule { try VirtualAdaptive(grid, AdaptiveLimits(how)) }
}

/// How much is under way at once.
private struct AdaptiveLimits {
  /// More than there are cores, so that each core finds work while an answer is on its way.
  private static let spareCount = 2

  let ranks: Int
  /// Ranks that work at once.
  let workingCount: Int

  init(_ how: RunDescription.How) {
    ranks = how.ranks
    workingCount = min(how.ranks, how.cores + Self.spareCount)
  }

  /// Whether some ranks rest.
  var isCrowded: Bool { ranks > workingCount }

  /// What is worked on, and something ahead for each rank where none rest.
  func room(beside atDisk: Int) -> Int { isCrowded ? min(2 * ranks, workingCount + atDisk) : 4 * ranks }

  /// For the images that are worked on and those read meanwhile; one that is not used where each has but one copy.
  func slotCount(_ grid: TaskGrid) -> Int {
    guard grid.tasksPerImage > 1 else { return 1 }
    return min(
      grid.imageCount, 1 + workingCount + (room(beside: 0) + grid.tasksPerImage - 1) / grid.tasksPerImage)
  }
}

/// As the strategy decides, without the time that words need.
private final class VirtualAdaptive: VirtualSchedule {
  let ranks: [Int]
  let start = RankStart.withWork
  var atDiskCount = 0
  private let limits: AdaptiveLimits
  private var schedule: AdaptiveSchedule
  /// What each rank works on, by its number among all that was handed out.
  private var numbers: [Int: Int] = [:]
  private var handedOutCount = 0

  init(_ grid: TaskGrid, _ limits: AdaptiveLimits) throws(PoolError) {
    (self.limits, ranks) = (limits, Array(0..<limits.ranks))
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
    let isReading = if case .read = work { true } else { false }
    let payload = isReading ? HeadedReport<ImageLayout?>.virtual.payload : TaskReport().payload
    _ = schedule.end(number, .success(payload))
  }
}

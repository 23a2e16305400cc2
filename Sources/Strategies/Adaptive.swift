internal import ProcPool

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

  /// As many processes as the options have ranks, of which as many work at once as have a core. Chunks have no meaning:
  /// nothing is read twice.
  package init(_ how: RunDescription.How, _ control: RunControl) { (self.how, self.control) = (how, control) }

  /// Runs the tasks in workers forked for the purpose.
  package func run(_ run: JobRun<some Job>, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let unfinished = UnfinishedTasks(run.plan, isSaving: run.isSaving)
    defer { unfinished.removeTemporaryFiles() }
    let size = SlotSize(for: run.plan, run.files, wanted: wantedSlots(for: run.plan))
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
      case .augment(let task): runner.make(task, in: arena).payload
      }
    }
    try Pool.with(pool, initializer: runner.begin, body: body) { pool in
      var state = AdaptiveState(run.plan, in: arena, unfinished)
      let outcomes = try pool.imapUnordered(window: RunDescription.How.window) {
        state.next(room: room(beside: presence.count), readers: workingCount)
      }
      while true {
        switch try outcomes.arrival(within: isCrowded ? Self.secondsBetweenLooks : nil) {
        case .outcome(let outcome):
          for (task, report) in state.end(outcome.index, outcome.result) { try each(task, report) }
        case .nothingYet: break  // somebody may be at the disk now
        case .end: return
        }
      }
    }
  }

  /// More than there are cores, so that each core finds work while an answer is on its way.
  private static let spareCount = 2
  /// How often it is looked who is at the disk.
  private static let secondsBetweenLooks = 0.01

  /// Whether some ranks rest.
  private var isCrowded: Bool { how.ranks > how.cores + Self.spareCount }
  /// Ranks that work at once.
  private var workingCount: Int { min(how.ranks, how.cores + Self.spareCount) }

  /// How much may be under way: what is worked on, and something ahead for each rank where none rest.
  private func room(beside atDisk: Int) -> Int {
    isCrowded ? min(2 * how.ranks, workingCount + atDisk) : 4 * how.ranks
  }

  /// For the images that are worked on and those read meanwhile; none where each has but one copy.
  private func wantedSlots(for plan: Plan) -> Int {
    guard plan.tasksPerImage > 1 else { return 1 }
    return min(plan.images.count, 1 + workingCount + (room(beside: 0) + plan.tasksPerImage - 1) / plan.tasksPerImage)
  }
}

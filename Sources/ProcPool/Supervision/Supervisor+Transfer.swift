/// Work conserving: tasks that were sent ahead to a busy worker are taken back for an idle one.
extension Supervisor {
  /// Takes tasks back from a busy worker if another is idle.
  /// - Returns: whether any were requeued.
  func moveTasks() -> Bool {
    transferTime = nil
    guard state.hasIdleWorker else { return false }
    let now = monotonicNanoseconds()
    switch state.transfer(now: now, progress: { rank in progress(of: rank, now) }) {
    case .nothing: return false
    case .later(let time):
      transferTime = time
      return false
    case .take(let rank, let count):
      guard let worker = workers[rank] else { return false }
      if takeBack(count, from: worker) > 0 { return true }
      // The worker was quicker and has begun them itself.
      transferTime = now + PoolState.patienceNanoseconds
      return false
    }
  }

  private func progress(of rank: Int, _ now: UInt64) -> PoolState.Progress {
    guard let worker = workers[rank], let chunk = state.answering(rank) else { return .init(begunCount: 0, since: now) }
    let begunCount = begunCount(of: chunk, worker) ?? .max
    let seen = WorkerProcess.OldestChunk(number: chunk.number, isBegun: begunCount > 0, since: now)
    if worker.oldestChunk.map({ !$0.isAs(seen) }) ?? true { worker.oldestChunk = seen }
    return .init(begunCount: begunCount, since: worker.oldestChunk?.since ?? now)
  }

  /// Takes back up to `count` tasks that a worker has not begun, the last ones first.
  /// - Returns: how many.
  private func takeBack(_ count: Int, from worker: WorkerProcess) -> Int {
    var left = count
    for position in state.workers[worker.rank].chunks.indices.reversed() where left > 0 {
      let chunk = state.workers[worker.rank].chunks[position]
      guard state.mayMove(chunk) else { continue }
      let isBegun = position == 0 && begunCount(of: chunk, worker) != 0
      let end = state.newEnd(of: chunk, without: left, isBegun: isBegun)
      let taken = takeBack(from: end, position, chunk, worker)
      left -= taken
      if taken == 0 { break }  // the worker has reached this chunk, and earlier ones are begun
    }
    return count - left
  }

  /// Takes back all tasks of an abandoned call that a worker has not begun.
  func takeBackAll(of call: CallID, from worker: WorkerProcess) {
    for position in state.workers[worker.rank].chunks.indices.reversed() {
      let chunk = state.workers[worker.rank].chunks[position]
      if chunk.call == call { _ = takeBack(from: chunk.tasks.lowerBound, position, chunk, worker) }
    }
  }

  /// - Returns: how many tasks of the chunk, from `end` on, were taken back.
  private func takeBack(from end: Int, _ position: Int, _ chunk: Chunk, _ worker: WorkerProcess) -> Int {
    if worker.isDistrusted { return 0 }
    do throws(WorkerDamage) {
      let offset = try worker.ring.claims.takeBack(
        from: UInt32(end - chunk.firstTask), of: chunk.number, end: chunk.endOffset)
      // A worker cannot have begun fewer tasks than it has answered.
      guard Int(offset) >= chunk.answeredCount else { throw WorkerDamage(part: "claims") }
      let newEnd = chunk.firstTask + Int(offset)
      if newEnd < chunk.tasks.upperBound { state.tookBack(worker.rank, chunkAt: position, from: newEnd) }
      if state.workers[worker.rank].chunks.isEmpty { worker.noteTasksTaken() }
      return chunk.tasks.upperBound - newEnd
    } catch {
      distrust(worker, error)
      return 0
    }
  }

  /// How many tasks of a chunk its worker has begun; `nil` if the worker is distrusted.
  private func begunCount(of chunk: Chunk, _ worker: WorkerProcess) -> Int? {
    if worker.isDistrusted { return nil }
    do {
      return Int(try worker.ring.claims.begunCount(of: chunk.number, end: chunk.endOffset))
    } catch {
      distrust(worker, error)
      return nil
    }
  }

  /// Whether a worker has begun a task that it has not answered, going by the replies drained so far. Of a distrusted
  /// worker: whether it has any task.
  func isRunning(_ worker: WorkerProcess) -> Bool {
    guard let chunk = state.answering(worker.rank) else { return false }
    return begunCount(of: chunk, worker).map { $0 > chunk.answeredCount } ?? true
  }
}

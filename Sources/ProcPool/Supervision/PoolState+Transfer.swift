/// Work conserving: tasks that were sent ahead to a busy worker move to an idle one.
extension PoolState {
  /// What must be done so that no worker is idle while a task waits.
  package enum Transfer: Equatable {
    case nothing
    /// Look again at that time: the worker that has the tasks may be about to begin them.
    case later(UInt64)
    /// Take `count` tasks back that a worker has not begun, the last ones first.
    case take(rank: Int, count: Int)
  }

  /// How far a worker has got with its oldest chunk.
  package struct Progress {
    /// Tasks of the chunk that it has begun.
    package var begunCount: Int
    /// Since when the parent has known the chunk to be the oldest one, and to be begun or not begun as it is now; in
    /// nanoseconds of any clock.
    package var since: UInt64

    package init(begunCount: Int, since: UInt64) { (self.begunCount, self.since) = (begunCount, since) }
  }

  /// How long to leave tasks with a worker that may be about to begin them: taking them back and sending them again
  /// costs more than a short task. Well below the millisecond within which a task must begin while a worker is idle.
  package static let patienceNanoseconds: UInt64 = 300_000
  /// The same for a worker whose only chunk has just been sent: it is waking up, and another would have to wake as
  /// well. A timer as short as the one above cost a round trip a tenth of its time.
  private static let wakingNanoseconds: UInt64 = 5_000_000

  /// Whether a worker is idle and may have more.
  private func isIdle(_ rank: Int) -> Bool {
    workers[rank].phase == .ready && workers[rank].chunks.isEmpty && !isSpent(rank) && !workers[rank].isCongested
  }

  package var hasIdleWorker: Bool { workers.indices.contains(where: isIdle) }

  /// - Parameter progress: called for workers that have chunks.
  package func transfer(now: UInt64, progress: (_ rank: Int) -> Progress) -> Transfer {
    let idle = workers.indices.filter(isIdle)
    guard !idle.isEmpty else { return .nothing }
    var first: UInt64?
    var most: (rank: Int, count: Int)?
    for rank in workers.indices where !workers[rank].chunks.isEmpty {
      let begun = progress(rank)
      let count = movableCount(from: rank, to: idle, begun.begunCount)
      guard count > 0 else { continue }
      let isFar = workers[rank].aheadNanoseconds >= Double(Self.patienceNanoseconds)
      let isWaking = begun.begunCount == 0 && workers[rank].chunks.count == 1
      let due = isFar ? now : begun.since + (isWaking ? Self.wakingNanoseconds : Self.patienceNanoseconds)
      if due > now {
        first = min(first ?? due, due)
      } else if count > most?.count ?? 0 {
        most = (rank, count)
      }
    }
    // The busy worker keeps as large a share as each idle one gets.
    if let most { return .take(rank: most.rank, count: most.count - most.count / (idle.count + 1)) }
    return first.map { .later($0) } ?? .nothing
  }

  /// How many tasks one of `idle` may run that a worker has and has not begun.
  private func movableCount(from rank: Int, to idle: [Int], _ begunCount: Int) -> Int {
    let chunks = workers[rank].chunks
    var count = 0
    for (position, chunk) in zip(0..., chunks) where mayMove(chunk, to: idle) {
      count += chunk.tasks.count
      if position == 0 { count -= max(0, begunCount - chunk.answeredCount) }
    }
    return max(0, count)
  }

  package func mayMove(_ chunk: Chunk, to idle: [Int]) -> Bool {
    guard calls.contains(chunk.call) else { return false }
    guard let ranks = calls[chunk.call].ranks else { return true }
    return idle.contains { ranks.contains($0) }
  }

  /// Where to cut a chunk so that `count` tasks are taken back. A chunk that has not begun moves whole, since its tasks
  /// were meant to run together; if they are long, it is divided where it goes. Before, a chunk of instant tasks was
  /// divided whenever its worker did not get the processor for 0.3 ms.
  package func newEnd(of chunk: Chunk, without count: Int, isBegun: Bool) -> Int {
    isBegun ? max(chunk.tasks.lowerBound, chunk.tasks.upperBound - count) : chunk.tasks.lowerBound
  }

  /// Whether an idle worker may run the rest of a chunk.
  package func mayMove(_ chunk: Chunk) -> Bool { mayMove(chunk, to: workers.indices.filter(isIdle)) }

  /// The tasks of a worker's chunk from `end` on have been taken back: requeues them, those of a chunk that had begun
  /// in as many parts as there are idle workers.
  package mutating func tookBack(_ rank: Int, chunkAt position: Int, from end: Int) {
    let chunk = workers[rank].chunks[position]
    let parts = end == chunk.firstTask ? 1 : max(1, workers.indices.count(where: isIdle))
    workers[rank].tookBack(position, from: end)
    var upper = chunk.tasks.upperBound
    for part in 0..<parts where upper > end {
      let count = (upper - end + parts - part - 1) / (parts - part)
      requeue(upper - count..<upper, of: chunk.call)
      upper -= count
    }
  }
}

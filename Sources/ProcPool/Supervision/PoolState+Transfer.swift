/// Work that moves on: what was handed ahead to a worker that is busy goes to one that has nothing to do.
extension PoolState {
  /// What is to be done so that no worker is idle while a task waits.
  package enum Transfer: Equatable {
    case nothing
    /// Nothing before that time: what waits is about to begin where it is.
    case later(UInt64)
    /// As many of the tasks that a worker has not begun are to be taken back from it, the last ones first.
    case take(rank: Int, count: Int)
  }

  /// How far a worker is with its oldest chunk.
  package struct Progress {
    /// Tasks of the chunk that it has begun.
    package var begunCount: Int
    /// Since when the chunk has been its oldest and has been begun or not, as now, in nanoseconds of any clock; since when that
    /// has been known, to be exact.
    package var since: UInt64

    package init(begunCount: Int, since: UInt64) { (self.begunCount, self.since) = (begunCount, since) }
  }

  /// Tasks are left to a worker that is about to come to them, since taking them back and sending them again costs more than
  /// a short task. They begin within a millisecond, all the same.
  package static let patienceNanoseconds: UInt64 = 300_000
  /// A worker that has just been given its only chunk is waking up, and another would have to be woken as well.
  private static let wakingNanoseconds: UInt64 = 5_000_000

  /// Whether anybody has nothing to do and may have more.
  private func isIdle(_ rank: Int) -> Bool {
    workers[rank].phase == .ready && workers[rank].chunks.isEmpty && !isSpent(rank) && !workers[rank].isCongested
  }

  package var hasIdleWorker: Bool { workers.indices.contains(where: isIdle) }

  /// - Parameter progress: of a worker that has chunks.
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
    // The worker keeps a share as large as each of the others gets.
    if let most { return .take(rank: most.rank, count: most.count - most.count / (idle.count + 1)) }
    return first.map { .later($0) } ?? .nothing
  }

  /// How many tasks that a worker has and has not begun one of `idle` may run.
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

  /// From which of a chunk's tasks on `count` are to be taken back. One that is not begun moves as a whole, since its tasks
  /// were meant to run one after another; if they are long, it is divided where it goes.
  package func end(of chunk: Chunk, without count: Int, isBegun: Bool) -> Int {
    isBegun ? max(chunk.tasks.lowerBound, chunk.tasks.upperBound - count) : chunk.tasks.lowerBound
  }

  /// Whether one of the workers that have nothing to do may run what is left of a chunk.
  package func mayMove(_ chunk: Chunk) -> Bool { mayMove(chunk, to: workers.indices.filter(isIdle)) }

  /// The tasks of one of a worker's chunks from `end` on have been taken back: they wait again, those of a chunk that was begun
  /// in as many parts as there are workers to run them.
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

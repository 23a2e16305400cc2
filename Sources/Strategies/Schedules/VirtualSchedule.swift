internal import Datasets
package import ProcPool

/// The decisions of a strategy, as a simulation asks for them: the same code decides as in a pool.
package protocol VirtualSchedule: AnyObject {
  /// Ranks that work, and the main process, number −1, where it works as well.
  var ranks: [Int] { get }
  var start: RankStart { get }
  /// What comes next for a rank that has nothing to do.
  func next(for rank: Int) -> Supply<Work>
  /// Whether what a rank has done can leave it, or has to wait for room.
  func hasRoom(for work: Work) -> Bool
  /// A rank is done with its work.
  func end(_ work: Work, by rank: Int)
  /// How many ranks wait for the disk just now.
  var atDiskCount: Int { get set }
}

extension VirtualSchedule {
  package var start: RankStart { .together }
  package func hasRoom(for work: Work) -> Bool { true }
  package var atDiskCount: Int {
    get { 0 }
    set {}
  }
}

/// When a rank of a simulation takes the time that a process needs to start.
package enum RankStart: Sendable {
  /// Never: it is the process that was there before.
  case none
  /// At the begin of the run.
  case together
  /// When it first gets work.
  case withWork
}

/// Chunks of tasks, one after another, to whichever rank asks: sequential and worker-reads.
final class ListSchedule: VirtualSchedule {
  let ranks: [Int]
  let start: RankStart
  private let grid: TaskGrid
  private let chunkSize: Int
  private var nextTask = 0
  private var chunks: [Int: Range<Int>] = [:]

  init(_ grid: TaskGrid, workers: Int, chunkSize: Int, start: RankStart) {
    (self.grid, self.chunkSize, self.start) = (grid, chunkSize, start)
    ranks = Array(0..<workers)
  }

  func next(for rank: Int) -> Supply<Work> {
    takeTask(rank).map { .item(.make(SharedTask(task: $0, source: nil))) } ?? .end
  }

  func end(_ work: Work, by rank: Int) {}

  /// The next task of the chunk that a rank has; of a new one where that is empty.
  func takeTask(_ rank: Int) -> Int? {
    if chunks[rank, default: 0..<0].isEmpty {
      let end = min(grid.taskCount, nextTask + chunkSize)
      guard nextTask < end else { return nil }
      chunks[rank] = nextTask..<end
      nextTask = end
    }
    return chunks[rank]?.popFirst()
  }
}

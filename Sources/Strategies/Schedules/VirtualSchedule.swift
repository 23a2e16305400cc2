internal import Datasets
package import ProcPool

/// The decisions of a strategy for a simulation, made by the same code as in a pool.
package protocol VirtualSchedule: AnyObject {
  /// Ranks that work, including the main process (−1) if it works too.
  var ranks: [Int] { get }
  var start: RankStart { get }
  /// The next work of an idle rank.
  func next(for rank: Int) -> Supply<Work>
  /// Whether a rank can hand over its finished work, or has to wait for room.
  func hasRoom(for work: Work) -> Bool
  /// Records that a rank finished its work.
  func end(_ work: Work, by rank: Int)
  /// Number of ranks waiting for the disk.
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

/// When a rank of a simulation spends the time that a process needs to start.
package enum RankStart: Sendable {
  /// Never: the process exists already.
  case none
  /// At the start of the run.
  case together
  /// When it first gets work.
  case withWork
}

/// Hands out chunks of tasks in order, to whichever rank asks: for sequential, worker-reads, the workers of savers and
/// each half of nodes.
final class ListSchedule: VirtualSchedule {
  let ranks: [Int]
  let start: RankStart
  private let chunkSize: Int
  private var tasks: Range<Int>
  private var chunks: [Int: Range<Int>] = [:]

  init(_ tasks: Range<Int>, ranks: Range<Int>, chunkSize: Int, start: RankStart) {
    (self.tasks, self.chunkSize, self.start) = (tasks, chunkSize, start)
    self.ranks = Array(ranks)
  }

  convenience init(_ grid: TaskGrid, workers: Int, chunkSize: Int, start: RankStart) {
    self.init(0..<grid.taskCount, ranks: 0..<workers, chunkSize: chunkSize, start: start)
  }

  func next(for rank: Int) -> Supply<Work> {
    takeTask(rank).map { .item(.make(SharedTask(task: $0, source: nil))) } ?? .end
  }

  func end(_ work: Work, by rank: Int) {}

  /// The next task of the rank's chunk, or of a new chunk if that is empty.
  func takeTask(_ rank: Int) -> Int? {
    if chunks[rank, default: 0..<0].isEmpty {
      guard !tasks.isEmpty else { return nil }
      let end = min(tasks.upperBound, tasks.lowerBound + chunkSize)
      chunks[rank] = tasks.lowerBound..<end
      tasks = end..<tasks.upperBound
    }
    return chunks[rank]?.popFirst()
  }
}

/// A piece of work for a process.
package enum Work: Codable, Hashable, BitwiseCopyable {
  /// Decode an image into a slot.
  case read(imageIndex: Int, into: SharedSlot)
  /// Make a product and save it.
  case make(SharedTask)
  /// Read an image, make all its products and save them.
  case makeAll(imageIndex: Int)
  /// Make a product and put it into the queue of its saver.
  case queue(task: Int)
  /// Save the oldest product of a queue.
  case save(queue: Int)
}

/// What the parent knows of one worker's progress.
package struct WorkerState {
  package enum Phase {
    /// Forked, or about to be; has not said that it is ready.
    case starting
    case ready
  }

  package var phase = Phase.starting
  /// What it has been sent and has not answered, oldest first; of the first, the tasks still to be answered.
  package private(set) var chunks = ChunkQueue()
  /// Tasks answered since it was forked.
  package private(set) var reportedCount: UInt64 = 0
  /// Chunks given to it since it was forked.
  package private(set) var assignedCount = 0
  /// Whether it is to get no more.
  package var isRetired = false
  /// Whether a task of the first chunk threw and ended it.
  package private(set) var firstHasFailed = false
  /// Running mean of how long a chunk takes; `nil` before the first.
  private var chunkMicroseconds: Double?
  private var firstMicroseconds = 0.0

  /// How long the chunks ahead of a worker should last: well above a round trip of 0.05 ms.
  private static let aheadMicroseconds = 2000.0
  private static let longChunkMicroseconds = 5000.0

  /// How many chunks it may have at once: two when they are long, hundreds when they take microseconds.
  package var window: Int {
    guard let chunkMicroseconds else { return 2 }
    return Int(min(256, max(2, Self.aheadMicroseconds / max(chunkMicroseconds, 1))))
  }

  package init() {}

  package var hasLongChunks: Bool { (chunkMicroseconds ?? 0) > Self.longChunkMicroseconds }

  package mutating func assign(_ chunk: Chunk) {
    chunks.append(chunk)
    assignedCount += 1
  }

  /// The oldest task was answered, of which there must be one.
  /// - Returns: its index.
  package mutating func report(wasRun: Bool, endsChunk: Bool, microseconds: UInt32) -> Int {
    if wasRun { reportedCount += 1 }
    firstMicroseconds += Double(microseconds)
    firstHasFailed = endsChunk
    let (index, isLast) = chunks.takeFirstTask()
    if isLast { finishChunk() }
    return index
  }

  private mutating func finishChunk() {
    chunkMicroseconds = chunkMicroseconds.map { 0.8 * $0 + 0.2 * firstMicroseconds } ?? firstMicroseconds
    firstMicroseconds = 0
    firstHasFailed = false
  }
}

/// Chunks, oldest first; taking from the front moves no others.
package struct ChunkQueue: Sequence {
  private var storage: [Chunk] = []
  private var head = 0

  package var count: Int { storage.count - head }
  package var isEmpty: Bool { count == 0 }
  package var first: Chunk? { isEmpty ? nil : storage[head] }

  package mutating func append(_ chunk: Chunk) {
    if head > 512 {
      storage.removeFirst(head)
      head = 0
    }
    storage.append(chunk)
  }

  /// Takes the first task of the first chunk.
  /// - Returns: its index, and whether it was the last of its chunk, which is then gone.
  package mutating func takeFirstTask() -> (index: Int, isLast: Bool) {
    precondition(!isEmpty, "there is a chunk")
    let index = storage[head].tasks.lowerBound
    let rest = index + 1..<storage[head].tasks.upperBound
    storage[head].tasks = rest
    if rest.isEmpty { head += 1 }
    return (index, rest.isEmpty)
  }

  package func makeIterator() -> IndexingIterator<ArraySlice<Chunk>> { storage[head...].makeIterator() }
}

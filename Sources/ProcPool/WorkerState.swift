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
  /// Whether so many bytes wait to be sent to it that more would only take memory.
  package var isCongested = false
  /// How many chunks it may have at once: two when they are long, a thousand when they take less than a microsecond.
  package private(set) var window = 2
  /// Running mean of how long a chunk takes; `nil` before the first.
  private var chunkNanoseconds: Double?
  private var firstNanoseconds: UInt64 = 0

  /// How long the chunks ahead of a worker should last: well above a round trip of 0.05 ms.
  private static let aheadNanoseconds = 2_000_000.0
  private static let longChunkNanoseconds = 5_000_000.0

  /// Whether it is to be given chunks until it has as many as it may have: one message with many costs hardly more than
  /// one with few.
  private var isFilling = true

  /// Whether it may have another chunk beside those that it has.
  package var hasRoom: Bool { chunks.count < window && isFilling }

  package init() {}

  package var hasLongChunks: Bool { chunkNanoseconds ?? 0 > Self.longChunkNanoseconds }

  package mutating func assign(_ chunk: Chunk) {
    chunks.append(chunk)
    assignedCount += 1
    if chunks.count >= window { isFilling = false }
  }

  /// The first `count` tasks of the first chunk, which has as many, have their values.
  package mutating func answered(_ count: Int, nanoseconds: UInt64) {
    reportedCount += UInt64(count)
    firstNanoseconds += nanoseconds
    if chunks.takeFirstTasks(count) { finishChunk() }
  }

  /// The first task of the first chunk threw, or was not run.
  package mutating func answeredWithoutValue(wasRun: Bool, endsChunk: Bool, nanoseconds: UInt64) {
    if wasRun { reportedCount += 1 }
    firstNanoseconds += nanoseconds
    firstHasFailed = endsChunk
    if chunks.takeFirstTasks(1) { finishChunk() }
  }

  private mutating func finishChunk() {
    let latest = Double(firstNanoseconds)
    let mean = chunkNanoseconds.map { 0.8 * $0 + 0.2 * latest } ?? latest
    chunkNanoseconds = mean
    window = Int(min(1024, max(2, Self.aheadNanoseconds / max(mean, 1))))
    if chunks.count <= window / 2 { isFilling = true }
    firstNanoseconds = 0
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
    if head > 1024 {
      storage.removeFirst(head)
      head = 0
    }
    storage.append(chunk)
  }

  /// Takes the first tasks of the first chunk.
  /// - Returns: whether they were its last; then it is gone.
  package mutating func takeFirstTasks(_ count: Int) -> Bool {
    precondition(!isEmpty && count <= storage[head].tasks.count, "a chunk with as many tasks")
    let tasks = storage[head].tasks
    let rest = tasks.lowerBound + count..<tasks.upperBound
    storage[head].tasks = rest
    if !rest.isEmpty { return false }
    head += 1
    if head == storage.count {
      storage.removeAll(keepingCapacity: true)
      head = 0
    }
    return true
  }

  package func makeIterator() -> IndexingIterator<ArraySlice<Chunk>> { storage[head...].makeIterator() }
}

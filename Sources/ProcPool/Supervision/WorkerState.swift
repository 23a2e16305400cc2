/// What the parent knows of one worker's progress.
package struct WorkerState {
  package enum Phase {
    /// Forked, or about to be; has not said that it is ready.
    case starting
    case ready
  }

  package var phase = Phase.starting
  /// What it has been sent and has not answered, oldest first.
  package private(set) var chunks = ChunkQueue()
  /// Chunks that it has answered since it was forked.
  package private(set) var answeredCount = 0
  /// Chunks given to it since it was forked, but for those taken back whole.
  package private(set) var assignedCount = 0
  /// Chunks sent to it since it was forked.
  package private(set) var sentCount: UInt64 = 0
  /// Whether it is to get no more.
  package var isRetired = false
  /// Whether so much waits to be sent to it that more would only take memory.
  package var isCongested = false
  /// How many chunks it may have at once: one before it is known how long they take, so that tasks begin in their order; two
  /// when they are long, a thousand when they take less than a microsecond.
  package private(set) var window = 1
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

  /// How long the chunks behind the first will take, as far as that can be told.
  var aheadNanoseconds: Double { (chunkNanoseconds ?? 0) * Double(chunks.count - 1) }

  /// - Returns: the chunk as it is to be sent.
  package mutating func assign(_ chunk: Chunk) -> Chunk {
    var chunk = chunk
    chunk.number = sentCount
    chunks.append(chunk)
    sentCount += 1
    assignedCount += 1
    if chunks.count >= window { isFilling = false }
    return chunk
  }

  /// The first `count` tasks of the first chunk, which has as many, have their values.
  package mutating func answered(_ count: Int, nanoseconds: UInt64) {
    firstNanoseconds += nanoseconds
    if chunks.takeFirstTasks(count) { finishChunk() }
  }

  /// The first task of the first chunk threw.
  /// - Parameter endsChunk: whether the others will not be run.
  package mutating func answeredWithoutValue(endsChunk: Bool, nanoseconds: UInt64) {
    firstNanoseconds += nanoseconds
    if endsChunk { chunks.dropFirst() }
    if endsChunk || chunks.takeFirstTasks(1) { finishChunk() }
  }

  /// The tasks of a chunk from `end` on have been taken back.
  mutating func tookBack(_ position: Int, from end: Int) {
    if chunks[position].firstTask == end { assignedCount -= 1 }
    chunks.cut(position, from: end)
    if chunks.count <= window / 2 { isFilling = true }
  }

  private mutating func finishChunk() {
    answeredCount += 1
    let latest = Double(firstNanoseconds)
    let mean = chunkNanoseconds.map { 0.8 * $0 + 0.2 * latest } ?? latest
    chunkNanoseconds = mean
    window = Int(min(1024, max(2, Self.aheadNanoseconds / max(mean, 1))))
    if chunks.count <= window / 2 { isFilling = true }
    firstNanoseconds = 0
  }
}

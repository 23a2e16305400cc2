/// What the parent knows of one worker's progress.
package struct WorkerState {
  package enum Phase {
    /// Not yet ready: it is being forked, or runs its initializer.
    case starting
    case ready
  }

  package var phase = Phase.starting
  /// The chunks that it has been sent and has not fully answered, oldest first.
  package private(set) var chunks = Queue<Chunk>()
  /// Chunks answered since it started.
  package private(set) var answeredCount = 0
  /// Chunks assigned since it started, except those taken back whole.
  package private(set) var assignedCount = 0
  /// Chunks sent since it started.
  package private(set) var sentCount: UInt64 = 0
  /// Whether it gets no more chunks.
  package var isRetired = false
  /// Whether too many bytes are waiting to be sent to it.
  package var isCongested = false
  /// How many chunks it may have at once: one until it is known how long they take, so that the first tasks begin in
  /// order; then two if they are long, and up to 1024 if they take microseconds.
  package private(set) var window = 1
  /// Running mean of the time a chunk takes; `nil` before the first.
  private var chunkNanoseconds: Double?
  /// Time of the answered tasks of its oldest chunk.
  private var firstNanoseconds: UInt64 = 0

  /// How long the chunks that are sent ahead should last: well above a round trip of 0.05 ms, so that a worker never
  /// waits for its parent.
  private static let aheadNanoseconds = 2_000_000.0
  /// Above this, sending a chunk ahead saves less than 1 % of its time and may bind it to the wrong worker.
  private static let longChunkNanoseconds = 5_000_000.0

  /// Hysteresis: set when it has half of its window left and cleared when it has all of it, as one message with many
  /// chunks costs hardly more than one with few.
  private var isFilling = true

  /// Whether it may have another chunk.
  package var hasRoom: Bool { chunks.count < window && isFilling }

  package init() {}

  package var hasLongChunks: Bool { chunkNanoseconds ?? 0 > Self.longChunkNanoseconds }

  /// How long the chunks after its oldest one will take, by the running mean.
  var aheadNanoseconds: Double { (chunkNanoseconds ?? 0) * Double(chunks.count - 1) }

  /// - Returns: the chunk with its number, as it is to be sent.
  package mutating func assign(_ chunk: Chunk) -> Chunk {
    var chunk = chunk
    chunk.number = sentCount
    chunks.append(chunk)
    sentCount += 1
    assignedCount += 1
    if chunks.count >= window { isFilling = false }
    return chunk
  }

  /// The first `count` tasks of the oldest chunk have their values.
  package mutating func answered(_ count: Int, nanoseconds: UInt64) {
    firstNanoseconds += nanoseconds
    if chunks.takeFirstTasks(count) { chunkAnswered() }
  }

  /// The first task of the oldest chunk threw.
  /// - Parameter endsChunk: whether the rest of the chunk will not run.
  package mutating func answeredWithoutValue(endsChunk: Bool, nanoseconds: UInt64) {
    firstNanoseconds += nanoseconds
    if endsChunk { chunks.removeFirst() }
    if endsChunk || chunks.takeFirstTasks(1) { chunkAnswered() }
  }

  /// The tasks of a chunk from `end` on have been taken back.
  mutating func tookBack(_ position: Int, from end: Int) {
    // A chunk taken back whole was never run: it does not count towards `maxTasksPerChild`.
    if chunks[position].firstTask == end { assignedCount -= 1 }
    chunks.cut(position, from: end)
    if chunks.count <= window / 2 { isFilling = true }
  }

  private mutating func chunkAnswered() {
    answeredCount += 1
    let latest = Double(firstNanoseconds)
    // A mean over about five chunks: soon enough to follow a change, and not thrown by one outlier.
    let mean = chunkNanoseconds.map { 0.8 * $0 + 0.2 * latest } ?? latest
    chunkNanoseconds = mean
    window = Int(min(1024, max(2, Self.aheadNanoseconds / max(mean, 1))))
    if chunks.count <= window / 2 { isFilling = true }
    firstNanoseconds = 0
  }
}

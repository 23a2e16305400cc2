/// The tasks of one call.
package struct CallState {
  /// Tasks of the next chunk.
  package private(set) var chunkSize: Int
  /// Whether the size follows from how long tasks take.
  private let isAdaptive: Bool
  /// Whether a task that throws ends its chunk.
  package let stopsAtFirstError: Bool
  /// How often a task whose worker ended is run again.
  package let retries: Int
  /// Tasks that exist so far.
  package var available = 0
  /// Whether no more will come.
  package var isComplete = false
  /// Tasks with a result or a failure.
  package private(set) var finished = 0
  /// Tasks that were handed out and came back, the next one last.
  package var requeued: [Range<Int>] = []
  /// Tasks to be run again, behind all that was known when they failed: whatever killed their worker, more memory than
  /// there was or somebody with a grudge, may be over by then. The first is the next.
  private var postponed: [(task: Int, after: Int)] = []
  /// How often tasks were begun by workers that ended meanwhile.
  package var attempts: [Int: Int] = [:]
  /// Seconds that a task may run.
  package var timeoutSeconds: Double?
  /// The workers that may run its tasks; `nil`: all.
  package var ranks: Range<Int>?
  /// Whether the list of calls that have something to hand out has it.
  var isListed = false
  private var next = 0
  /// Running mean of how long a task takes.
  private var taskNanoseconds: Double?

  /// More tasks do not travel in one message: the parts of a worker's claims have 32 bits.
  static let largestChunk = 1 << 30
  /// How long a chunk of an adaptive call should take.
  private static let adaptiveNanoseconds = 200_000_000.0

  package init(chunkSize: Int, stopsAtFirstError: Bool, retries: Int, isAdaptive: Bool = false) {
    precondition(chunkSize >= 1, "a chunk has at least one task")
    (self.stopsAtFirstError, self.retries) = (stopsAtFirstError, retries)
    self.chunkSize = min(chunkSize, Self.largestChunk)
    self.isAdaptive = isAdaptive
  }

  /// `count` more tasks have a result or a failure.
  mutating func finish(_ count: Int, nanoseconds: UInt64? = nil) {
    finished += count
    guard isAdaptive, let nanoseconds else { return }
    let each = Double(nanoseconds) / Double(count)
    let mean = taskNanoseconds.map { $0 + (each - $0) * min(0.5, 0.1 * Double(count)) } ?? each
    taskNanoseconds = mean
    // Towards the end smaller, so that the workers end together.
    chunkSize = max(1, min(Int(Self.adaptiveNanoseconds / max(mean, 100)), (available - next) / 8, 1 << 20))
  }

  package var isFinished: Bool { isComplete && finished == available }

  /// Whether a chunk, or a part of one, can be handed out.
  var isWaiting: Bool { !requeued.isEmpty || !postponed.isEmpty || next < available }

  /// Whether it is to be listed now among those that can hand out something.
  mutating func startsWaiting() -> Bool {
    guard !isListed && isWaiting else { return false }
    isListed = true
    return true
  }

  /// Whether a whole chunk of tasks that never ran can be handed out, or a short one since no more tasks will come.
  private var hasNext: Bool { isComplete ? next < available : chunkSize <= available - next }

  package var waitingChunks: Int {
    requeued.count + postponed.count + (available - next - 1 + chunkSize) / chunkSize
  }

  /// The next chunk, for a call that has this name.
  mutating func takeChunk(of call: CallID, orPart: Bool) -> Chunk? {
    takeTasks(orPart: orPart).map {
      Chunk(call: call, tasks: $0, timeoutSeconds: timeoutSeconds, stopsAtFirstError: stopsAtFirstError)
    }
  }

  /// - Parameter orPart: whether fewer tasks than a chunk has are better than none, as its worker has nothing to do.
  private mutating func takeTasks(orPart: Bool) -> Range<Int>? {
    if let tasks = requeued.popLast() { return tasks }
    if let (task, after) = postponed.first, after <= next || !hasNext {
      postponed.removeFirst()
      return task..<task + 1
    }
    guard hasNext || orPart && next < available else { return nil }
    let tasks = next..<min(next + chunkSize, available)
    next = tasks.upperBound
    return tasks
  }

  /// A task is to be run again.
  mutating func postpone(_ task: Int) { postponed.append((task, available)) }
}

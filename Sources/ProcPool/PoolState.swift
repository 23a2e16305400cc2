/// Names one call of a pool: a `map`, say.
package struct CallID: Hashable, BitwiseCopyable {
  var number: UInt32
}

/// Consecutive tasks of one call that travel in one message.
package struct Chunk: Hashable {
  package var call: CallID
  package var tasks: Range<Int>
  /// Seconds that one of them may run, also when the call is over.
  package var timeoutSeconds: Double?

  package init(call: CallID, tasks: Range<Int>, timeoutSeconds: Double? = nil) {
    (self.call, self.tasks, self.timeoutSeconds) = (call, tasks, timeoutSeconds)
  }
}

/// A task that will have no result.
package struct LostTask: Hashable {
  package var call: CallID
  package var index: Int
  package var attempts: Int
  /// Whether it was never begun, since an earlier task of its chunk threw.
  package var isNotRun: Bool
}

/// What runs where: the calls, their tasks and the workers, as values. Here is every decision of the pool and no
/// process, clock or descriptor, so that each can be tested by itself; `Supervisor` carries them out.
package struct PoolState {
  package private(set) var calls: [CallID: CallState] = [:]
  /// Calls in the order of their beginning, which is the order in which their chunks are handed out.
  private var order: [CallID] = []
  package private(set) var workers: [WorkerState]
  private var nextCall: UInt32 = 0
  /// Workers that ended in a row with no task to blame and no task finished between them.
  package private(set) var idleEnds = 0
  package var isClosed = false
  /// Calls whose last task has ended since they were last asked for.
  private var finishedCalls: [CallID] = []
  private let chunksPerWorker: Int

  /// - Parameter chunksPerWorker: chunks after which a worker gets no more and is replaced.
  package init(workerCount: Int, chunksPerWorker: Int = .max) {
    workers = (0..<workerCount).map { _ in WorkerState() }
    self.chunksPerWorker = chunksPerWorker
  }

  /// After so many workers that ended for no task's sake the machine, not a task, is at fault.
  package var idleEndLimit: Int { max(10, 3 * workers.count) }
  package var isBroken: Bool { idleEnds >= idleEndLimit }
  /// Whether tasks are waiting or running.
  package var hasWork: Bool { calls.values.contains { !$0.isFinished } }

  // MARK: Calls

  package mutating func begin(_ call: CallState) -> CallID {
    let id = CallID(number: nextCall)
    nextCall += 1
    calls[id] = call
    order.append(id)
    noteIfFinished(id)
    return id
  }

  /// Makes `count` more tasks of a call known.
  package mutating func extend(_ id: CallID, by count: Int) { calls[id]?.available += count }

  /// No more tasks of a call will come.
  package mutating func complete(_ id: CallID) {
    calls[id]?.isComplete = true
    noteIfFinished(id)
  }

  /// No more tasks of any call will come.
  package mutating func completeAll() {
    for (id, call) in calls where !call.isComplete { complete(id) }
  }

  /// Calls whose last task has ended since this was last asked.
  package mutating func takeFinishedCalls() -> [CallID] {
    defer { finishedCalls = [] }
    return finishedCalls
  }

  private mutating func noteIfFinished(_ id: CallID) {
    if calls[id]?.isFinished == true { finishedCalls.append(id) }
  }

  /// Forgets a call: what was not handed out never runs, and replies for the rest are dropped.
  package mutating func end(_ id: CallID) {
    calls[id] = nil
    order.removeAll { $0 == id }
  }

  // MARK: Handing out

  /// The next chunk and the rank that gets it, or `nil` where nothing waits or every worker has enough.
  package mutating func nextAssignment() -> (rank: Int, chunk: Chunk)? {
    guard let id = order.first(where: { calls[$0]?.hasWaiting ?? false }),
      let rank = leastLoadedRank(waiting: calls[id]?.waitingChunks ?? 0),
      let tasks = calls[id]?.takeChunk()
    else { return nil }
    let chunk = Chunk(call: id, tasks: tasks, timeoutSeconds: calls[id]?.timeoutSeconds)
    workers[rank].assign(chunk)
    return (rank, chunk)
  }

  /// The ready worker with the fewest chunks, if it may have another. A second long chunk is not handed out ahead while
  /// so few are waiting that another worker could be left with nothing.
  private func leastLoadedRank(waiting: Int) -> Int? {
    var best: Int?
    for (rank, worker) in workers.enumerated() where worker.phase == .ready && !isSpent(worker) {
      if worker.chunks.count < best.map({ workers[$0].chunks.count }) ?? .max { best = rank }
    }
    guard let best else { return nil }
    let worker = workers[best]
    if worker.chunks.isEmpty { return best }
    if worker.hasLongChunks && waiting <= workers.count { return nil }
    return worker.chunks.count < worker.window ? best : nil
  }

  /// Whether a worker has been given all that it will ever get.
  package func isSpent(_ rank: Int) -> Bool { isSpent(workers[rank]) }

  private func isSpent(_ worker: WorkerState) -> Bool { worker.isRetired || worker.assignedCount >= chunksPerWorker }

  /// A worker gets no more chunks.
  package mutating func retire(_ rank: Int) { workers[rank].isRetired = true }

  // MARK: What workers report

  package mutating func becameReady(_ rank: Int) { workers[rank].phase = .ready }

  /// A worker answered its oldest task.
  /// - Returns: which task that was, or `nil` where the worker had none, which is a fault of the wire.
  package mutating func reported(_ rank: Int, kind: ReplyHeader.Kind, microseconds: UInt32) -> (
    call: CallID, index: Int
  )? {
    guard let call = workers[rank].chunks.first?.call else { return nil }
    let endsChunk = kind == .notRun || (kind == .threw && calls[call]?.stopsAtFirstError ?? false)
    let index = workers[rank].report(wasRun: kind != .notRun, endsChunk: endsChunk, microseconds: microseconds)
    calls[call]?.finish(1, microseconds: microseconds)
    noteIfFinished(call)
    idleEnds = 0
    return (call, index)
  }

  /// A worker ended after it had begun `begun` tasks in all. What it had not begun will run elsewhere; the task it was
  /// running, too, while retries are left.
  /// - Parameter wasStopped: the pool itself ended it, because of the task that it was running.
  /// - Returns: the tasks that are lost for good.
  package mutating func ended(_ rank: Int, begun: UInt64, wasStopped: Bool = false) -> [LostTask] {
    let worker = workers[rank]
    workers[rank] = WorkerState()
    let wasRunning = begun > worker.reportedCount
    if !wasStopped { idleEnds = wasRunning ? 0 : idleEnds + 1 }
    for chunk in worker.chunks.dropFirst().reversed() { calls[chunk.call]?.requeued.append(chunk.tasks) }
    guard let first = worker.chunks.first else { return [] }
    if worker.firstHasFailed { return first.tasks.map { loseNotRun($0, of: first.call) } }
    guard wasRunning else {
      calls[first.call]?.requeued.append(first.tasks)
      return []
    }
    if first.tasks.count > 1 { calls[first.call]?.requeued.append(first.tasks.dropFirst()) }
    return loseRunning(first.tasks.lowerBound, of: first.call, mayRetry: !wasStopped).map { [$0] } ?? []
  }

  /// A worker left as it was asked to, with nothing left to do.
  package mutating func left(_ rank: Int) { workers[rank] = WorkerState() }

  private mutating func loseNotRun(_ index: Int, of id: CallID) -> LostTask {
    calls[id]?.finish(1)
    noteIfFinished(id)
    return LostTask(call: id, index: index, attempts: 0, isNotRun: true)
  }

  /// Notes an attempt at a task that came to nothing.
  /// - Returns: the task, if it may not be run again.
  private mutating func loseRunning(_ index: Int, of id: CallID, mayRetry: Bool) -> LostTask? {
    guard let call = calls[id] else { return nil }
    let attempts = call.attempts[index, default: 0] + 1
    if mayRetry && attempts <= call.retries {
      calls[id]?.attempts[index] = attempts
      calls[id]?.postpone(index)
      return nil
    }
    calls[id]?.attempts[index] = nil
    calls[id]?.finish(1)
    noteIfFinished(id)
    return LostTask(call: id, index: index, attempts: attempts, isNotRun: false)
  }
}

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
  private var next = 0
  /// Running mean of how long a task takes.
  private var taskMicroseconds: Double?

  /// How long a chunk of an adaptive call should take.
  private static let adaptiveMicroseconds = 200_000.0

  package init(chunkSize: Int, stopsAtFirstError: Bool, retries: Int, isAdaptive: Bool = false) {
    precondition(chunkSize >= 1, "a chunk has at least one task")
    (self.chunkSize, self.stopsAtFirstError, self.retries) = (chunkSize, stopsAtFirstError, retries)
    self.isAdaptive = isAdaptive
  }

  /// `count` more tasks have a result or a failure.
  mutating func finish(_ count: Int, microseconds: UInt32? = nil) {
    finished += count
    guard isAdaptive, let microseconds else { return }
    let mean = taskMicroseconds.map { 0.9 * $0 + 0.1 * Double(microseconds) } ?? Double(microseconds)
    taskMicroseconds = mean
    // Towards the end smaller, so that the workers end together.
    chunkSize = max(1, min(Int(Self.adaptiveMicroseconds / max(mean, 1)), (available - next) / 8, 1 << 20))
  }

  package var isFinished: Bool { isComplete && finished == available }

  /// Whether a chunk can be handed out.
  package var hasWaiting: Bool { !requeued.isEmpty || !postponed.isEmpty || hasNext }

  /// Whether a chunk of tasks that never ran can be; a short one only when no more tasks will come.
  private var hasNext: Bool { isComplete ? next < available : next + chunkSize <= available }

  package var waitingChunks: Int {
    requeued.count + postponed.count + (available - next + chunkSize - 1) / chunkSize
  }

  package mutating func takeChunk() -> Range<Int>? {
    if let tasks = requeued.popLast() { return tasks }
    if let (task, after) = postponed.first, after <= next || !hasNext {
      postponed.removeFirst()
      return task..<task + 1
    }
    guard hasNext else { return nil }
    let tasks = next..<min(next + chunkSize, available)
    next = tasks.upperBound
    return tasks
  }

  /// A task is to be run again.
  fileprivate mutating func postpone(_ task: Int) { postponed.append((task, available)) }
}

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
  var calls = CallTable<CallState>()
  /// Calls with chunks to hand out, in the order of their beginning; some may have none left.
  private var waiting = WaitingCalls()
  package internal(set) var workers: [WorkerState]
  /// Workers that ended in a row with no task to blame and no task finished between them.
  package private(set) var idleEnds = 0
  /// Workers that left of themselves with no task to blame, less the tasks that were finished: where each gets a task or
  /// two done before it leaves, the ends are not in a row and yet there is no end of them.
  private var surplusLeaves = 0
  package var isClosed = false
  /// Calls whose last task has ended since they were last asked for.
  private var finishedCalls: [CallID] = []
  /// Whether there has been a call with a time limit.
  package private(set) var isLimited = false
  private let chunksPerWorker: Int
  private var unfinishedCount = 0
  /// Calls in progress that may run on some ranks only.
  private var restrictedCount = 0

  /// - Parameter chunksPerWorker: chunks after which a worker gets no more and is replaced.
  package init(workerCount: Int, chunksPerWorker: Int = .max) {
    workers = (0..<workerCount).map { _ in WorkerState() }
    self.chunksPerWorker = chunksPerWorker
  }

  /// After so many workers that ended for no task's sake the machine, not a task, is at fault.
  package var idleEndLimit: Int { max(10, 3 * workers.count) }
  package var isBroken: Bool { idleEnds >= idleEndLimit || surplusLeaves >= 3 * idleEndLimit }
  /// How many ends that is.
  package var endCount: Int { max(idleEnds, surplusLeaves) }
  /// Whether tasks are waiting or running.
  package var hasWork: Bool { unfinishedCount > 0 }

  // MARK: Calls

  package mutating func begin(_ call: CallState) -> CallID {
    let id = calls.insert(call)
    unfinishedCount += 1
    if call.ranks != nil { restrictedCount += 1 }
    if call.timeoutSeconds != nil { isLimited = true }
    noteIfWaiting(id)
    noteIfFinished(id)
    return id
  }

  /// Makes `count` more tasks of a call known.
  package mutating func extend(_ id: CallID, by count: Int) {
    guard calls.contains(id) else { return }
    calls[id].available += count
    noteIfWaiting(id)
  }

  /// No more tasks of a call will come.
  package mutating func complete(_ id: CallID) {
    guard calls.contains(id), !calls[id].isComplete else { return }
    calls[id].isComplete = true
    noteIfWaiting(id)
    noteIfFinished(id)
  }

  /// No more tasks of any call will come.
  package mutating func completeAll() { calls.ids.forEach { complete($0) } }

  /// Calls whose last task has ended since this was last asked.
  package mutating func takeFinishedCalls() -> [CallID] {
    if finishedCalls.isEmpty { return [] }
    defer { finishedCalls = [] }
    return finishedCalls
  }

  /// To be asked whenever a task of a call has ended, and when no more will come.
  private mutating func noteIfFinished(_ id: CallID) {
    guard calls[id].isFinished else { return }
    unfinishedCount -= 1
    finishedCalls.append(id)
  }

  /// To be asked whenever tasks have come to wait.
  private mutating func noteIfWaiting(_ id: CallID) {
    if calls[id].startsWaiting() { waiting.insert(id) }
  }

  /// Forgets a call: what was not handed out never runs, and replies for the rest are dropped.
  package mutating func end(_ id: CallID) {
    guard calls.contains(id) else { return }
    if !calls[id].isFinished { unfinishedCount -= 1 }
    if calls[id].ranks != nil { restrictedCount -= 1 }
    calls.remove(id)
  }

  // MARK: Handing out

  /// A chunk and the rank that gets it, which may have had nothing to do.
  package typealias Assignment = (rank: Int, chunk: Chunk, wasIdle: Bool)

  /// What is to be handed out next, so many at most; nothing where nothing waits or every worker has enough.
  mutating func nextAssignments(atMost count: Int) -> [Assignment] {
    guard let first = nextAssignment() else { return [] }
    var assignments = [first]
    while assignments.count < count, let next = nextAssignment() { assignments.append(next) }
    return assignments
  }

  /// What is to be handed out next, or `nil` where nothing waits or every worker has enough.
  package mutating func nextAssignment() -> Assignment? {
    var index = 0
    while index < waiting.count {
      let id = waiting[index]
      guard calls.contains(id), calls[id].isWaiting else {
        if calls.contains(id) { calls[id].isListed = false }
        waiting.remove(at: index)
        continue
      }
      let rank = leastLoadedRank(for: id)
      if let rank {
        let isIdle = workers[rank].chunks.isEmpty
        if let chunk = calls[id].takeChunk(of: id, orPart: isIdle) {
          return (rank, workers[rank].assign(chunk), isIdle)
        }
      }
      // No worker will do for this call; one that may run on others need not wait for that. Nor need one wait for a stream
      // that has less than a chunk.
      guard restrictedCount > 0 || rank != nil else { return nil }
      index += 1
    }
    return nil
  }

  /// The ready worker with the fewest chunks, if it may have another. A second long chunk is not handed out ahead while
  /// so few are waiting that another worker could be left with nothing.
  private func leastLoadedRank(for id: CallID) -> Int? {
    let ranks = calls[id].ranks ?? workers.indices
    var best: Int?
    var leastCount = Int.max
    for rank in ranks where workers[rank].chunks.count < leastCount && workers[rank].phase == .ready {
      if isSpent(rank) || workers[rank].isCongested { continue }
      best = rank
      leastCount = workers[rank].chunks.count
    }
    guard let best else { return nil }
    if leastCount == 0 { return best }
    if workers[best].hasLongChunks && calls[id].waitingChunks <= ranks.count { return nil }
    return workers[best].hasRoom ? best : nil
  }

  /// Whether a worker has been given all that it will ever get.
  package func isSpent(_ rank: Int) -> Bool {
    workers[rank].isRetired || workers[rank].assignedCount >= chunksPerWorker
  }

  /// A worker gets no more chunks.
  package mutating func retire(_ rank: Int) { workers[rank].isRetired = true }

  /// Whether as many bytes wait for a worker as are reasonable.
  package mutating func setCongested(_ rank: Int, _ isCongested: Bool) { workers[rank].isCongested = isCongested }

  // MARK: What workers report

  package mutating func becameReady(_ rank: Int) { workers[rank].phase = .ready }

  /// What a worker is answering: its oldest chunk that is not all answered, if it has any.
  package func answering(_ rank: Int) -> Chunk? { workers[rank].chunks.first }

  /// A worker gave the values of the first `count` tasks of its oldest chunk, in so many nanoseconds together.
  package mutating func gaveValues(_ rank: Int, count: Int, nanoseconds: UInt64) {
    guard let call = workers[rank].chunks.first?.call else { return }
    workers[rank].answered(count, nanoseconds: nanoseconds)
    finish(count, of: call, nanoseconds: nanoseconds)
  }

  /// The first task of a worker's oldest chunk threw.
  /// - Returns: the tasks that the worker therefore does not run.
  package mutating func gaveNoValue(_ rank: Int, nanoseconds: UInt64) -> [LostTask] {
    guard let chunk = workers[rank].chunks.first else { return [] }
    let endsChunk = chunk.stopsAtFirstError
    workers[rank].answeredWithoutValue(endsChunk: endsChunk, nanoseconds: nanoseconds)
    let notRun = endsChunk ? chunk.tasks.dropFirst() : chunk.tasks.prefix(0)
    finish(1 + notRun.count, of: chunk.call, nanoseconds: nanoseconds)
    return notRun.map { LostTask(call: chunk.call, index: $0, attempts: 0, isNotRun: true) }
  }

  private mutating func finish(_ count: Int, of call: CallID, nanoseconds: UInt64) {
    idleEnds = 0
    surplusLeaves = max(0, surplusLeaves - count)
    guard calls.contains(call) else { return }
    calls[call].finish(count, nanoseconds: nanoseconds)
    noteIfFinished(call)
  }

  /// How a worker ended that was not asked to.
  package enum End {
    /// By a signal of whoever sent it.
    case killed
    /// By leaving of itself.
    case left
    /// The pool itself ended it, because of the task that it was running.
    case stopped
  }

  /// A worker ended. What it had not begun will run elsewhere; the task it was running, too, while retries are left.
  /// - Parameter isRunning: whether it had begun the first task that it had not answered.
  /// - Returns: the task that is lost for good.
  package mutating func ended(_ rank: Int, isRunning: Bool, _ end: End = .killed) -> LostTask? {
    let worker = workers[rank]
    workers[rank] = WorkerState()
    if end != .stopped { idleEnds = isRunning ? 0 : idleEnds + 1 }
    if end == .left && !isRunning { surplusLeaves += 1 }
    for chunk in worker.chunks.dropFirst().reversed() { requeue(chunk.tasks, of: chunk.call) }
    guard let first = worker.chunks.first else { return nil }
    guard isRunning else {
      requeue(first.tasks, of: first.call)
      return nil
    }
    if first.tasks.count > 1 { requeue(first.tasks.dropFirst(), of: first.call) }
    return loseRunning(first.tasks.lowerBound, of: first.call, mayRetry: end != .stopped)
  }

  /// A worker left as it was asked to, with nothing left to do.
  package mutating func left(_ rank: Int) { workers[rank] = WorkerState() }

  mutating func requeue(_ tasks: Range<Int>, of id: CallID) {
    guard calls.contains(id) else { return }
    calls[id].requeued.append(tasks)
    noteIfWaiting(id)
  }

  /// Notes an attempt at a task that came to nothing.
  /// - Returns: the task, if it may not be run again.
  private mutating func loseRunning(_ index: Int, of id: CallID, mayRetry: Bool) -> LostTask? {
    guard calls.contains(id) else { return nil }
    let attempts = calls[id].attempts[index, default: 0] + 1
    if mayRetry && attempts <= calls[id].retries {
      calls[id].attempts[index] = attempts
      calls[id].postpone(index)
      noteIfWaiting(id)
      return nil
    }
    calls[id].attempts[index] = nil
    calls[id].finish(1)
    noteIfFinished(id)
    return LostTask(call: id, index: index, attempts: attempts, isNotRun: false)
  }
}

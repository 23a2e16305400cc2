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
  private(set) var calls = CallTable<CallState>()
  /// Calls with chunks to hand out, in the order of their beginning; some may have none left.
  private var waiting = WaitingCalls()
  package private(set) var workers: [WorkerState]
  /// Workers that ended in a row with no task to blame and no task finished between them.
  package private(set) var idleEnds = 0
  package var isClosed = false
  /// Calls whose last task has ended since they were last asked for.
  private var finishedCalls: [CallID] = []
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
  package var isBroken: Bool { idleEnds >= idleEndLimit }
  /// Whether tasks are waiting or running.
  package var hasWork: Bool { unfinishedCount > 0 }

  // MARK: Calls

  package mutating func begin(_ call: CallState) -> CallID {
    let id = calls.insert(call)
    unfinishedCount += 1
    if call.ranks != nil { restrictedCount += 1 }
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

  /// The next chunk and the rank that gets it, or `nil` where nothing waits or every worker has enough.
  package mutating func nextAssignment() -> (rank: Int, chunk: Chunk)? {
    var index = 0
    while index < waiting.count {
      let id = waiting[index]
      guard calls.contains(id), calls[id].isWaiting else {
        if calls.contains(id) { calls[id].isListed = false }
        waiting.remove(at: index)
        continue
      }
      if let rank = leastLoadedRank(for: id), let tasks = calls[id].takeChunk() {
        let chunk = Chunk(call: id, tasks: tasks, timeoutSeconds: calls[id].timeoutSeconds)
        workers[rank].assign(chunk)
        return (rank, chunk)
      }
      // No worker will do for this call; one that may run on others need not wait for that.
      guard restrictedCount > 0 else { return nil }
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

  /// The first task of a worker's oldest chunk threw, or was not run.
  package mutating func gaveNoValue(_ rank: Int, wasRun: Bool, nanoseconds: UInt64) {
    guard let call = workers[rank].chunks.first?.call else { return }
    let endsChunk = !wasRun || (calls.contains(call) && calls[call].stopsAtFirstError)
    workers[rank].answeredWithoutValue(wasRun: wasRun, endsChunk: endsChunk, nanoseconds: nanoseconds)
    finish(1, of: call, nanoseconds: nanoseconds)
  }

  private mutating func finish(_ count: Int, of call: CallID, nanoseconds: UInt64) {
    idleEnds = 0
    guard calls.contains(call) else { return }
    calls[call].finish(count, nanoseconds: nanoseconds)
    noteIfFinished(call)
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
    for chunk in worker.chunks.dropFirst().reversed() { requeue(chunk.tasks, of: chunk.call) }
    guard let first = worker.chunks.first else { return [] }
    if worker.firstHasFailed { return first.tasks.map { loseNotRun($0, of: first.call) } }
    guard wasRunning else {
      requeue(first.tasks, of: first.call)
      return []
    }
    if first.tasks.count > 1 { requeue(first.tasks.dropFirst(), of: first.call) }
    return loseRunning(first.tasks.lowerBound, of: first.call, mayRetry: !wasStopped).map { [$0] } ?? []
  }

  /// A worker left as it was asked to, with nothing left to do.
  package mutating func left(_ rank: Int) { workers[rank] = WorkerState() }

  private mutating func requeue(_ tasks: Range<Int>, of id: CallID) {
    guard calls.contains(id) else { return }
    calls[id].requeued.append(tasks)
    noteIfWaiting(id)
  }

  private mutating func loseNotRun(_ index: Int, of id: CallID) -> LostTask {
    if calls.contains(id) {
      calls[id].finish(1)
      noteIfFinished(id)
    }
    return LostTask(call: id, index: index, attempts: 0, isNotRun: true)
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

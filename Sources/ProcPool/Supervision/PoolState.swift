/// A task that failed for good.
package struct LostTask: Hashable {
  package var call: CallID
  package var index: Int
  package var attempts: Int
  /// Whether it did not start because an earlier task of its chunk threw.
  package var isNotRun: Bool
}

/// What runs where: the calls, their tasks and the workers, as values. Every decision of the pool is here, and no
/// process, clock or descriptor, so that each decision can be tested by itself. `Supervisor` carries them out.
package struct PoolState {
  var calls = CallTable<CallState>()
  /// Calls that may have chunks to assign, in the order in which they started; some may have none left.
  private var waiting = Queue<CallID>()
  package internal(set) var workers: [WorkerState]
  /// Workers that ended in a row with no task to blame and no task finished in between.
  package private(set) var idleEnds = 0
  /// Workers that exited with no task to blame, minus tasks that finished. If each worker does a task or two before it
  /// exits, `idleEnds` never grows, and yet the pool would fork forever.
  private var surplusLeaves = 0
  package var isClosed = false
  /// Calls that have finished since `takeFinishedCalls` was last called.
  private var finishedCalls: [CallID] = []
  /// Whether any call so far had a time limit: without one, no task can be late.
  package private(set) var isLimited = false
  private let chunksPerWorker: Int
  private var unfinishedCount = 0
  /// Calls in progress that are restricted to some ranks.
  private var restrictedCount = 0

  /// - Parameter chunksPerWorker: chunks after which a worker is retired and replaced.
  package init(workerCount: Int, chunksPerWorker: Int = .max) {
    workers = (0..<workerCount).map { _ in WorkerState() }
    self.chunksPerWorker = chunksPerWorker
  }

  /// If this many workers in a row end while idle, blame the machine and give up. At three per rank, somebody may kill
  /// every idle worker twice without ending the pool.
  package var idleEndLimit: Int { max(10, 3 * workers.count) }
  /// Three times the limit for exits: a pool in which some workers exit, but clearly more tasks finish, goes on.
  package var isBroken: Bool { idleEnds >= idleEndLimit || surplusLeaves >= 3 * idleEndLimit }
  /// The number of ends to report once the pool is broken.
  package var endCount: Int { max(idleEnds, surplusLeaves) }
  /// Whether tasks are waiting or running.
  package var hasWork: Bool { unfinishedCount > 0 }

  // MARK: Calls

  package mutating func start(_ call: CallState) -> CallID {
    let id = calls.insert(call)
    unfinishedCount += 1
    if call.ranks != nil { restrictedCount += 1 }
    if call.timeoutSeconds != nil { isLimited = true }
    listIfWaiting(id)
    listIfFinished(id)
    return id
  }

  /// Adds `count` tasks to a call.
  package mutating func extend(_ id: CallID, by count: Int) {
    guard calls.contains(id) else { return }
    calls[id].available += count
    listIfWaiting(id)
  }

  /// Declares that a call will get no more tasks.
  package mutating func complete(_ id: CallID) {
    guard calls.contains(id), !calls[id].isComplete else { return }
    calls[id].isComplete = true
    listIfWaiting(id)
    listIfFinished(id)
  }

  /// Declares that no call will get more tasks.
  package mutating func completeAll() { calls.ids.forEach { complete($0) } }

  /// The calls that have finished since the last time.
  package mutating func takeFinishedCalls() -> [CallID] {
    if finishedCalls.isEmpty { return [] }
    defer { finishedCalls = [] }
    return finishedCalls
  }

  /// To be called whenever a task of the call has finished, and when the call is complete.
  private mutating func listIfFinished(_ id: CallID) {
    guard calls[id].isFinished else { return }
    unfinishedCount -= 1
    finishedCalls.append(id)
  }

  /// To be called whenever the call may have gained a chunk to assign.
  private mutating func listIfWaiting(_ id: CallID) {
    guard calls[id].markListed() else { return }
    // In the order in which the calls started; mostly this one is the latest.
    var place = waiting.count
    while place > 0 && waiting[place - 1].number > id.number { place -= 1 }
    waiting.insert(id, at: place)
  }

  /// Removes a call: tasks not yet assigned never run, and replies to the others are dropped.
  package mutating func removeCall(_ id: CallID) {
    guard calls.contains(id) else { return }
    if !calls[id].isFinished { unfinishedCount -= 1 }
    if calls[id].ranks != nil { restrictedCount -= 1 }
    calls.remove(id)
  }

  // MARK: Assigning

  /// A chunk and the rank that gets it, and whether that worker was idle.
  package typealias Assignment = (rank: Int, chunk: Chunk, wasIdle: Bool)

  /// The next assignments, at most `count`; none if nothing waits or every worker has enough.
  mutating func nextAssignments(atMost count: Int) -> [Assignment] {
    guard let first = nextAssignment() else { return [] }
    var assignments = [first]
    while assignments.count < count, let next = nextAssignment() { assignments.append(next) }
    return assignments
  }

  /// The next assignment; `nil` if nothing waits or every worker has enough.
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
      // No worker can take this call now. A later call for other ranks need not wait for that; nor need it wait for a
      // stream that has less than a chunk while every worker is busy.
      guard restrictedCount > 0 || rank != nil else { return nil }
      index += 1
    }
    return nil
  }

  /// The ready worker with the fewest chunks, if it may have another. The last long chunks are not sent ahead: with no
  /// more chunks waiting than workers, another worker could run dry while they queue behind a long one.
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

  /// Whether a worker gets no more chunks.
  package func isSpent(_ rank: Int) -> Bool {
    workers[rank].isRetired || workers[rank].assignedCount >= chunksPerWorker
  }

  /// Stops assigning chunks to a worker.
  package mutating func retire(_ rank: Int) { workers[rank].isRetired = true }

  /// Backpressure: whether a worker has too many bytes waiting to get more chunks.
  package mutating func setCongested(_ rank: Int, _ isCongested: Bool) { workers[rank].isCongested = isCongested }

  // MARK: Events from workers

  package mutating func becameReady(_ rank: Int) { workers[rank].phase = .ready }

  /// The chunk that a worker's next reply belongs to: its oldest one with unanswered tasks.
  package func answering(_ rank: Int) -> Chunk? { workers[rank].chunks.first }

  /// A worker returned values for the first `count` tasks of its oldest chunk, which took `nanoseconds` together.
  package mutating func gaveValues(_ rank: Int, count: Int, nanoseconds: UInt64) {
    guard let call = workers[rank].chunks.first?.call else { return }
    workers[rank].answered(count, nanoseconds: nanoseconds)
    countFinished(count, of: call, nanoseconds: nanoseconds)
  }

  /// The first task of a worker's oldest chunk threw.
  /// - Returns: the tasks of the chunk that therefore will not run.
  package mutating func gaveNoValue(_ rank: Int, nanoseconds: UInt64) -> [LostTask] {
    guard let chunk = workers[rank].chunks.first else { return [] }
    let endsChunk = chunk.stopsAtFirstError
    workers[rank].answeredWithoutValue(endsChunk: endsChunk, nanoseconds: nanoseconds)
    let notRun = endsChunk ? chunk.tasks.dropFirst() : chunk.tasks.prefix(0)
    countFinished(1 + notRun.count, of: chunk.call, nanoseconds: nanoseconds)
    return notRun.map { LostTask(call: chunk.call, index: $0, attempts: 0, isNotRun: true) }
  }

  private mutating func countFinished(_ count: Int, of call: CallID, nanoseconds: UInt64) {
    idleEnds = 0
    surplusLeaves = max(0, surplusLeaves - count)
    guard calls.contains(call) else { return }
    calls[call].countFinished(count, nanoseconds: nanoseconds)
    listIfFinished(call)
  }

  /// How a worker ended that was not asked to leave.
  package enum End {
    /// A signal from outside killed it.
    case killed
    /// It exited.
    case left
    /// The pool stopped it, because of the task that it was running.
    case stopped
  }

  /// A worker ended. Tasks that it had not begun are requeued; so is the one it was running, while it has retries left.
  /// - Parameter isRunning: whether it had begun its first unanswered task.
  /// - Returns: the task that has failed for good.
  package mutating func workerEnded(_ rank: Int, isRunning: Bool, _ end: End = .killed) -> LostTask? {
    let worker = workers[rank]
    workers[rank] = WorkerState()
    if end != .stopped { idleEnds = isRunning ? 0 : idleEnds + 1 }
    if end == .left && !isRunning { surplusLeaves += 1 }
    // `requeued` is a stack, so the oldest chunk goes on last.
    for chunk in worker.chunks.dropFirst().reversed() { requeue(chunk.tasks, of: chunk.call) }
    guard let first = worker.chunks.first else { return nil }
    guard isRunning else {
      requeue(first.tasks, of: first.call)
      return nil
    }
    if first.tasks.count > 1 { requeue(first.tasks.dropFirst(), of: first.call) }
    return countFailedAttempt(first.tasks.lowerBound, of: first.call, mayRetry: end != .stopped)
  }

  /// A worker left as it was asked to, with nothing left to do.
  package mutating func workerLeft(_ rank: Int) { workers[rank] = WorkerState() }

  mutating func requeue(_ tasks: Range<Int>, of id: CallID) {
    guard calls.contains(id) else { return }
    calls[id].requeued.append(tasks)
    listIfWaiting(id)
  }

  /// Counts an attempt at a task that ended with its worker.
  /// - Returns: the task, if it has no retries left.
  private mutating func countFailedAttempt(_ index: Int, of id: CallID, mayRetry: Bool) -> LostTask? {
    guard calls.contains(id) else { return nil }
    let attempts = calls[id].attempts[index, default: 0] + 1
    if mayRetry && attempts <= calls[id].retries {
      calls[id].attempts[index] = attempts
      calls[id].postpone(index)
      listIfWaiting(id)
      return nil
    }
    calls[id].attempts[index] = nil
    calls[id].countFinished(1)
    listIfFinished(id)
    return LostTask(call: id, index: index, attempts: attempts, isNotRun: false)
  }
}

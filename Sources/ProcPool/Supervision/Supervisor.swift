internal import CProcPool
internal import Glibc

/// Carries out what `PoolState` decides: forks workers, moves bytes, notices ends. One thread, one `poll`.
final class Supervisor {
  var state: PoolState
  let options: PoolOptions
  let workerCode: WorkerCode
  let doorbell: Doorbell
  var workers: [WorkerProcess?]
  private(set) var receivers = CallTable<(any CallReceiver)?>()
  /// Calls that want to be told at the end of each turn.
  private var followers: [CallID] = []
  var recorder: InsightRecorder
  /// Ranks without a worker since no process could be made, and when that is tried again.
  var vacant: [Int] = []
  var respawnTime: UInt64 = 0
  /// When to look next whether tasks are to be taken back from a busy worker; `nil` while none waits behind one.
  var transferTime: UInt64?
  /// Whether workers that leave are not replaced.
  var isJoining = false
  var polled: [pollfd] = []
  /// Turns since it was last looked at what `poll` tells, while replies kept coming.
  var busyTurns = 0
  /// How many chunks are handed out before it is looked at what they amount to: many where they are small.
  var assignmentCount = 1
  /// Turns so far, and when the last one ended.
  private(set) var turnCount = 0
  private var turnTime: UInt64 = 0
  /// Why no more work is done, once that is so.
  private var fatalError: PoolError?
  /// A child has a copy of this object, and must neither use its siblings nor end them.
  private let owner = ProcessIdentity.current

  init(options: PoolOptions, code: WorkerCode) throws(PoolError) {
    try options.check()
    state = PoolState(workerCount: options.workers, chunksPerWorker: options.maxTasksPerChild ?? .max)
    recorder = InsightRecorder(rankCount: options.workers)
    doorbell = try Doorbell()
    self.options = options
    workerCode = code
    workers = Array(repeating: nil, count: options.workers)
    for rank in workers.indices { try spawn(rank) }
  }

  deinit {
    guard owner.isCurrent else { return }
    for worker in workers { worker?.kill(SIGKILL) }
    for worker in workers where (worker?.pid ?? -1) > 0 { _ = worker?.reap() }
  }

  var workerPIDs: [Int32?] { workers.map { $0?.pid } }
  var isTerminated: Bool { fatalError != nil }
  /// Whether every worker has left and no task will ever run again.
  var hasJoined: Bool { isJoining && workers.allSatisfy { $0 == nil } }
  /// Whether the pool is this process's, and not a copy in a child.
  var isOwned: Bool { owner.isCurrent }

  private func checkOwner() throws(PoolError) { if !owner.isCurrent { throw .wrongProcess } }

  // MARK: Calls

  func begin(_ call: CallState, for receiver: any CallReceiver) throws(PoolError) -> CallID {
    try checkOwner()
    guard !state.isClosed else { throw .notRunning }
    let id = state.begin(call)
    receivers.insert(receiver, for: id)
    if receiver.followsProgress { followers.append(id) }
    // What is free begins at once; the rest when something is waited for.
    do throws(PoolError) {
      _ = try receive()
    } catch {
      terminate(because: error)
      throw error
    }
    handOut()
    settle()
    return id
  }

  /// Forgets a call: of its tasks, those that have begun go on and nobody learns what became of them.
  func abandon(_ id: CallID) {
    guard owner.isCurrent, forget(id) != nil else { return }
    state.end(id)
    for case let worker? in workers { takeBackAll(of: id, from: worker) }
  }

  func receiver(of id: CallID) -> (any CallReceiver)? { receivers.contains(id) ? receivers[id] : nil }

  /// - Returns: who began the call, for the last time.
  private func forget(_ id: CallID) -> (any CallReceiver)? {
    guard let receiver = receiver(of: id) else { return nil }
    receivers[id] = nil
    receivers.remove(id)
    if receiver.followsProgress { followers.removeAll { $0 == id } }
    return receiver
  }

  /// Ends a call, and the tasks of it that are running.
  func cancel(_ id: CallID) {
    guard owner.isCurrent, let receiver = receiver(of: id) else { return }
    abandon(id)
    do throws(PoolError) { _ = try receive() } catch { terminate(because: error) }
    for case let worker? in workers where state.answering(worker.rank)?.call == id && isRunning(worker) {
      stop(worker, because: .cancelled)
    }
    receiver.fail(.cancelled)
  }

  /// Waits for something to happen, at most until `deadline`, and deals with it. After it throws, the pool is terminated.
  func turn(until deadline: UInt64? = nil) throws(PoolError) {
    try checkOwner()
    if let fatalError { throw fatalError }
    do throws(PoolError) {
      handOut()
      try wait(until: deadline)
      try checkDeadlines()
    } catch {
      terminate(because: error)
      throw error
    }
    turnCount += 1
    turnTime = monotonicNanoseconds()
    settle()
  }

  /// Whether what the last turn showed is as good as new: who asks one handle after another sees all of them as of one
  /// moment, and so in the order in which they complete.
  var isFresh: Bool { monotonicNanoseconds() - turnTime < 1_000_000 }

  /// Runs what of the user's is to run, now that no message is half dealt with.
  private func settle() {
    for id in followers { receiver(of: id)?.endTurn(ended: state.calls[id].finished) }
    for id in state.takeFinishedCalls() {
      let receiver = forget(id)
      state.end(id)
      receiver?.finish()
    }
  }

  // MARK: Ending

  /// Lets every worker leave once it has nothing to do, and waits for that.
  func join() throws(PoolError) {
    try checkOwner()
    state.completeAll()
    while state.hasWork { try turn() }
    isJoining = true
    vacant.removeAll()
    for case let worker? in workers { letLeave(worker) }
    while workers.contains(where: { $0 != nil }) { try turn() }
  }

  /// Ends every worker, after the grace that the options give at the latest, and fails what was unfinished. In a process that
  /// has a copy of the pool, nothing.
  func terminate(because error: PoolError) {
    guard owner.isCurrent, fatalError == nil else { return }
    fatalError = error
    state.isClosed = true
    for worker in workers { worker?.kill(SIGTERM) }
    let deadline = monotonicNanoseconds() + options.graceNanoseconds
    for rank in workers.indices {
      guard let worker = workers[rank] else { continue }
      if worker.exitDescriptor >= 0 { _ = awaitReadable(worker.exitDescriptor, until: deadline) }
      worker.kill(SIGKILL)
      _ = worker.reap()
      recorder.ended(worker, nil)
      workers[rank] = nil
    }
    for id in receivers.ids { forget(id)?.fail(error) }
  }
}

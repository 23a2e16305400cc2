internal import CProcPool
internal import Glibc

/// Carries out what `PoolState` decides: starts workers, moves bytes, notices deaths. One thread, one `poll`.
final class Supervisor {
  var state: PoolState
  let options: PoolOptions
  let workerCode: WorkerCode
  let doorbell: Doorbell
  var workers: [WorkerProcess?]
  private(set) var receivers = CallTable<(any CallReceiver)?>()
  /// Calls whose progress is reported after each poll.
  private var followers: [CallID] = []
  var recorder: InsightRecorder
  /// Ranks whose worker could not be started for want of a resource, and when to try again.
  var vacant: [Int] = []
  var respawnTime: UInt64 = 0
  /// When to check again whether tasks should be taken back; `nil` while none waits behind a busy worker.
  var transferTime: UInt64?
  /// Whether workers that leave are not replaced any more.
  var isJoining = false
  var polled: [pollfd] = []
  /// Polls in a row that found replies and did not call `poll`.
  var busyPolls = 0
  /// Assignments to fetch at once: many while chunks are small.
  var assignmentCount = 1
  /// Polls so far, and when the last one ended.
  private(set) var pollCount = 0
  private var lastPollTime: UInt64 = 0
  /// Why the pool has ended; `nil` while it runs.
  private var terminationError: PoolError?
  /// A child has a copy of this object, and must neither use its siblings nor kill them.
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
  var isTerminated: Bool { terminationError != nil }
  /// Whether every worker has left after `join`.
  var hasJoined: Bool { isJoining && workers.allSatisfy { $0 == nil } }
  /// Whether this process made the pool, rather than a fork of it.
  var isOwned: Bool { owner.isCurrent }

  private func checkOwner() throws(PoolError) { if !owner.isCurrent { throw .wrongProcess } }

  // MARK: Calls

  func start(_ call: CallState, for receiver: any CallReceiver) throws(PoolError) -> CallID {
    try checkOwner()
    guard !state.isClosed else { throw .notRunning }
    let id = state.start(call)
    receivers.insert(receiver, for: id)
    if receiver.followsProgress { followers.append(id) }
    // Idle workers start at once; the rest is sent when something of the pool is waited for.
    do throws(PoolError) {
      _ = try receive()
    } catch {
      terminate(because: error)
      throw error
    }
    dispatch()
    runCallbacks()
    return id
  }

  /// Drops a call: its tasks that have begun go on, and their results are discarded.
  func abandon(_ id: CallID) {
    guard owner.isCurrent, forget(id) != nil else { return }
    // First, so that tasks taken back are dropped and not requeued.
    state.removeCall(id)
    for case let worker? in workers { takeBackAll(of: id, from: worker) }
  }

  func receiver(of id: CallID) -> (any CallReceiver)? { receivers.contains(id) ? receivers[id] : nil }

  /// - Returns: the receiver, for a last message.
  private func forget(_ id: CallID) -> (any CallReceiver)? {
    guard let receiver = receiver(of: id) else { return nil }
    receivers[id] = nil
    receivers.remove(id)
    if receiver.followsProgress { followers.removeAll { $0 == id } }
    return receiver
  }

  /// Drops a call and stops the workers that are running its tasks.
  func cancel(_ id: CallID) {
    guard owner.isCurrent, let receiver = receiver(of: id) else { return }
    abandon(id)
    // First the replies that are already here, or a worker would be stopped for a task that it has finished.
    do throws(PoolError) { _ = try receive() } catch { terminate(because: error) }
    for case let worker? in workers where state.answering(worker.rank)?.call == id && isRunning(worker) {
      stop(worker, because: .cancelled)
    }
    receiver.fail(.cancelled)
  }

  /// One round: sends tasks, waits for an event, at most until `deadline`, and handles it. If it throws, the pool has
  /// been terminated.
  func pollOnce(until deadline: UInt64? = nil) throws(PoolError) {
    try checkOwner()
    if let terminationError { throw terminationError }
    do throws(PoolError) {
      dispatch()
      try wait(until: deadline)
      try checkDeadlines()
    } catch {
      terminate(because: error)
      throw error
    }
    pollCount += 1
    lastPollTime = monotonicNanoseconds()
    runCallbacks()
  }

  /// Whether the last poll is less than a millisecond old. `ready()` of one handle after another then sees all of them
  /// as of one moment, and so in the order in which they finish.
  var isFresh: Bool { monotonicNanoseconds() - lastPollTime < 1_000_000 }

  /// Runs the user's code: progress handlers and callbacks. Only here, where no message is half processed, may they
  /// call the pool again.
  private func runCallbacks() {
    for id in followers { receiver(of: id)?.reportProgress(finished: state.calls[id].finished) }
    for id in state.takeFinishedCalls() {
      let receiver = forget(id)
      state.removeCall(id)
      receiver?.resolve()
    }
  }

  // MARK: Ending

  /// Waits until all work is done, asks every worker to leave, and waits until they have left.
  func join() throws(PoolError) {
    try checkOwner()
    state.completeAll()
    while state.hasWork { try pollOnce() }
    isJoining = true
    vacant.removeAll()
    for case let worker? in workers { retire(worker) }
    while workers.contains(where: { $0 != nil }) { try pollOnce() }
  }

  /// Stops every worker, after the options' grace at the latest, and fails every unfinished call. Does nothing in a
  /// fork of the process that made the pool.
  func terminate(because error: PoolError) {
    guard owner.isCurrent, terminationError == nil else { return }
    // First, so that callbacks which run below can start nothing.
    terminationError = error
    state.isClosed = true
    // All at once, so that the grace passes only once.
    for worker in workers { worker?.kill(SIGTERM) }
    let deadline = monotonicNanoseconds() + options.graceNanoseconds
    for rank in workers.indices {
      guard let worker = workers[rank] else { continue }
      if worker.exitDescriptor >= 0 { _ = awaitReadable(worker.exitDescriptor, until: deadline) }
      worker.kill(SIGKILL)
      _ = worker.reap()
      recorder.workerEnded(worker, nil)
      workers[rank] = nil
    }
    for id in receivers.ids { forget(id)?.fail(error) }
  }
}

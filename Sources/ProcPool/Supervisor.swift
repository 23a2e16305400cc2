internal import CProcPool
internal import Glibc

/// Whoever began a call: gives the payloads of its tasks and takes what became of them.
protocol CallReceiver: AnyObject {
  /// Appends the payload of a task.
  func appendTask(_ index: Int, to buffer: inout ByteBuffer) throws
  /// Takes the reply of a worker to a task.
  func receive(_ index: Int, kind: ReplyHeader.Kind, payload: RawSpan, from worker: WorkerProcess)
  /// Takes the news that a task has no result.
  func lose(_ failure: TaskFailure)
  /// A turn is over in which something may have come; code of the user may run here.
  func endTurn()
  /// Every task has its outcome; the call is over.
  func finish()
  /// The call is over before every task has its outcome.
  func fail(_ error: PoolError)
}

/// Carries out what `PoolState` decides: forks workers, moves bytes, notices ends. One thread, one `poll`.
final class Supervisor {
  var state: PoolState
  let options: PoolOptions
  let workerCode: WorkerCode
  let doorbell: Doorbell
  var workers: [WorkerProcess?]
  var receivers: [CallID: any CallReceiver] = [:]
  /// Ranks without a worker since no process could be made, and when that is tried again.
  var vacant: [Int] = []
  var respawnTime: UInt64 = 0
  /// Whether workers that leave are not replaced.
  var isJoining = false
  private var polled: [pollfd] = []
  /// Why no more work is done, once that is so.
  private var fatalError: PoolError?
  /// Turns since it was last looked at what `poll` tells, while replies kept coming.
  private var busyTurns = 0
  /// A child inherits this object and must not end its siblings.
  private let ownerPID = getpid()

  init(options: PoolOptions, code: WorkerCode) throws(PoolError) {
    try options.check()
    state = PoolState(workerCount: options.workers, chunksPerWorker: options.maxTasksPerChild ?? .max)
    doorbell = try Doorbell(isInherited: code.task == nil)
    self.options = options
    workerCode = code
    workers = Array(repeating: nil, count: options.workers)
    for rank in workers.indices { try spawn(rank) }
  }

  deinit {
    guard getpid() == ownerPID else { return }
    for worker in workers { worker?.kill(SIGKILL) }
    for worker in workers where (worker?.pid ?? -1) > 0 { _ = worker?.reap() }
  }

  var workerPIDs: [Int32?] { workers.map { $0?.pid } }
  var isTerminated: Bool { fatalError != nil }
  /// Whether every worker has left and no task will ever run again.
  var hasJoined: Bool { isJoining && workers.allSatisfy { $0 == nil } }

  // MARK: Calls

  func begin(_ call: CallState, for receiver: any CallReceiver) throws(PoolError) -> CallID {
    guard !state.isClosed else { throw .notRunning }
    let id = state.begin(call)
    doorbell.setGivenUp(id, false)
    receivers[id] = receiver
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
    guard receivers.removeValue(forKey: id) != nil else { return }
    doorbell.setGivenUp(id, true)
    state.end(id)
  }

  /// Ends a call, and the tasks of it that are running.
  func cancel(_ id: CallID) {
    guard let receiver = receivers[id] else { return }
    abandon(id)
    do throws(PoolError) { _ = try receive() } catch { terminate(because: error) }
    for (rank, worker) in workers.enumerated() where isRunning(rank) && state.workers[rank].chunks.first?.call == id {
      worker.map { stop($0, because: .cancelled) }
    }
    receiver.fail(.cancelled)
  }

  /// Waits for something to happen, at most until `deadline`, and deals with it. After it throws, the pool is terminated.
  func turn(until deadline: UInt64? = nil) throws(PoolError) {
    if let fatalError { throw fatalError }
    do throws(PoolError) {
      handOut()
      try wait(until: deadline)
      try checkDeadlines()
    } catch {
      terminate(because: error)
      throw error
    }
    settle()
  }

  /// Runs what of the user's is to run, now that no message is half dealt with.
  private func settle() {
    for receiver in receivers.values { receiver.endTurn() }
    for id in state.takeFinishedCalls() {
      guard let receiver = receivers.removeValue(forKey: id) else { continue }
      state.end(id)
      receiver.finish()
    }
  }

  // MARK: Ending

  /// Lets every worker leave once it has nothing to do, and waits for that.
  func join() throws(PoolError) {
    state.completeAll()
    while state.hasWork { try turn() }
    isJoining = true
    vacant.removeAll()
    for worker in workers { worker?.closeRequests() }
    while workers.contains(where: { $0 != nil }) { try turn() }
  }

  /// Ends every worker, after the grace that the options give at the latest, and fails what was unfinished.
  func terminate(because error: PoolError) {
    guard fatalError == nil else { return }
    fatalError = error
    state.isClosed = true
    for worker in workers { worker?.kill(SIGTERM) }
    let deadline = monotonicNanoseconds() + options.graceNanoseconds
    for rank in workers.indices {
      guard let worker = workers[rank] else { continue }
      var entry = pollfd(fd: worker.exitDescriptor, events: Int16(POLLIN), revents: 0)
      let left = Int64(deadline) - Int64(monotonicNanoseconds())
      if worker.exitDescriptor >= 0 { _ = unsafe poll(&entry, 1, Int32(max(0, left) / 1_000_000)) }
      worker.kill(SIGKILL)
      _ = worker.reap()
      workers[rank] = nil
    }
    let unfinished = receivers.values
    receivers = [:]
    for receiver in unfinished { receiver.fail(error) }
  }

  // MARK: Messages

  private func handOut() {
    while let (rank, chunk) = state.nextAssignment() {
      guard let worker = workers[rank], let receiver = receivers[chunk.call] else { continue }
      if state.workers[rank].chunks.count == 1 { worker.progressTime = monotonicNanoseconds() }
      append(chunk, of: receiver, to: &worker.outgoing)
    }
    for (rank, worker) in workers.enumerated() {
      worker?.sendOutgoing()
      // A worker that gets no more leaves once it has answered what it has.
      if let worker, worker.outgoing.isEmpty, !worker.isLeaving, state.isSpent(rank) { worker.closeRequests() }
    }
  }

  private func append(_ chunk: Chunk, of receiver: any CallReceiver, to buffer: inout ByteBuffer) {
    let start = buffer.count
    var header = ChunkHeader(
      taskCount: UInt32(chunk.tasks.count), byteCount: 0, call: chunk.call,
      stopsAtFirstError: state.calls[chunk.call]?.stopsAtFirstError ?? false)
    buffer.append(memoryOf: header)
    let tasksStart = buffer.count
    for index in chunk.tasks {
      let lengthOffset = buffer.count
      buffer.append(memoryOf: TaskLength(byteCount: 0, isRefusal: false))
      let payloadOffset = buffer.count
      var isRefusal = false
      do {
        try receiver.appendTask(index, to: &buffer)
      } catch {
        isRefusal = true
        buffer.truncate(to: payloadOffset)
        buffer.append(error: error)
      }
      buffer.replace(
        at: lengthOffset, with: TaskLength(byteCount: buffer.count - payloadOffset, isRefusal: isRefusal))
    }
    header.byteCount = UInt64(buffer.count - tasksStart)
    buffer.replace(at: start, with: header)
  }

  /// Hands every whole reply that has arrived to its call.
  func deliverReplies(of worker: WorkerProcess) throws(PoolError) {
    while let header: ReplyHeader = worker.incoming.takeHeader({ $0.byteCount }) {
      let byteCount = Int(header.byteCount)
      switch header.kind {
      case .ready:
        worker.readyDeadline = nil
        state.becameReady(worker.rank)
      case .initializerThrew:
        let texts = worker.incoming.withBytes { readTexts(2, from: $0).texts }
        throw .initializerFailed(rank: worker.rank, text: texts[1])
      case .value, .threw, .notRun:
        guard
          let task = state.reported(worker.rank, kind: header.kind, microseconds: header.microseconds)
        else { preconditionFailure("a worker answered a task that it was not given") }
        worker.incoming.withBytes { bytes in
          receivers[task.call]?.receive(
            task.index, kind: header.kind, payload: bytes.extracting(first: byteCount), from: worker)
        }
      }
      worker.incoming.consume(byteCount)
    }
  }

  // MARK: Waiting

  private func wait(until deadline: UInt64?) throws(PoolError) {
    var timeout = try receive() ? 0 : pollTimeout(deadline)
    busyTurns = timeout == 0 ? busyTurns + 1 : 0
    if timeout == 0 && busyTurns % 16 != 0 { return }  // ends and signals need no looking at between all replies
    if timeout != 0 {
      doorbell.beginSleep()
      if try receive() { timeout = 0 }
    }
    fillPolled()
    let count = unsafe poll(&polled, nfds_t(polled.count), timeout)
    doorbell.endSleep()
    guard count >= 0 || errno == EINTR else { throw .systemCall("poll", errno: errno) }
    if let stop = options.stopSignals, let signal = stop.received() { throw .stopped(signal: signal) }
    guard count > 0 else { return }
    if polled[0].revents != 0 { doorbell.silence() }
    let firstExitIndex = options.stopSignals == nil ? 1 : 2
    for (index, worker) in zip(firstExitIndex..., workers.compactMap(\.self)) where polled[index].revents != 0 {
      try bury(worker)
    }
  }

  /// Takes the replies that have come so far.
  /// - Returns: whether there were any.
  private func receive() throws(PoolError) -> Bool {
    var hasAny = false
    for case let worker? in workers where worker.receive() {
      hasAny = true
      worker.progressTime = monotonicNanoseconds()
      try deliverReplies(of: worker)
    }
    return hasAny
  }

  private func fillPolled() {
    polled.removeAll(keepingCapacity: true)
    polled.append(pollfd(fd: doorbell.descriptor, events: Int16(POLLIN), revents: 0))
    if let stop = options.stopSignals { polled.append(pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0)) }
    for case let worker? in workers {
      polled.append(pollfd(fd: worker.exitDescriptor, events: Int16(POLLIN), revents: 0))
    }
    for case let worker? in workers where !worker.outgoing.isEmpty {
      polled.append(pollfd(fd: worker.requestsDescriptor, events: Int16(POLLOUT), revents: 0))
    }
  }

  /// Milliseconds to the first deadline, or forever.
  private func pollTimeout(_ deadline: UInt64?) -> Int32 {
    let now = monotonicNanoseconds()
    guard let first = ([deadline] + ownDeadlines(now)).compactMap(\.self).min() else { return -1 }
    return first <= now ? 0 : Int32(clamping: (first - now) / 1_000_000 + 1)
  }
}

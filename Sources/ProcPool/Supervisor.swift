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
}

/// Carries out what `PoolState` decides: forks workers, moves bytes, notices ends. One thread, one `poll`.
final class Supervisor {
  var state: PoolState
  private let options: PoolOptions
  private let initializer: (Int) throws -> Void
  private let body: TaskBody
  private var workers: [WorkerProcess?]
  private let doorbell: Doorbell
  /// Turns since it was last looked at what `poll` tells, while replies kept coming.
  private var busyTurns = 0
  private var receivers: [CallID: any CallReceiver] = [:]
  private var polled: [pollfd] = []
  /// Ranks without a worker since no process could be made, and when that is tried again.
  private var vacant: [Int] = []
  private var respawnTime: UInt64 = 0
  /// Why no more work is done, once that is so.
  private var fatalError: PoolError?
  /// A child inherits this object and must not end its siblings.
  private let ownerPID = getpid()

  init(options: PoolOptions, initializer: @escaping (Int) throws -> Void, body: @escaping TaskBody) throws(PoolError) {
    precondition(options.workers >= 1, "a pool has at least one worker")
    state = PoolState(workerCount: options.workers)
    doorbell = try Doorbell()
    self.options = options
    self.initializer = initializer
    self.body = body
    workers = Array(repeating: nil, count: options.workers)
    for rank in workers.indices { try spawn(rank) }
  }

  deinit { if getpid() == ownerPID { killAll() } }

  // MARK: Calls

  func begin(_ call: CallState, for receiver: any CallReceiver) throws(PoolError) -> CallID {
    if let fatalError { throw fatalError }
    guard !state.isClosed else { throw .notRunning }
    let id = state.begin(call)
    receivers[id] = receiver
    return id
  }

  func end(_ id: CallID) {
    state.end(id)
    receivers[id] = nil
  }

  /// Waits for something to happen and deals with it. After it throws, the pool is terminated.
  func turn() throws(PoolError) {
    if let fatalError { throw fatalError }
    do throws(PoolError) {
      handOut()
      try wait()
      try checkDeadlines()
    } catch {
      terminate(because: error)
      throw error
    }
  }

  var workerPIDs: [Int32?] { workers.map { $0?.pid } }
  var isTerminated: Bool { fatalError != nil }

  // MARK: Ending

  /// Lets every worker leave once it has nothing to do, and waits for that.
  func join() throws(PoolError) {
    while state.hasWork { try turn() }
    vacant.removeAll()
    for worker in workers { worker?.closeRequests() }
    while workers.contains(where: { $0 != nil }) { try turn() }
  }

  /// Ends every worker, at once or after the grace that the options give, and fails what was unfinished.
  func terminate(because error: PoolError = .notRunning) {
    guard fatalError == nil else { return }
    fatalError = error
    state.isClosed = true
    for worker in workers { worker?.kill(SIGTERM) }
    let deadline = monotonicNanoseconds() + UInt64(options.terminationGraceSeconds * 1e9)
    for rank in workers.indices {
      guard let worker = workers[rank] else { continue }
      var entry = pollfd(fd: worker.exitDescriptor, events: Int16(POLLIN), revents: 0)
      let left = Int64(deadline) - Int64(monotonicNanoseconds())
      if worker.exitDescriptor >= 0 { _ = unsafe poll(&entry, 1, Int32(max(0, left) / 1_000_000)) }
      worker.kill(SIGKILL)
      _ = worker.reap()
      workers[rank] = nil
    }
  }

  private func killAll() {
    for worker in workers { worker?.kill(SIGKILL) }
    for worker in workers where (worker?.pid ?? -1) > 0 { _ = worker?.reap() }
  }

  // MARK: Workers

  private func spawn(_ rank: Int) throws(PoolError) {
    let threads = threadCount()
    guard threads == 1 else { throw .threadsPresent(count: threads) }
    let worker = try WorkerProcess(rank: rank)
    workers[rank] = worker
    worker.readyDeadline = monotonicNanoseconds() + UInt64(options.startTimeoutSeconds * 1e9)
    do throws(PoolError) {
      try worker.start(doorbell: doorbell.descriptor) { [body, initializer, doorbell] requests in
        WorkerLoop(requests: requests, ring: worker.ring, doorbell: doorbell, body: body).run { try initializer(rank) }
      }
    } catch {
      workers[rank] = nil
      throw error
    }
  }

  /// Takes leave of a worker that has ended: its last replies, its status, the tasks that it takes with it, and, while
  /// there is use for one, its replacement.
  private func bury(_ worker: WorkerProcess) throws(PoolError) {
    _ = worker.receive()
    try deliverReplies(of: worker)
    let pid = worker.pid
    let status = worker.reap()
    workers[worker.rank] = nil
    let timedOut = worker.readyDeadline == 0
    let end = timedOut ? ProcessEnd.startTimedOut : ProcessEnd(waitStatus: status)
    if worker.isLeaving { return }  // nothing is left to do, so nothing is lost, however it ended
    let lost = state.ended(worker.rank, begun: worker.ring.begunCount)
    options.onWorkerEnd?(WorkerEnd(rank: worker.rank, pid: pid, end: end, lostTasks: lost.map(\.index)))
    for task in lost {
      let cause = task.isNotRun ? TaskFailure.Cause.notRun : .workerEnded(end)
      receivers[task.call]?.lose(
        TaskFailure(index: task.index, rank: worker.rank, pid: pid, attempts: task.attempts, cause: cause))
    }
    if state.isBroken { throw .workersKeepEnding(count: state.idleEnds, last: end) }
    vacant.append(worker.rank)
    try fillVacancies()
  }

  /// Forks workers for the ranks that have none. Where the machine has no process or memory to give, the workers that
  /// are left go on, and it is tried again a little later; with none left it is an error.
  private func fillVacancies() throws(PoolError) {
    while let rank = vacant.first {
      do throws(PoolError) {
        try spawn(rank)
        vacant.removeFirst()
      } catch {
        guard error.isShortage, workers.contains(where: { $0 != nil }) else { throw error }
        respawnTime = monotonicNanoseconds() + 100_000_000
        return
      }
    }
  }

  private func checkDeadlines() throws(PoolError) {
    let now = monotonicNanoseconds()
    if !vacant.isEmpty && respawnTime <= now { try fillVacancies() }
    for case let worker? in workers {
      guard let deadline = worker.readyDeadline, deadline > 0, deadline < now else { continue }
      worker.readyDeadline = 0  // its end is noticed by poll, and then known to be this
      worker.kill(SIGKILL)
    }
  }

  // MARK: Messages

  private func handOut() {
    while let (rank, chunk) = state.nextAssignment() {
      guard let worker = workers[rank], let receiver = receivers[chunk.call] else { continue }
      append(chunk, of: receiver, to: &worker.outgoing)
    }
    for worker in workers { worker?.sendOutgoing() }
  }

  private func append(_ chunk: Chunk, of receiver: any CallReceiver, to buffer: inout ByteBuffer) {
    let start = buffer.count
    let stops = state.calls[chunk.call]?.stopsAtFirstError ?? false
    buffer.append(memoryOf: ChunkHeader(taskCount: 0, byteCount: 0, stopsAtFirstError: stops))
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
    let header = ChunkHeader(
      taskCount: UInt32(chunk.tasks.count), byteCount: UInt64(buffer.count - tasksStart), stopsAtFirstError: stops)
    buffer.replace(at: start, with: header)
  }

  /// Hands every whole reply that has arrived to its call.
  private func deliverReplies(of worker: WorkerProcess) throws(PoolError) {
    while let header: ReplyHeader = worker.incoming.takeHeader({ $0.byteCount }) {
      let byteCount = Int(header.byteCount)
      switch header.kind {
      case .ready:
        worker.readyDeadline = nil
        state.becameReady(worker.rank)
      case .initializerThrew:
        let texts = worker.incoming.withBytes { readTexts(2, from: $0) }
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

  private func wait() throws(PoolError) {
    var timeout = try receive() ? 0 : pollTimeout
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
      try deliverReplies(of: worker)
    }
    return hasAny
  }

  private var firstExitIndex: Int { options.stopSignals == nil ? 1 : 2 }

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
  private var pollTimeout: Int32 {
    var deadlines = workers.compactMap { $0?.readyDeadline }.filter { $0 > 0 }
    if !vacant.isEmpty { deadlines.append(respawnTime) }
    guard let first = deadlines.min() else { return -1 }
    let now = monotonicNanoseconds()
    return first <= now ? 0 : Int32(clamping: (first - now) / 1_000_000 + 1)
  }
}

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
  /// Whether workers that leave are not replaced.
  var isJoining = false
  private var polled: [pollfd] = []
  /// Why no more work is done, once that is so.
  private var fatalError: PoolError?
  /// Turns since it was last looked at what `poll` tells, while replies kept coming.
  private var busyTurns = 0
  /// When to look next at what workers have written.
  private var outputTime: UInt64 = 0
  /// As long may what a worker writes be on its way while the pool is waited for.
  private static let outputNanoseconds: UInt64 = 100_000_000
  /// A child inherits this object and must not end its siblings.
  private let ownerPID = getpid()
  /// With so many bytes waiting for a worker it gets no more chunks.
  private static let congestionByteCount = 1 << 20

  init(options: PoolOptions, code: WorkerCode) throws(PoolError) {
    try options.check()
    state = PoolState(workerCount: options.workers, chunksPerWorker: options.maxTasksPerChild ?? .max)
    recorder = InsightRecorder(rankCount: options.workers)
    doorbell = try Doorbell(isInherited: code.task == nil)
    self.options = options
    workerCode = code
    workers = Array(repeating: nil, count: options.workers)
    for rank in workers.indices { try spawn(rank) }
  }

  deinit {
    guard getpid() == ownerPID else { return }
    for worker in workers { worker?.kill(SIGKILL) }
    for worker in workers where (worker?.pid ?? -1) > 0 {
      _ = worker?.reap()
      worker?.output.forwardRest()
    }
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
    guard forget(id) != nil else { return }
    doorbell.setGivenUp(id, true)
    state.end(id)
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
    guard let receiver = receiver(of: id) else { return }
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
      worker.output.forwardRest()
      recorder.ended(worker, nil)
      workers[rank] = nil
    }
    for id in receivers.ids { forget(id)?.fail(error) }
  }

  // MARK: Messages

  private func handOut() {
    while let (rank, chunk) = state.nextAssignment() {
      guard let worker = workers[rank], let receiver = receiver(of: chunk.call) else { continue }
      if state.workers[rank].chunks.count == 1 { worker.progressTime = monotonicNanoseconds() }
      let before = worker.outgoing.count
      receiver.append(chunk, stopsAtFirstError: state.calls[chunk.call].stopsAtFirstError, to: &worker.outgoing)
      recorder.sent(worker.outgoing.count - before, to: rank)
      if worker.outgoing.count > Self.congestionByteCount { state.setCongested(rank, true) }
    }
    for case let worker? in workers {
      if !worker.outgoing.isEmpty {
        worker.sendOutgoing()
        if worker.outgoing.count <= Self.congestionByteCount { state.setCongested(worker.rank, false) }
      }
      // A worker that gets no more leaves once it has answered what it has.
      if worker.outgoing.isEmpty, !worker.isLeaving, state.isSpent(worker.rank) { worker.closeRequests() }
    }
  }

  /// Hands every whole reply that has arrived to its call.
  func deliverReplies(of worker: WorkerProcess) throws(PoolError) {
    while true {
      while takeValues(of: worker, &worker.incoming) {}
      guard let header: ReplyHeader = worker.incoming.header(\.byteCount) else { return }
      worker.incoming.consume(ReplyHeader.byteCount)
      try take(header, of: worker)
      worker.incoming.consume(header.byteCount)
    }
  }

  /// Takes the values that have arrived for the chunk that a worker is answering.
  /// - Returns: whether there was any.
  private func takeValues(of worker: WorkerProcess, _ incoming: inout ByteBuffer) -> Bool {
    guard let chunk = state.answering(worker.rank) else { return false }
    let receiver = receiver(of: chunk.call)
    guard let first: ReplyHeader = incoming.header(\.byteCount), first.kind == .value else { return false }
    let replyByteCount = ReplyHeader.byteCount + first.byteCount
    let most = receiver?.hasPlainResults ?? true ? chunk.tasks.count : 1
    var nanoseconds: UInt64 = 0
    var count = 0
    while count < most, incoming.count >= (count + 1) * replyByteCount {
      let header = incoming.value(at: count * replyByteCount, as: ReplyHeader.self)
      guard header.kind == .value && header.byteCount == first.byteCount else { break }
      if header.nanoseconds > recorder.slowNanoseconds {
        recorder.wasSlow(chunk.tasks.lowerBound + count, worker.rank, nanoseconds: header.nanoseconds)
      }
      nanoseconds += header.nanoseconds
      count += 1
    }
    let index = chunk.tasks.lowerBound
    do {
      try incoming.withBytes { bytes in
        try receiver?.store(bytes.extracting(first: count * replyByteCount), replyByteCount, from: index)
      }
    } catch {
      let text = "the result could not be decoded: \(error)"
      lose(index, of: chunk.call, in: worker, because: .threw(type: String(describing: type(of: error)), text: text))
    }
    incoming.consume(count * replyByteCount)
    state.gaveValues(worker.rank, count: count, nanoseconds: nanoseconds)
    recorder.answered(worker.rank, count: count, byteCount: count * replyByteCount, nanoseconds: nanoseconds)
    return true
  }

  private func lose(
    _ index: Int, of call: CallID, in worker: WorkerProcess, because cause: TaskFailure.Cause,
    error: (any Error & Sendable)? = nil
  ) {
    var failure = TaskFailure(index: index, rank: worker.rank, pid: worker.pid, attempts: 1, cause: cause)
    failure.error = error
    receiver(of: call)?.lose(failure)
  }

  /// Takes a reply that is no value; its payload is what stands in front.
  private func take(_ header: ReplyHeader, of worker: WorkerProcess) throws(PoolError) {
    switch header.kind {
    case .ready:
      worker.readyDeadline = nil
      state.becameReady(worker.rank)
    case .initializerThrew:
      let texts = worker.incoming.withBytes { readTexts(2, from: $0).texts }
      throw .initializerFailed(rank: worker.rank, text: texts[1])
    case .value: preconditionFailure("a worker answered a task that it was not given")
    case .threw, .notRun:
      guard let chunk = state.answering(worker.rank) else {
        preconditionFailure("a worker answered a task that it was not given")
      }
      recorder.answered(
        worker.rank, count: 1, byteCount: ReplyHeader.byteCount + header.byteCount, nanoseconds: header.nanoseconds)
      state.gaveNoValue(worker.rank, wasRun: header.kind == .threw, nanoseconds: header.nanoseconds)
      if header.kind == .notRun {
        lose(chunk.tasks.lowerBound, of: chunk.call, in: worker, because: .notRun)
      } else {
        let thrown = worker.incoming.withBytes { readThrown(from: $0.extracting(first: header.byteCount)) }
        lose(chunk.tasks.lowerBound, of: chunk.call, in: worker, because: thrown.cause, error: thrown.error)
      }
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
    forwardOutput()
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

  /// Passes on what workers have written to their standard error.
  private func forwardOutput() {
    let now = monotonicNanoseconds()
    guard now >= outputTime else { return }
    outputTime = now + Self.outputNanoseconds / 2
    for case let worker? in workers { worker.output.forward() }
  }

  /// Milliseconds to the first deadline, or forever.
  private func pollTimeout(_ deadline: UInt64?) -> Int32 {
    let now = monotonicNanoseconds()
    let look = workers.contains { $0 != nil } ? now + Self.outputNanoseconds : nil
    guard let first = ([deadline, look] + ownDeadlines(now)).compactMap(\.self).min() else { return -1 }
    return first <= now ? 0 : Int32(clamping: (first - now) / 1_000_000 + 1)
  }
}

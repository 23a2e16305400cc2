internal import CProcPool
internal import Glibc

/// What runs in the workers, and is theirs by inheritance or by name.
struct WorkerCode {
  /// Once per process, before its first task.
  var initializer: (_ rank: Int) throws -> Void
  /// Once per process that leaves because it is asked to, after its last task.
  var finalizer: (_ rank: Int) -> Void
  /// Once per task.
  var body: TaskBody
  /// What names it to workers that inherit nothing; `nil` where they are forks of this process.
  var task: TaskFile?
}

extension Supervisor {
  private static let topology = Processor.allowed()

  func spawn(_ rank: Int) throws(PoolError) {
    let processors = options.placement.processors(forRank: rank, of: options.workers, on: Self.topology)
    if let task = workerCode.task { return try spawn(rank, running: task, on: processors) }
    let threads = threadCount()
    guard threads == 1 else { throw .threadsPresent(count: threads) }
    let worker = try WorkerProcess(rank: rank, ring: ReplyRing())
    workers[rank] = worker
    worker.readyDeadline = monotonicNanoseconds() + nanoseconds(inSeconds: options.startTimeoutSeconds)
    do throws(PoolError) {
      try worker.start(doorbell: doorbell.descriptor) { [workerCode, doorbell] requests in
        if let processors { _ = bindToProcessors(processors) }
        WorkerLoop(requests: requests, ring: worker.ring, doorbell: doorbell, body: workerCode.body)
          .run {
            try workerCode.initializer(rank)
          } finalizer: {
            workerCode.finalizer(rank)
          }
      }
    } catch {
      workers[rank] = nil
      throw error
    }
  }

  /// Takes leave of a worker that has ended: its last replies, its status, the tasks that it takes with it, and, while
  /// there is use for one, its replacement.
  func bury(_ worker: WorkerProcess) throws(PoolError) {
    _ = worker.receive()
    try deliverReplies(of: worker)
    let pid = worker.pid
    let status = worker.reap()
    let rank = worker.rank
    worker.output.forwardRest()
    workers[rank] = nil
    let end = worker.stop?.reason.isStart == true ? .startTimedOut : ProcessEnd(waitStatus: status)
    if !isJoining { try checkArrival(of: worker, end) }
    if isJoining || hasNothingLeftToDo(worker) && (end == .status(0) || worker.stop != nil) {
      state.left(rank)
      recorder.ended(worker, end == .status(0) ? nil : end)
      if end != .status(0) { report([], of: worker, pid, end) }
    } else {
      recorder.ended(worker, end)
      let lost = state.ended(rank, begun: worker.ring.begunCount, wasStopped: worker.stop?.reason.isOfTask ?? false)
      report(lost, of: worker, pid, end)
      if state.isBroken { throw .workersKeepEnding(count: state.idleEnds, last: end) }
    }
    if isJoining { return }
    vacant.append(rank)
    try fillVacancies()
  }

  private func report(_ lost: [LostTask], of worker: WorkerProcess, _ pid: Int32, _ end: ProcessEnd) {
    let output = worker.output.tail
    options.onWorkerEnd?(
      WorkerEnd(rank: worker.rank, pid: pid, end: end, lostTasks: lost.map(\.index), output: output))
    for task in lost {
      var cause = task.isNotRun ? TaskFailure.Cause.notRun : .workerEnded(end)
      if !task.isNotRun, case .taskTimedOut(let seconds)? = worker.stop?.reason { cause = .timedOut(seconds: seconds) }
      var failure = TaskFailure(
        index: task.index, rank: worker.rank, pid: pid, attempts: task.attempts, cause: cause)
      if !task.isNotRun { failure.output = output }
      receiver(of: task.call)?.lose(failure)
    }
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

  // MARK: Deadlines

  /// Whether a worker has begun a task and not answered it, as far as its replies have been taken.
  func isRunning(_ rank: Int) -> Bool {
    guard let worker = workers[rank] else { return false }
    return worker.ring.begunCount > state.workers[rank].reportedCount
  }

  /// Ends a worker because of the task that it is running: SIGTERM now, SIGKILL if that is not enough.
  func stop(_ worker: WorkerProcess, because reason: StopReason) {
    guard worker.stop == nil else { return }
    worker.stop = (reason, monotonicNanoseconds() + options.graceNanoseconds)
    worker.kill(SIGTERM)
  }

  func checkDeadlines() throws(PoolError) {
    let now = monotonicNanoseconds()
    if !vacant.isEmpty && respawnTime <= now { try fillVacancies() }
    for case let worker? in workers {
      if let stop = worker.stop, stop.killTime <= now { worker.kill(SIGKILL) }
      if let deadline = worker.readyDeadline, deadline < now { stop(worker, because: .startTimedOut) }
      if let limit = timeout(of: worker.rank), taskDeadline(worker, limit) <= now {
        stop(worker, because: bodyBegin(worker) != nil ? .taskTimedOut(seconds: limit) : .stalled)
      }
      if let deadline = leaveDeadline(worker), deadline <= now { stop(worker, because: .leaveTimedOut) }
      checkMemory(of: worker, now)
    }
  }

  /// When something is due of itself.
  func ownDeadlines(_ now: UInt64) -> [UInt64?] {
    let ofWorkers = workers.compactMap(\.self).map { worker -> UInt64? in
      if let stop = worker.stop { return stop.killTime }
      if let deadline = worker.readyDeadline { return deadline }
      return timeout(of: worker.rank).map { taskDeadline(worker, $0) } ?? leaveDeadline(worker)
    }
    return ofWorkers + [vacant.isEmpty ? nil : respawnTime]
  }

  /// Seconds that the task may run which a worker is at; of one that has begun nothing, the first of those that wait in it.
  private func timeout(of rank: Int) -> Double? {
    let worker = state.workers[rank]
    guard worker.phase == .ready else { return nil }
    if isRunning(rank) { return worker.chunks.first?.timeoutSeconds }
    return worker.chunks.lazy.compactMap(\.timeoutSeconds).first
  }

  /// Since when a worker runs the body of a task, if it does.
  private func bodyBegin(_ worker: WorkerProcess) -> UInt64? {
    isRunning(worker.rank) ? worker.ring.lastBeginTime : nil
  }

  /// When the body of a task has run for `limit` seconds; of a worker that has a task and neither runs it nor answers, when
  /// it has had time enough to.
  private func taskDeadline(_ worker: WorkerProcess, _ limit: Double) -> UInt64 {
    let limit = nanoseconds(inSeconds: limit)
    return bodyBegin(worker).map { $0 + limit }
      ?? worker.progressTime + 2 * limit + options.graceNanoseconds
  }

  private func hasNothingLeftToDo(_ worker: WorkerProcess) -> Bool {
    worker.isLeaving && state.workers[worker.rank].chunks.isEmpty
  }

  /// When a worker must have left that was asked to; `nil` where it has something to do before, or is to stay.
  private func leaveDeadline(_ worker: WorkerProcess) -> UInt64? {
    hasNothingLeftToDo(worker) ? worker.progressTime + nanoseconds(inSeconds: options.leaveTimeoutSeconds) : nil
  }

  private func checkMemory(of worker: WorkerProcess, _ now: UInt64) {
    guard let limit = options.maxMemoryPerChild, now > worker.memoryCheckTime + 50_000_000 else { return }
    worker.memoryCheckTime = now
    if privateMemory(of: worker.pid) > limit { state.retire(worker.rank) }
  }
}

extension StopReason {
  fileprivate var isStart: Bool { if case .startTimedOut = self { true } else { false } }
  fileprivate var isOfTask: Bool { !isStart }
}

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

/// How workers come and go.
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
      try worker.start(doorbell: doorbell.workersEnd) { [workerCode, doorbell] requests in
        if let processors { _ = bindToProcessors(processors) }
        WorkerLoop(requests: requests, ring: worker.ring, doorbell: doorbell.workersEnd, body: workerCode.body)
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
    _ = take(of: worker)
    try deliverReplies(of: worker)
    let isRunning = isRunning(worker)
    let pid = worker.pid
    let status = worker.reap()
    let rank = worker.rank
    workers[rank] = nil
    let end = worker.stop?.reason.isStart == true ? .startTimedOut : ProcessEnd(waitStatus: status)
    if !isJoining { try checkArrival(of: worker, end) }
    if isJoining || hasNothingLeftToDo(worker) && (end == .status(0) || worker.stop != nil) {
      state.left(rank)
      recorder.ended(worker, end == .status(0) ? nil : end)
      if end != .status(0) { report(nil, of: worker, pid, end) }
    } else {
      recorder.ended(worker, end)
      report(state.ended(rank, isRunning: isRunning, kind(of: end, worker)), of: worker, pid, end)
      if state.isBroken { throw .workersKeepEnding(count: state.endCount, last: end) }
    }
    if isJoining { return }
    vacant.append(rank)
    try fillVacancies()
  }

  private func kind(of end: ProcessEnd, _ worker: WorkerProcess) -> PoolState.End {
    if worker.stop?.reason.isOfTask ?? false { return .stopped }
    if case .status = end { return .left }
    return .killed
  }

  private func report(_ lost: LostTask?, of worker: WorkerProcess, _ pid: Int32, _ end: ProcessEnd) {
    let output = worker.lastWords
    options.onWorkerEnd?(
      WorkerEnd(rank: worker.rank, pid: pid, end: end, lostTasks: lost.map { [$0.index] } ?? [], output: output))
    guard let lost else { return }
    var cause = TaskFailure.Cause.workerEnded(end)
    if case .taskTimedOut(let seconds)? = worker.stop?.reason { cause = .timedOut(seconds: seconds) }
    var failure = TaskFailure(
      index: lost.index, rank: worker.rank, pid: pid, attempts: lost.attempts, cause: cause)
    failure.output = output
    receiver(of: lost.call)?.lose(failure)
  }

  /// Forks workers for the ranks that have none. Where the machine has no process or memory to give, the workers that
  /// are left go on, and it is tried again a little later; with none left it is an error.
  func fillVacancies() throws(PoolError) {
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
}

internal import CProcPool
internal import Glibc

/// What runs in the workers. Forks of this process inherit it; others find it by name.
struct WorkerCode {
  /// Runs once per process, before its first task.
  var initializer: (_ rank: Int) throws -> Void
  /// Runs once per process that leaves as asked, after its last task.
  var finalizer: (_ rank: Int) -> Void
  /// Runs once per task.
  var body: TaskBody
  /// Names the work for workers that inherit nothing; `nil` for forks of this process.
  var task: TaskFile?
}

/// How workers start and end.
extension Supervisor {
  func spawn(_ rank: Int) throws(PoolError) {
    let processors = options.placement.processors(forRank: rank, of: options.workers, on: Placement.topology)
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

  /// Cleans up after a dead worker: drains its last replies, reaps it, requeues its tasks, and starts a replacement.
  func reapAndReplace(_ worker: WorkerProcess) throws(PoolError) {
    // First its last replies: its claims minus its answers say whether it was running a task.
    _ = drainReplies(of: worker)
    try deliverReplies(of: worker)
    let isRunning = isRunning(worker)
    let pid = worker.pid  // which `reap` forgets
    let status = worker.reap()
    let rank = worker.rank
    workers[rank] = nil
    let end = worker.stop?.reason.isStartTimeout == true ? .startTimedOut : ProcessEnd(waitStatus: status)
    if !isJoining { try checkArrival(of: worker, end) }
    if isJoining || hasNothingLeftToDo(worker) && (end == .status(0) || worker.stop != nil) {
      state.workerLeft(rank)
      recorder.workerEnded(worker, end == .status(0) ? nil : end)
      if end != .status(0) { report(nil, of: worker, pid, end) }
    } else {
      recorder.workerEnded(worker, end)
      report(state.workerEnded(rank, isRunning: isRunning, kind(of: end, worker)), of: worker, pid, end)
      if state.isBroken { throw .workersKeepEnding(count: state.endCount, last: end) }
    }
    if isJoining { return }
    vacant.append(rank)
    try fillVacancies()
  }

  private func kind(of end: ProcessEnd, _ worker: WorkerProcess) -> PoolState.End {
    if worker.stop?.reason.blamesTask ?? false { return .stopped }
    if case .status = end { return .left }
    return .killed
  }

  private func report(_ lost: LostTask?, of worker: WorkerProcess, _ pid: Int32, _ end: ProcessEnd) {
    let output = worker.stderrTail
    options.onWorkerEnd?(
      WorkerEnd(rank: worker.rank, pid: pid, end: end, lostTasks: lost.map { [$0.index] } ?? [], output: output))
    guard let lost else { return }
    var cause = TaskFailure.Cause.workerEnded(end)
    if case .taskTimedOut(let seconds)? = worker.stop?.reason { cause = .timedOut(seconds: seconds) }
    var failure = TaskFailure(
      index: lost.index, rank: worker.rank, pid: pid, attempts: lost.attempts, cause: cause)
    failure.output = output
    receiver(of: lost.call)?.recordFailure(failure)
  }

  /// Starts workers for the ranks that have none. If the machine is short of processes or memory, the remaining workers
  /// go on and this is tried again every 100 ms; with no worker left it is an error.
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

/// Workers that inherit nothing: the fork server makes them on request.
extension Supervisor {
  /// - Parameter processors: those to bind the worker to; `nil`: any.
  func spawn(_ rank: Int, running task: TaskFile, on processors: [Int]?) throws(PoolError) {
    let ringMemory = try MemoryFile(byteCount: ReplyRing.mappedByteCount)
    let worker = try WorkerProcess(rank: rank, ring: ReplyRing(memory: ringMemory.descriptor.number))
    let folder = WorkingFolder()
    guard
      let descriptors = SpawnRequest.Descriptors([
        worker.requestsEnd, doorbell.workersEnd, ringMemory.descriptor.number, task.memory.descriptor.number,
        STDERR_FILENO, folder.descriptor,
      ])
    else { preconditionFailure("a request has these six descriptors") }
    let request = SpawnRequest(
      rank: rank, isSpawned: options.startMethod == .spawn, processors: processors ?? [], descriptors)
    try worker.start(request, limitSeconds: options.startTimeoutSeconds)
    worker.readyDeadline = monotonicNanoseconds() + nanoseconds(inSeconds: options.startTimeoutSeconds)
    workers[rank] = worker
  }

  /// Throws if a worker ran the program again and never reached `bootstrap()`: its replacement would not either, and
  /// would repeat whatever the program does.
  func checkArrival(of worker: WorkerProcess, _ end: ProcessEnd) throws(PoolError) {
    guard options.startMethod == .spawn, !worker.ring.hasArrived else { return }
    // A signal may come from outside at any time and proves nothing.
    if case .signal = end { return }
    throw .startMethodUnavailable(
      "worker \(worker.rank) \(end) without a call of ProcPool.bootstrap(), which must come first in main")
  }
}

/// The working directory as a descriptor that can be sent to another process.
private struct WorkingFolder: ~Copyable {
  /// -1 if it cannot be opened; the worker then keeps the server's.
  let descriptor: Int32

  init() { descriptor = cprocpool_working_folder() }

  deinit { if descriptor >= 0 { close(descriptor) } }
}

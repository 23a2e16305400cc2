internal import CProcPool
internal import Glibc

/// Where the parent sleeps, and what wakes it.
extension Supervisor {
  /// How often the parent looks at every ring even if no doorbell rings: a worker may have overwritten the flag that
  /// tells it to ring, and its replies would lie there until something else wakes the parent.
  private static let lookNanoseconds: UInt64 = 250_000_000

  func wait(until deadline: UInt64?) throws(PoolError) {
    var timeout = try receive() ? 0 : sleepNanoseconds(deadline)
    busyPolls = timeout == 0 ? busyPolls + 1 : 0
    // While replies keep coming, signals and deaths can wait for sixteen polls: `poll` would cost more than short tasks
    // do.
    if timeout == 0 && busyPolls % 16 != 0 { return }
    if timeout != 0 {
      // In this order: flag first, then one more look. `ReplyRing` says why no reply is missed.
      for case let worker? in workers { worker.ring.beginSleep() }
      if try receive() { timeout = 0 }
    }
    fillPolled()
    let count = unsafe cprocpool_poll(&polled, polled.count, timeout)
    for case let worker? in workers { worker.ring.endSleep() }
    guard count >= 0 || errno == EINTR else { throw .systemCall("poll", errno: errno) }
    if let stop = options.stopSignals, let signal = stop.received() { throw .stopped(signal: signal) }
    guard count > 0 else { return }
    if polled[0].revents != 0 { doorbell.drain() }
    let firstExitIndex = options.stopSignals == nil ? 1 : 2
    for (index, worker) in zip(firstExitIndex..., workers.compactMap(\.self)) where polled[index].revents != 0 {
      try reapAndReplace(worker)
    }
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

  /// Nanoseconds until the first deadline; negative: no deadline.
  private func sleepNanoseconds(_ deadline: UInt64?) -> Int64 {
    let now = monotonicNanoseconds()
    let look = workers.contains { $0 != nil } ? now + Self.lookNanoseconds : nil
    guard let first = ([deadline, look, transferTime] + ownDeadlines(now)).compactMap(\.self).min() else { return -1 }
    return first <= now ? 0 : Int64(clamping: first - now)
  }
}

/// Deadlines: what the supervisor does because nothing else happened in time.
extension Supervisor {
  /// Stops a worker because of the task that it is running: SIGTERM now, SIGKILL when the grace is over.
  func stop(_ worker: WorkerProcess, because reason: StopReason) {
    guard worker.stop == nil else { return }
    worker.stop = (reason, monotonicNanoseconds() + options.graceNanoseconds)
    worker.kill(SIGTERM)
  }

  func checkDeadlines() throws(PoolError) {
    let now = monotonicNanoseconds()
    if !vacant.isEmpty && respawnTime <= now { try fillVacancies() }
    for case let worker? in workers {
      if let stop = worker.stop {
        if stop.killTime <= now { worker.kill(SIGKILL) }
      } else if let (deadline, reason) = limit(of: worker), deadline <= now, isOverdue(worker, now) {
        stop(worker, because: reason)
      }
      checkMemory(of: worker, now)
    }
  }

  /// The supervisor's own deadlines, to bound the next sleep.
  func ownDeadlines(_ now: UInt64) -> [UInt64?] {
    let ofWorkers = workers.compactMap(\.self).map { worker -> UInt64? in
      if let stop = worker.stop { return stop.killTime }
      return limit(of: worker).map { max($0.deadline, worker.overdueTime ?? 0) }
    }
    return ofWorkers + [vacant.isEmpty ? nil : respawnTime]
  }

  /// A worker past its limit gets this long before it is judged: after Ctrl-Z and `fg` the processes of a program
  /// resume one by one, and the parent may run before the kernel reports that the worker continued.
  private static let doubtNanoseconds: UInt64 = 10_000_000

  /// Whether a worker has exceeded its limit while it could run. One that was stopped and continued starts its limit
  /// again, as there is no telling how long it stood still.
  private func isOverdue(_ worker: WorkerProcess, _ now: UInt64) -> Bool {
    guard let time = worker.overdueTime else {
      worker.overdueTime = now + Self.doubtNanoseconds
      return false
    }
    guard time <= now else { return false }
    worker.overdueTime = nil
    guard cprocpool_was_continued(worker.pid) else { return true }
    worker.resumeTime = now
    return false
  }

  /// The time limit that applies to a worker now, and why it is stopped when that is over; `nil` if there is none.
  private func limit(of worker: WorkerProcess) -> (deadline: UInt64, reason: StopReason)? {
    if let deadline = worker.readyDeadline {
      let resumed = worker.resumeTime + nanoseconds(inSeconds: options.startTimeoutSeconds)
      return (worker.resumeTime > 0 ? max(deadline, resumed) : deadline, .startTimedOut)
    }
    if hasNothingLeftToDo(worker) {
      let since = max(worker.progressTime, worker.resumeTime)
      return (since + nanoseconds(inSeconds: options.leaveTimeoutSeconds), .leaveTimedOut)
    }
    return taskLimit(of: worker)
  }

  /// The limit of the task that a worker is running. If it has tasks but neither runs one nor answers (it was stopped
  /// before it read them, say), the limit of the first waiting one that has any, doubled, so that no task is blamed for
  /// a slow start.
  private func taskLimit(of worker: WorkerProcess) -> (deadline: UInt64, reason: StopReason)? {
    let state = state.workers[worker.rank]
    guard self.state.isLimited, state.phase == .ready, let first = state.chunks.first else { return nil }
    let isRunning = isRunning(worker)
    let limit = isRunning ? first.timeoutSeconds : state.chunks.lazy.compactMap(\.timeoutSeconds).first
    guard let limit else { return nil }
    if isRunning, let begin = worker.ring.lastBeginTime {
      // Clamped, since the worker may have written any time at all.
      let since = max(min(begin, monotonicNanoseconds()), worker.resumeTime)
      return (since + nanoseconds(inSeconds: limit), .taskTimedOut(seconds: limit))
    }
    let since = max(worker.progressTime, worker.resumeTime)
    return (since + 2 * nanoseconds(inSeconds: limit) + options.graceNanoseconds, .stalled)
  }

  /// Whether a worker has been asked to leave and has answered everything.
  func hasNothingLeftToDo(_ worker: WorkerProcess) -> Bool {
    worker.isLeaving && state.workers[worker.rank].chunks.isEmpty
  }

  /// Retires a worker that has grown too large, but only once it has answered a chunk: else a limit that a fresh worker
  /// exceeds would replace workers forever. `/proc` is read at most every 50 ms, as that costs as much as many short
  /// tasks.
  private func checkMemory(of worker: WorkerProcess, _ now: UInt64) {
    guard let limit = options.maxMemoryPerChild, now > worker.memoryCheckTime + 50_000_000 else { return }
    guard state.workers[worker.rank].answeredCount > 0 else { return }
    worker.memoryCheckTime = now
    if anonymousMemory(of: worker.pid) - worker.startMemoryByteCount > limit { state.retire(worker.rank) }
  }
}

extension StopReason {
  var isStartTimeout: Bool { if case .startTimedOut = self { true } else { false } }
  /// Whether the pool stopped it for the sake of the task it was running, which is then not run again.
  var blamesTask: Bool {
    switch self {
    case .startTimedOut, .damaged: false
    default: true
    }
  }
}

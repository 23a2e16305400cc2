internal import CProcPool
internal import Glibc

/// What happens because nothing else did.
extension Supervisor {
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
      if let stop = worker.stop {
        if stop.killTime <= now { worker.kill(SIGKILL) }
      } else if let (deadline, reason) = limit(of: worker), deadline <= now, isOverdue(worker, now) {
        stop(worker, because: reason)
      }
      checkMemory(of: worker, now)
    }
  }

  /// When something is due of itself.
  func ownDeadlines(_ now: UInt64) -> [UInt64?] {
    let ofWorkers = workers.compactMap(\.self).map { worker -> UInt64? in
      if let stop = worker.stop { return stop.killTime }
      return limit(of: worker).map { max($0.deadline, worker.overdueTime ?? 0) }
    }
    return ofWorkers + [vacant.isEmpty ? nil : respawnTime]
  }

  /// So long a worker is given the benefit of the doubt: a program that is stopped whole, as by Ctrl-Z, goes on process by
  /// process.
  private static let doubtNanoseconds: UInt64 = 10_000_000

  /// Whether a worker has gone past its limit while it could run: one that was stopped and goes on has its time anew, as
  /// nobody knows how long it stood.
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

  /// What a worker has time for just now, until when, and what it is ended for if it takes longer; `nil` where it may take
  /// as long as it likes.
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

  /// The limit of the task that a worker is at; of one that has tasks and neither runs one nor answers, of the first of those
  /// that wait in it, and then generously.
  private func taskLimit(of worker: WorkerProcess) -> (deadline: UInt64, reason: StopReason)? {
    let state = state.workers[worker.rank]
    guard self.state.isLimited, state.phase == .ready, let first = state.chunks.first else { return nil }
    let isRunning = isRunning(worker)
    let limit = isRunning ? first.timeoutSeconds : state.chunks.lazy.compactMap(\.timeoutSeconds).first
    guard let limit else { return nil }
    if isRunning, let begin = worker.ring.lastBeginTime {
      // A worker may have made the time up.
      let since = max(min(begin, monotonicNanoseconds()), worker.resumeTime)
      return (since + nanoseconds(inSeconds: limit), .taskTimedOut(seconds: limit))
    }
    let since = max(worker.progressTime, worker.resumeTime)
    return (since + 2 * nanoseconds(inSeconds: limit) + options.graceNanoseconds, .stalled)
  }

  /// Whether a worker was asked to leave and has answered all that it had.
  func hasNothingLeftToDo(_ worker: WorkerProcess) -> Bool {
    worker.isLeaving && state.workers[worker.rank].chunks.isEmpty
  }

  /// A worker that has grown too large gets no more, once it has done something: else there would be no end of
  /// replacements.
  private func checkMemory(of worker: WorkerProcess, _ now: UInt64) {
    guard let limit = options.maxMemoryPerChild, now > worker.memoryCheckTime + 50_000_000 else { return }
    guard state.workers[worker.rank].answeredCount > 0 else { return }
    worker.memoryCheckTime = now
    if anonymousMemory(of: worker.pid) - worker.startMemoryByteCount > limit { state.retire(worker.rank) }
  }
}

extension StopReason {
  var isStart: Bool { if case .startTimedOut = self { true } else { false } }
  /// Whether the task that it was running is to blame for the end, and not to be run again.
  var isOfTask: Bool {
    switch self {
    case .startTimedOut, .damaged: false
    default: true
    }
  }
}

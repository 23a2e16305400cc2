internal import CProcPool
internal import Glibc

/// Where the parent sleeps.
extension Supervisor {
  /// It looks at every ring so often, be it rung or not: a worker may have written over what says that it is to ring.
  private static let lookNanoseconds: UInt64 = 250_000_000

  func wait(until deadline: UInt64?) throws(PoolError) {
    var timeout = try receive() ? 0 : sleepNanoseconds(deadline)
    busyTurns = timeout == 0 ? busyTurns + 1 : 0
    if timeout == 0 && busyTurns % 16 != 0 { return }  // ends and signals need no looking at between all replies
    if timeout != 0 {
      for case let worker? in workers { worker.ring.beginSleep() }
      if try receive() { timeout = 0 }
    }
    fillPolled()
    let count = unsafe cprocpool_poll(&polled, polled.count, timeout)
    for case let worker? in workers { worker.ring.endSleep() }
    guard count >= 0 || errno == EINTR else { throw .systemCall("poll", errno: errno) }
    if let stop = options.stopSignals, let signal = stop.received() { throw .stopped(signal: signal) }
    guard count > 0 else { return }
    if polled[0].revents != 0 { doorbell.silence() }
    let firstExitIndex = options.stopSignals == nil ? 1 : 2
    for (index, worker) in zip(firstExitIndex..., workers.compactMap(\.self)) where polled[index].revents != 0 {
      try bury(worker)
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

  /// Nanoseconds to the first deadline; negative: for ever.
  private func sleepNanoseconds(_ deadline: UInt64?) -> Int64 {
    let now = monotonicNanoseconds()
    let look = workers.contains { $0 != nil } ? now + Self.lookNanoseconds : nil
    guard let first = ([deadline, look, transferTime] + ownDeadlines(now)).compactMap(\.self).min() else { return -1 }
    return first <= now ? 0 : Int64(clamping: first - now)
  }
}

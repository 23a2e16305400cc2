internal import CProcPool
internal import Glibc

/// Workers that inherit nothing: made by the fork server from an order.
extension Supervisor {
  /// - Parameter processors: those to stay on, `nil` for any.
  func spawn(_ rank: Int, running task: TaskFile, on processors: [Int]?) throws(PoolError) {
    let ringMemory = try MemoryFile(byteCount: ReplyRing.mappedByteCount)
    let worker = try WorkerProcess(rank: rank, ring: ReplyRing(memory: ringMemory.descriptor.number))
    let folder = WorkingFolder()
    guard
      let descriptors = WorkerOrder.Descriptors([
        worker.requestsEnd, doorbell.workersEnd, ringMemory.descriptor.number, task.memory.descriptor.number,
        STDERR_FILENO, folder.descriptor,
      ])
    else { preconditionFailure("as many descriptors as an order has") }
    let order = WorkerOrder(
      rank: rank, isSpawned: options.startMethod == .spawn, processors: processors ?? [], descriptors)
    try worker.start(order, limitSeconds: options.startTimeoutSeconds)
    worker.readyDeadline = monotonicNanoseconds() + nanoseconds(inSeconds: options.startTimeoutSeconds)
    workers[rank] = worker
  }

  /// Refuses to replace a worker that ran the program anew and never came to `bootstrap()`: its replacement would not, either,
  /// and do again whatever the program does.
  func checkArrival(of worker: WorkerProcess, _ end: ProcessEnd) throws(PoolError) {
    guard options.startMethod == .spawn, !worker.ring.hasArrived else { return }
    // A signal may have come from anybody, at any time.
    if case .signal = end { return }
    throw .startMethodUnavailable(
      "worker \(worker.rank) \(end) without a call of ProcPool.bootstrap(), which must come first in main")
  }
}

/// The working directory as a descriptor that another process can be given.
private struct WorkingFolder: ~Copyable {
  /// -1 where there is none.
  let descriptor: Int32

  init() { descriptor = cprocpool_working_folder() }

  deinit { if descriptor >= 0 { close(descriptor) } }
}

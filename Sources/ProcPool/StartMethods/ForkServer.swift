internal import CProcPool
internal import Glibc
internal import Synchronization

/// The program's side of the fork server. There is one per process, whatever the number of threads.
///
/// A worker that the server starts is a child of this process. So its death is noticed, waited for and handled like
/// that of a fork, even if the server has died. What could be lost is a worker that the server started and did not live
/// to report. So the kernel writes the worker's process id into memory that both share before the worker exists.
///
/// Unchecked `Sendable`, since all uses hold the lock of `place`. Invariant: `memory` holds one process id at its
/// start; the server writes it while it handles a request, this side at all other times.
final class ForkServer: @unchecked Sendable {
  private let pid: pid_t
  private let socket: Descriptor
  private let memory: SharedMapping

  /// The server of this process, if any. A forked child has a copy, which is not its own.
  private struct Place: ~Copyable {
    var server: ForkServer?
    var ownerPID: pid_t = 0
    /// How the server ended, if it did.
    var end: String?
  }

  /// Held from a request to its answer. The server handles one request at a time anyway.
  private static let place = Mutex(Place())

  /// Starts the server, unless it is alive.
  static func start() throws(PoolError) {
    if place.withLock({ $0.ownerPID == getpid() && $0.server?.isAlive == true }) { return }
    let threads = threadCount()
    guard threads == 1 else { throw .threadsPresent(count: threads) }
    // Before the lock is taken: the child's copy of a held lock would stay locked forever.
    let server = try ForkServer()
    place.withLock { place in
      if place.ownerPID == getpid() { _ = place.server?.stop() }
      place = Place(server: server, ownerPID: getpid())
    }
  }

  /// Lets the server start a worker.
  /// - Parameter limitSeconds: after this the server is killed, as nothing would tell of the worker it might still
  ///   start.
  /// - Returns: the worker's process id.
  static func start(_ request: SpawnRequest, limitSeconds: Double) throws(PoolError) -> pid_t {
    try place.withLock { (place: inout sending Place) throws(PoolError) in
      guard place.ownerPID == getpid(), let server = place.server else {
        throw .startMethodUnavailable(place.ownerPID == getpid() ? place.end ?? notStarted : notStarted)
      }
      if let answer = try server.answer(to: request, limitSeconds) {
        guard answer.pid > 0 else { throw .systemCall("clone", errno: answer.errorNumber) }
        return answer.pid
      }
      let end = "the fork server \(server.stop()), and no worker can be started: \(remedy)"
      place.end = end
      place.server = nil
      throw .startMethodUnavailable(end)
    }
  }

  private static let notStarted =
    "there is no fork server, which startMethod .forkServer and .spawn need: \(remedy)"
  private static let remedy = "call ProcPool.bootstrap() first thing in main, before any thread exists"

  private init() throws(PoolError) {
    let memory = try SharedMapping(byteCount: 64)
    var ends: [Int32] = [-1, -1]
    guard unsafe cprocpool_socket_pair(&ends) == 0 else { throw .systemCall("socketpair", errno: errno) }
    socket = Descriptor(owning: ends[0])
    let program = getpid()
    pid = cprocpool_fork()
    if pid == 0 {
      OpenDescriptors.closeAll(but: [])
      let server = cprocpool_become_fork_server(ends[1])
      if server < 0 { _exit(1) }
      ForkServerLoop(socket: server, program: program, memory: memory).run()
    }
    let error = errno
    self.memory = memory
    close(ends[1])
    if pid < 0 { throw .systemCall("fork", errno: error) }
  }

  private var pidWord: UnsafeMutablePointer<Int32> { unsafe memory.pointer(at: 0, to: Int32.self) }

  private var isAlive: Bool {
    var entry = pollfd(fd: socket.number, events: 0, revents: 0)
    return unsafe poll(&entry, 1, 0) == 0
  }

  /// Sends a request; `nil` if the server has died or takes too long.
  private func answer(to request: SpawnRequest, _ limitSeconds: Double) throws(PoolError) -> ForkServerLoop.Answer? {
    unsafe pidWord.pointee = -1
    var message = ByteBuffer()
    request.append(to: &message)
    let descriptors = request.descriptors.numbers
    let sent = message.withBytes { bytes in
      unsafe bytes.withUnsafeBytes { bytes in
        retryingOnInterrupt {
          unsafe cprocpool_send(socket.number, bytes.baseAddress, bytes.count, descriptors, Int32(descriptors.count))
        }
      }
    }
    guard sent > 0 else {
      // The server is dead. Any other error is this process's: out of descriptors or memory, say.
      if [EPIPE, ECONNRESET].contains(errno) { return nil }
      throw .systemCall("sendmsg", errno: errno)
    }
    guard awaitAnswer(limitSeconds) else { return nil }
    var answer = ForkServerLoop.Answer(pid: -1, errorNumber: 0)
    let size = MemoryLayout<ForkServerLoop.Answer>.size
    return retryingOnInterrupt { unsafe read(socket.number, &answer, size) } == size ? answer : nil
  }

  /// Waits in slices of 100 ms, so that a pause of the whole program, as by Ctrl-Z, counts as one slice.
  private func awaitAnswer(_ limitSeconds: Double) -> Bool {
    var entry = pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0)
    var left = Int(max(1, min(limitSeconds, 1e6) * 1000))
    while left > 0 {
      let slice = min(left, 100)
      if unsafe poll(&entry, 1, Int32(slice)) > 0 { return true }
      left -= slice
    }
    return false
  }

  /// Kills the server, and the worker that it may have started for the last request.
  /// - Returns: how the server ended.
  private func stop() -> String {
    let wasAlive = isAlive
    kill(pid, SIGKILL)
    var status: Int32 = 0
    let reaped = retryingOnInterrupt { unsafe Int(waitpid(pid, &status, 0)) }
    let orphan = unsafe pidWord.pointee
    if orphan > 0 {
      kill(orphan, SIGKILL)
      _ = retryingOnInterrupt { Int(waitpid(orphan, nil, 0)) }
    }
    if wasAlive { return "did not answer in time and was ended" }
    return reaped == Int(pid) ? "\(ProcessEnd(waitStatus: status))" : "has ended"
  }
}

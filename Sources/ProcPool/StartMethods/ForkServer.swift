internal import CProcPool
internal import Glibc
internal import Synchronization

/// The fork server as the program holds it that it serves: one for the process, whatever the threads.
///
/// A worker that the server makes is a child of this process, so that ends are noticed, waited for and answered as those of
/// its own forks are, and go on to be if the server dies. What could be lost is a worker that the server made and did not
/// live to tell of; so the kernel writes its process id into memory that both share before it exists.
///
/// Sendable since whoever uses it holds the lock of its place.
final class ForkServer: @unchecked Sendable {
  private let pid: pid_t
  private let socket: Descriptor
  private let memory: SharedMapping

  /// What there is of a server in this process. A child runs a copy, which is not its own.
  private struct Place: ~Copyable {
    var server: ForkServer?
    var ownerPID: pid_t = 0
    /// How it ended, if it did.
    var end: String?
  }

  /// Held from an order to its answer, which the server gives in turn anyway.
  private static let place = Mutex(Place())

  /// Starts the server, unless there is one.
  static func start() throws(PoolError) {
    if place.withLock({ $0.ownerPID == getpid() && $0.server?.isAlive == true }) { return }
    let threads = threadCount()
    guard threads == 1 else { throw .threadsPresent(count: threads) }
    // Not while the lock is held, which the copy in the child would be for ever.
    let server = try ForkServer()
    place.withLock { place in
      if place.ownerPID == getpid() { _ = place.server?.end() }
      place = Place(server: server, ownerPID: getpid())
    }
  }

  /// Has the server make a worker.
  /// - Parameter limitSeconds: how long it may take; then it is ended, as nobody could tell what it does later.
  /// - Returns: the worker's process id.
  static func start(_ order: WorkerOrder, limitSeconds: Double) throws(PoolError) -> pid_t {
    try place.withLock { (place: inout sending Place) throws(PoolError) in
      guard place.ownerPID == getpid(), let server = place.server else {
        throw .startMethodUnavailable(place.ownerPID == getpid() ? place.end ?? notStarted : notStarted)
      }
      if let answer = try server.answer(to: order, limitSeconds) {
        guard answer.pid > 0 else { throw .systemCall("clone", errno: answer.errorNumber) }
        return answer.pid
      }
      let end = "the fork server \(server.end()), and no worker can be started: \(remedy)"
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

  private var pidWord: UnsafeMutablePointer<Int32> { unsafe memory.base.assumingMemoryBound(to: Int32.self) }

  private var isAlive: Bool {
    var entry = pollfd(fd: socket.number, events: 0, revents: 0)
    return unsafe poll(&entry, 1, 0) == 0
  }

  /// What the server says; `nil` if it does not, having ended or taking too long.
  private func answer(to order: WorkerOrder, _ limitSeconds: Double) throws(PoolError) -> ForkServerLoop.Answer? {
    unsafe pidWord.pointee = -1
    var message = ByteBuffer()
    order.append(to: &message)
    let descriptors = order.descriptors.numbers
    let sent = message.withBytes { bytes in
      unsafe bytes.withUnsafeBytes { bytes in
        retryingOnInterrupt {
          unsafe cprocpool_send(socket.number, bytes.baseAddress, bytes.count, descriptors, Int32(descriptors.count))
        }
      }
    }
    guard sent > 0 else {
      if [EPIPE, ECONNRESET].contains(errno) { return nil }
      throw .systemCall("sendmsg", errno: errno)
    }
    guard awaitAnswer(limitSeconds) else { return nil }
    var answer = ForkServerLoop.Answer(pid: -1, errorNumber: 0)
    let size = MemoryLayout<ForkServerLoop.Answer>.size
    return retryingOnInterrupt { unsafe read(socket.number, &answer, size) } == size ? answer : nil
  }

  /// Waits in slices, so that the time in which the whole program is stopped, as by Ctrl-Z, counts for one of them.
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

  /// Ends the server, if it has not, and the worker that it may have made for the last order.
  /// - Returns: how it ended.
  private func end() -> String {
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

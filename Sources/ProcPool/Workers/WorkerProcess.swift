internal import CProcPool
internal import Glibc

/// Why the pool stopped a worker.
enum StopReason {
  /// It was not ready in time.
  case startTimedOut
  /// It had a task but neither began nor answered one: it was stopped by a signal, say. Its tasks lose only time.
  case stalled
  /// Its task exceeded its time limit.
  case taskTimedOut(seconds: Double)
  /// The call of its task was cancelled.
  case cancelled
  /// It was asked to leave, had nothing left to do, and stayed.
  case leaveTimedOut
  /// It overwrote the memory that it shares with its parent.
  case damaged
}

/// One worker as its parent holds it: the process, its pipe and ring, and the bytes on their way.
final class WorkerProcess {
  let rank: Int
  private(set) var pid: pid_t = -1
  /// A pidfd: readable when the process has ended.
  private(set) var exitDescriptor: Int32 = -1
  let ring: ReplyRing
  /// When the worker must be ready; `nil` once it is.
  var readyDeadline: UInt64?
  /// Why the pool is stopping it, and when to send SIGKILL.
  var stop: (reason: StopReason, killTime: UInt64)?
  /// When it last showed progress: it answered, or was idle and got a chunk.
  private(set) var progressTime: UInt64 = 0
  /// How long it has had tasks since its last answer, of which it began none until all were taken back.
  private var idleNanoseconds: UInt64 = 0
  /// When its start began.
  private let beginTime = monotonicNanoseconds()
  /// Peak resident memory; known once it is reaped.
  private(set) var peakMemoryByteCount = 0
  /// When to judge it for having exceeded a limit; `nil` while it has not.
  var overdueTime: UInt64?
  /// When it was last found to have been continued after a stop signal.
  var resumeTime: UInt64 = 0
  /// Its oldest chunk at the last look.
  struct OldestChunk {
    var number: UInt64
    var isBegun: Bool
    /// Since when number and `isBegun` have been as they are.
    var since: UInt64

    func isAs(_ other: Self) -> Bool { number == other.number && isBegun == other.isBegun }
  }
  var oldestChunk: OldestChunk?
  /// Chunks that it is done with, as of the last look.
  var passedCount: UInt64 = 0
  /// The inconsistency found in its shared memory; nothing of it is read any more.
  var damage: WorkerDamage?
  /// When its memory was last measured.
  var memoryCheckTime: UInt64 = 0
  /// Its private memory when it became ready.
  private(set) var startMemoryByteCount = 0
  /// Messages not yet written to the pipe.
  var outgoing = ByteBuffer()
  /// Bytes of all messages so far.
  private(set) var sentByteCount = 0
  /// Replies not yet delivered.
  var incoming = ByteBuffer(capacity: 131_072)

  /// The parent keeps the reading end open, too, so that a write to a dead worker does not raise SIGPIPE;
  /// `exitDescriptor` reports the death.
  private var requests: Pipe
  private var exitOwner: Descriptor?

  init(rank: Int, ring: ReplyRing) throws(PoolError) {
    self.rank = rank
    self.ring = ring
    requests = try Pipe()
  }

  /// The worker's end.
  var requestsEnd: Int32 { requests.reading.number }
  /// The parent's end; -1 once it is closed.
  var requestsDescriptor: Int32 { requests.writingNumber }
  /// Whether it leaves once it has answered what it has.
  var isLeaving: Bool { requestsDescriptor < 0 }

  /// Forks. In the child, `body` runs and never returns.
  /// - Parameter doorbell: the other descriptor that the child keeps.
  func start(doorbell: Int32, _ body: (_ requests: Int32) -> Never) throws(PoolError) {
    let requestsEnd = requests.reading.number
    pid = cprocpool_fork()
    if pid == 0 {
      OpenDescriptors.closeAll(but: [requestsEnd, doorbell])
      body(requestsEnd)
    }
    guard pid > 0 else { throw .systemCall("fork", errno: errno) }
    try watch()
  }

  /// Lets the fork server start the process; the request names the descriptors that it gets.
  func start(_ request: SpawnRequest, limitSeconds: Double) throws(PoolError) {
    pid = try ForkServer.start(request, limitSeconds: limitSeconds)
    try watch()
  }

  private func watch() throws(PoolError) {
    // The parent must never block on one worker while others wait.
    cprocpool_set_nonblocking(requestsDescriptor)
    ring.keepFromForks()
    exitDescriptor = cprocpool_pidfd_open(pid)
    guard exitDescriptor >= 0 else {
      // A worker whose death goes unnoticed could block every wait.
      let error = PoolError.systemCall("pidfd_open", errno: errno)
      kill(SIGKILL)
      _ = reap()
      throw error
    }
    exitOwner = Descriptor(owning: exitDescriptor)
  }

  /// What the process reports of itself, so far.
  var ownInsights: PoolInsights.Rank {
    var rank = PoolInsights.Rank()
    if ring.hasArrived { rank.startSeconds = (Double(ring.time(.arrival)) - Double(beginTime)) * 1e-9 }
    rank.inputByteCount = sentByteCount
    rank.initializerSeconds = Double(ring.time(.initializer)) * 1e-9
    rank.waitingSeconds = Double(ring.time(.waiting)) * 1e-9
    rank.sendingSeconds = Double(ring.time(.sending)) * 1e-9
    return rank
  }

  /// Encodes a chunk into `outgoing`.
  /// - Returns: the bytes of the message, and all bytes that wait to be written.
  func append(_ chunk: Chunk, of receiver: any CallReceiver) -> (byteCount: Int, waiting: Int) {
    let before = outgoing.count
    receiver.append(chunk, to: &outgoing)
    let after = outgoing.count
    sentByteCount += after - before
    return (after - before, after)
  }

  /// Writes what the pipe takes without blocking.
  func sendOutgoing() {
    while !outgoing.isEmpty && outgoing.drain(to: requestsDescriptor) > 0 {}
  }

  /// It has answered.
  func noteAnswer() {
    progressTime = monotonicNanoseconds()
    idleNanoseconds = 0
  }

  /// It has tasks again, or for the first time. A worker that stands still is given others' tasks again and again, as it
  /// seems to be idle; what it has lost before counts.
  func noteTasks() { progressTime = monotonicNanoseconds() - idleNanoseconds }

  /// All of its tasks were taken back.
  func noteTasksTaken() { idleNanoseconds = monotonicNanoseconds() - progressTime }

  /// Drains the replies that it has published, alive or dead.
  func receive() throws(WorkerDamage) -> Bool { try ring.drain(into: &incoming) }

  /// Whether it is being killed for overwriting shared memory.
  var isDistrusted: Bool { damage != nil }

  /// The end of what it wrote to `stderr`; for a distrusted worker, why it was killed.
  var stderrTail: String {
    guard let damage else { return ring.stderrTail.text }
    return "it wrote over memory that it shares with its parent (\(damage.part)), which ended it\n"
  }

  /// Called when it is ready: what it has now does not count towards `maxMemoryPerChild`.
  func noteMemoryAtStart(_ options: PoolOptions) {
    if options.maxMemoryPerChild != nil { startMemoryByteCount = anonymousMemory(of: pid) }
  }

  /// Asks the worker to leave when it has answered the chunks that it has.
  func closeRequests() {
    requests.closeWriting()
    progressTime = monotonicNanoseconds()
  }

  func kill(_ signal: Int32) { if pid > 0 { Glibc.kill(pid, signal) } }

  /// Waits for the process, which has ended or is about to, and returns its wait status.
  func reap() -> Int32 {
    var status: Int32 = 0
    var usage = rusage()
    _ = retryingOnInterrupt { unsafe Int(wait4(pid, &status, 0, &usage)) }
    peakMemoryByteCount = usage.ru_maxrss * 1024
    pid = -1
    return status
  }
}

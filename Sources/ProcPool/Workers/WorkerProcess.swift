internal import CProcPool
internal import Glibc

/// Why the pool ends a worker that has done nothing wrong itself.
enum StopReason {
  /// It did not say in time that it is ready.
  case startTimedOut
  /// It had a task and neither ran it nor answered: it is stopped, say. A task that it had not begun loses nothing but
  /// time.
  case stalled
  /// The task that it runs took too long.
  case taskTimedOut(seconds: Double)
  /// The call whose task it runs was given up.
  case cancelled
  /// It was asked to leave, had nothing left to do, and did not.
  case leaveTimedOut
  /// It wrote over what it shares with its parent.
  case damaged
}

/// One worker as its parent holds it: the process, the pipes and what is on its way through them.
final class WorkerProcess {
  let rank: Int
  private(set) var pid: pid_t = -1
  /// Becomes readable when the process has ended.
  private(set) var exitDescriptor: Int32 = -1
  let ring: ReplyRing
  /// When the worker must have said that it is ready; `nil` once it has.
  var readyDeadline: UInt64?
  /// Why the pool itself ends it, and when it is to be killed if it has not ended by then.
  var stop: (reason: StopReason, killTime: UInt64)?
  /// When it was last known to be getting on: it answered, or was given something to do.
  var progressTime: UInt64 = 0
  /// When it was begun to be made.
  private let beginTime = monotonicNanoseconds()
  /// The most memory that it ever had; known once it is reaped.
  private(set) var peakMemoryByteCount = 0
  /// When it was found to have gone past a limit, and a little more; until then it is not ended for it.
  var overdueTime: UInt64?
  /// When it was found to have been stopped and to go on.
  var resumeTime: UInt64 = 0
  /// The oldest of its chunks when that was last of interest.
  struct OldestChunk {
    var number: UInt64
    var isBegun: Bool
    /// Since when both are known to be as they are.
    var since: UInt64

    func isAs(_ other: Self) -> Bool { number == other.number && isBegun == other.isBegun }
  }
  var oldestChunk: OldestChunk?
  /// Chunks that it is done with, as of the last look.
  var passedCount: UInt64 = 0
  /// What it wrote that makes no sense; nothing of it is believed any longer.
  var damage: WorkerDamage?
  /// When its memory was looked at last.
  var memoryCheckTime: UInt64 = 0
  /// The memory of its own that it had when it was ready for its first task.
  private(set) var startMemoryByteCount = 0
  /// Chunks, written as far as the pipe takes them.
  var outgoing = ByteBuffer()
  /// Bytes of all chunks so far.
  private(set) var sentByteCount = 0
  /// Replies as they arrive.
  var incoming = ByteBuffer(capacity: 131_072)

  /// The parent keeps the reading end of this one open, too, so that writing to a worker that has ended is not answered
  /// by SIGPIPE: its end is told by `exitDescriptor`.
  private var requests: Pipe
  private var exitOwner: Descriptor?

  init(rank: Int, ring: ReplyRing) throws(PoolError) {
    self.rank = rank
    self.ring = ring
    requests = try Pipe()
  }

  /// The worker's end.
  var requestsEnd: Int32 { requests.reading.number }
  /// -1 once no more requests will come.
  var requestsDescriptor: Int32 { requests.writingNumber }
  /// Whether it will leave once it has done what it has.
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

  /// Has the fork server make the process, which keeps what the order names.
  func start(_ order: WorkerOrder, limitSeconds: Double) throws(PoolError) {
    pid = try ForkServer.start(order, limitSeconds: limitSeconds)
    try watch()
  }

  private func watch() throws(PoolError) {
    cprocpool_set_nonblocking(requestsDescriptor)
    ring.keepFromForks()
    exitDescriptor = cprocpool_pidfd_open(pid)
    guard exitDescriptor >= 0 else {
      let error = PoolError.systemCall("pidfd_open", errno: errno)
      kill(SIGKILL)
      _ = reap()
      throw error
    }
    exitOwner = Descriptor(owning: exitDescriptor)
  }

  /// What the process tells of itself, as far as it has come.
  var ownInsights: PoolInsights.Rank {
    var rank = PoolInsights.Rank()
    if ring.hasArrived { rank.startSeconds = (Double(ring.time(.arrival)) - Double(beginTime)) * 1e-9 }
    rank.inputByteCount = sentByteCount
    rank.initializerSeconds = Double(ring.time(.initializer)) * 1e-9
    rank.waitingSeconds = Double(ring.time(.waiting)) * 1e-9
    rank.sendingSeconds = Double(ring.time(.sending)) * 1e-9
    return rank
  }

  /// Adds a chunk to what is to be sent.
  /// - Returns: its bytes, and those that wait to be sent.
  func append(_ chunk: Chunk, of receiver: any CallReceiver) -> (byteCount: Int, waiting: Int) {
    let before = outgoing.count
    receiver.append(chunk, to: &outgoing)
    let after = outgoing.count
    sentByteCount += after - before
    return (after - before, after)
  }

  /// Writes what the pipe takes without waiting.
  func sendOutgoing() {
    while !outgoing.isEmpty && outgoing.drain(to: requestsDescriptor) > 0 {}
  }

  /// Takes the replies that have been made, of a process that has ended, too.
  /// - Returns: whether there were any.
  func receive() throws(WorkerDamage) -> Bool { try ring.drain(into: &incoming) }

  /// Whether it is being ended for what it wrote.
  var isCondemned: Bool { damage != nil }

  /// The end of what it wrote to `stderr`; of one that wrote over what it shares with its parent, that.
  var lastWords: String {
    guard let damage else { return ring.lastWords.text }
    return "it wrote over memory that it shares with its parent (\(damage.part)), which ended it\n"
  }

  /// It is ready for its first task.
  func noteMemoryAtStart(_ options: PoolOptions) {
    if options.maxMemoryPerChild != nil { startMemoryByteCount = anonymousMemory(of: pid) }
  }

  /// No more chunks will come: the worker leaves when it has answered those that it has.
  func closeRequests() {
    requests.closeWriting()
    progressTime = monotonicNanoseconds()
  }

  func kill(_ signal: Int32) { if pid > 0 { Glibc.kill(pid, signal) } }

  /// Waits for the process, which has ended or is about to, and gives its wait status.
  func reap() -> Int32 {
    var status: Int32 = 0
    var usage = rusage()
    _ = retryingOnInterrupt { unsafe Int(wait4(pid, &status, 0, &usage)) }
    peakMemoryByteCount = usage.ru_maxrss * 1024
    pid = -1
    return status
  }
}

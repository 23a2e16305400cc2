internal import Glibc

/// What a worker does with a call's payload: reads one task, runs the body, and appends the payload of the result.
typealias TaskBody = (_ task: RawSpan, _ result: inout ByteBuffer) throws -> Void

/// The life of a worker: initialise, say so, then read chunks and answer task by task until the parent closes the pipe.
struct WorkerLoop: ~Copyable {
  private let requests: Int32
  private let ring: ReplyRing
  private let doorbell: Doorbell
  private let body: TaskBody
  private var incoming = ByteBuffer(capacity: 131_072)
  private var reply = ByteBuffer()

  /// - Parameter requests: the descriptor that chunks arrive on, open for the life of the process.
  init(requests: Int32, ring: ReplyRing, doorbell: Doorbell, body: @escaping TaskBody) {
    self.requests = requests
    self.ring = ring
    self.doorbell = doorbell
    self.body = body
  }

  /// Never returns: the process ends here, without running what its parent had registered for its own end.
  consuming func run(initializer: () throws -> Void, finalizer: () -> Void) -> Never {
    do {
      try initializer()
      send(.ready)
      while let header = nextChunk() { run(header) }
      finalizer()
    } catch {
      reply.append(memoryOf: ReplyHeader.placeholder)
      reply.append(error: error)
      send(.initializerThrew)
    }
    fflush(nil)
    _exit(0)
  }

  /// The header of the next chunk, once all of the chunk is here; `nil` when the parent has closed the pipe.
  private mutating func nextChunk() -> ChunkHeader? {
    while true {
      if let header: ChunkHeader = incoming.takeHeader({ $0.byteCount }) { return header }
      guard incoming.fill(from: requests) > 0 else { return nil }
    }
  }

  private mutating func run(_ header: ChunkHeader) {
    var now = monotonicNanoseconds()
    var hasFailed = false
    for _ in 0..<header.taskCount {
      let length = incoming.front(as: TaskLength.self)
      let byteCount = Int(length.byteCount)
      if hasFailed && header.stopsAtFirstError {
        send(.notRun)
      } else {
        hasFailed = !begin(length, of: header.call, at: &now)
      }
      incoming.consume(8 + byteCount)
    }
  }

  /// Deals with the task at the front of what was received.
  /// - Parameter now: the time; on return, that of the task's end.
  /// - Returns: whether it gave a value.
  private mutating func begin(_ length: TaskLength, of call: CallID, at now: inout UInt64) -> Bool {
    ring.noteBegin(at: now)
    if doorbell.isGivenUp(call) {
      ring.takeBackBegin()
      send(.notRun)
      return true
    }
    if length.isRefusal {
      refuse(Int(length.byteCount))
      return false
    }
    return runTask(Int(length.byteCount), begin: &now)
  }

  private mutating func runTask(_ byteCount: Int, begin now: inout UInt64) -> Bool {
    let begin = now
    reply.append(memoryOf: ReplyHeader.placeholder)
    var kind = ReplyHeader.Kind.value
    do {
      try incoming.withBytes { try body($0.extracting(8..<8 + byteCount), &reply) }
    } catch {
      kind = .threw
      reply.removeAll()
      reply.append(memoryOf: ReplyHeader.placeholder)
      reply.append(error: error)
    }
    now = monotonicNanoseconds()
    send(kind, microseconds: UInt32(clamping: (now - begin) / 1000))
    return kind == .value
  }

  /// Sends back the reason why the parent could not encode a task, in its place among the replies.
  private mutating func refuse(_ byteCount: Int) {
    reply.append(memoryOf: ReplyHeader.placeholder)
    incoming.withBytes { reply.append($0.extracting(8..<8 + byteCount)) }
    send(.threw)
  }

  /// Completes the header of the reply and hands it over.
  private mutating func send(_ kind: ReplyHeader.Kind, microseconds: UInt32 = 0) {
    let size = MemoryLayout<ReplyHeader>.size
    if reply.isEmpty { reply.append(memoryOf: ReplyHeader.placeholder) }
    reply.replace(
      at: 0, with: ReplyHeader(kind: kind, microseconds: microseconds, byteCount: UInt64(reply.count - size)))
    reply.withBytes { ring.append($0, doorbell) }
    reply.removeAll()
  }
}

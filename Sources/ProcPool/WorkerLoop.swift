internal import Glibc

/// What a worker does with a call's payload: reads one task, runs the body, and appends the payload of the result.
@usableFromInline
typealias TaskBody = (_ task: RawSpan, _ result: inout ByteBuffer) throws -> Void

/// The life of a worker: initialise, say so, then read chunks and answer task by task until the parent closes the pipe.
struct WorkerLoop: ~Copyable {
  private let requests: Int32
  private let ring: ReplyRing
  private let doorbell: Doorbell
  private let body: TaskBody
  private var incoming = ByteBuffer(capacity: 131_072)
  private var reply = ByteBuffer()
  private var clock = TaskClock()
  /// Copying as much takes longer than looking at the clock.
  private static let largeReplyByteCount = 4096

  /// - Parameter requests: the descriptor that chunks arrive on, open for the life of the process.
  init(requests: Int32, ring: ReplyRing, doorbell: Doorbell, body: @escaping TaskBody) {
    self.requests = requests
    self.ring = ring
    self.doorbell = doorbell
    self.body = body
  }

  /// Never returns: the process ends here, without running what its parent had registered for its own end.
  consuming func run(initializer: () throws -> Void, finalizer: () -> Void) -> Never {
    ring.add(clock.now, to: .arrival)
    do {
      _ = clock.advance()
      try initializer()
      ring.add(clock.advance(), to: .initializer)
      send(.ready)
      while let header = nextChunk() { run(header) }
      finalizer()
    } catch {
      beginReply()
      reply.append(error: error)
      send(.initializerThrew)
    }
    fflush(nil)
    _exit(0)
  }

  /// The header of the next chunk, once all of the chunk is here; `nil` when the parent has closed the pipe.
  private mutating func nextChunk() -> ChunkHeader? {
    while true {
      if let header: ChunkHeader = incoming.header({ $0.byteCount }) { return header }
      guard incoming.fill(from: requests) > 0 else { return nil }
    }
  }

  /// Answers every task of the chunk at the front of what was received, and consumes it.
  private mutating func run(_ header: ChunkHeader) {
    let givenUp = doorbell.givenUpBit(of: header.call)
    let end = MemoryLayout<ChunkHeader>.size + header.byteCount
    var position = MemoryLayout<ChunkHeader>.size
    ring.add(clock.advance(), to: .waiting)
    var hasFailed = false
    for _ in 0..<header.taskCount {
      var byteCount = Int(header.stride)
      var isRefusal = false
      if byteCount == 0 {
        let length = incoming.value(at: position, as: TaskLength.self)
        (byteCount, isRefusal) = (length.byteCount, length.isRefusal)
        position += MemoryLayout<TaskLength>.size
      }
      let payload = position..<position + byteCount
      position = payload.upperBound
      if hasFailed && header.stopsAtFirstError || !begin(givenUp) {
        send(.notRun)
      } else if isRefusal {
        refuse(payload)
        hasFailed = true
      } else if !runTask(payload) {
        hasFailed = true
      }
    }
    incoming.consume(end)
  }

  /// Notes that a task begins, unless its call is given up.
  private func begin(_ givenUp: Doorbell.GivenUpBit) -> Bool {
    ring.noteBegin(at: clock.now)
    if !givenUp.isSet { return true }
    ring.takeBackBegin()
    return false
  }

  /// Runs the body.
  /// - Returns: whether there was no error.
  private mutating func runTask(_ payload: Range<Int>) -> Bool {
    var kind = ReplyHeader.Kind.value
    beginReply()
    do {
      try incoming.withBytes { try body($0.extracting(payload), &reply) }
    } catch {
      kind = .threw
      beginReply()
      reply.append(error: error)
    }
    send(kind, nanoseconds: clock.advance())
    return kind == .value
  }

  /// Sends back the reason why the parent could not encode a task, in its place among the replies.
  private mutating func refuse(_ payload: Range<Int>) {
    beginReply()
    incoming.withBytes { reply.append($0.extracting(payload)) }
    send(.threw)
  }

  private mutating func beginReply() {
    reply.removeAll()
    reply.append(memoryOf: ReplyHeader.placeholder)
  }

  /// Completes the header of the reply, which may be no more than that, and hands it over.
  private mutating func send(_ kind: ReplyHeader.Kind, nanoseconds: UInt64 = 0) {
    if reply.isEmpty { beginReply() }
    let header = ReplyHeader(kind, byteCount: reply.count - ReplyHeader.byteCount, nanoseconds: nanoseconds)
    reply.replace(at: 0, with: header)
    let hadRoom = reply.withBytes { ring.append($0, doorbell) }
    // Else the time would be counted as that of the next task.
    if !hadRoom || reply.count >= Self.largeReplyByteCount { ring.add(clock.advance(), to: .sending) }
    reply.removeAll()
  }
}

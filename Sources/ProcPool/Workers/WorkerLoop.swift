internal import CProcPool
internal import Glibc

/// What a worker does with a call's payload: reads one task, runs the body, and appends the payload of the result.
@usableFromInline
typealias TaskBody = (_ task: RawSpan, _ result: inout ByteBuffer) throws -> Void

/// The life of a worker: initialise, say so, then read chunks and answer task by task until the parent closes the pipe.
struct WorkerLoop: ~Copyable {
  private let requests: RequestPipe
  private let ring: ReplyRing
  private let doorbell: DoorbellEnd
  private let body: TaskBody
  private let process = ForkCheck()
  private let descriptors: DescriptorWatch
  private var incoming = ByteBuffer(capacity: 131_072)
  private var reply = ByteBuffer()
  private var clock = TaskClock()
  /// Copying as much takes longer than looking at the clock.
  private static let largeReplyByteCount = 4096

  /// - Parameters:
  ///   - requests: the descriptor that chunks arrive on, open for the life of the process; it gets another number.
  ///   - doorbell: what wakes the parent, and so does this.
  init(requests: Int32, ring: ReplyRing, doorbell: Int32, body: @escaping TaskBody) {
    let (requests, doorbell) = (OpenDescriptors.moveUp(requests), OpenDescriptors.moveUp(doorbell))
    descriptors = DescriptorWatch(descriptors: [requests, doorbell])
    self.doorbell = DoorbellEnd(descriptor: doorbell)
    self.requests = RequestPipe(descriptor: requests, doorbell: self.doorbell)
    self.ring = ring
    self.body = body
  }

  /// Never returns: the process ends here, without running what its parent had registered for its own end.
  consuming func run(initializer: () throws -> Void, finalizer: () -> Void) -> Never {
    unsafe OrphanWatch.doorbell = doorbell
    ring.lastWords.keep()
    ring.add(clock.now, to: .arrival)
    do {
      _ = clock.advance()
      try initializer()
      leaveIfForked()
      ring.add(clock.advance(), to: .initializer)
      send(.ready)
      while let header = nextChunk() { run(header) }
      finalizer()
      leaveIfForked()
    } catch {
      leaveIfForked()
      beginReply()
      reply.append(error: error)
      send(.initializerThrew)
    }
    fflush(nil)
    _exit(0)
  }

  /// Ends a process that a body made by `fork` and that has come back from it: it has this memory, and the parent would take
  /// it for the worker.
  private func leaveIfForked() { if !process.isSame { _exit(0) } }

  /// The header of the next chunk, once all of the chunk is here; `nil` when the parent has closed the pipe.
  private mutating func nextChunk() -> ChunkHeader? {
    while true {
      if let header: ChunkHeader = incoming.header({ $0.byteCount }) { return header }
      descriptors.check(at: clock.now)
      guard requests.fill(&incoming, isLooking: !descriptors.diesWithParent) else { return nil }
    }
  }

  /// Answers the tasks of the chunk at the front of what was received, as far as they are not taken back, and consumes it.
  private mutating func run(_ header: ChunkHeader) {
    var position = MemoryLayout<ChunkHeader>.size
    let end = position + header.byteCount
    ring.add(clock.advance(), to: .waiting)
    for offset in 0..<header.taskCount {
      ring.noteBegin(at: clock.now)
      guard ring.claims.claim(offset, of: header.number) else { break }
      let hasValue = runTask(at: &position, header)
      if !hasValue && header.stopsAtFirstError { break }
    }
    ring.claims.pass(header.number)
    incoming.consume(end)
  }

  /// Answers the task at `position` and moves that behind it.
  /// - Returns: whether there was no error.
  private mutating func runTask(at position: inout Int, _ header: ChunkHeader) -> Bool {
    var byteCount = Int(header.stride)
    var isRefusal = false
    if byteCount == 0 {
      let length = incoming.value(at: position, as: TaskLength.self)
      (byteCount, isRefusal) = (length.byteCount, length.isRefusal)
      position += MemoryLayout<TaskLength>.size
    }
    let payload = position..<position + byteCount
    position = payload.upperBound
    if !isRefusal { return run(payload) }
    refuse(payload)
    return false
  }

  /// Runs the body.
  /// - Returns: whether there was no error.
  private mutating func run(_ payload: Range<Int>) -> Bool {
    var kind = ReplyHeader.Kind.value
    beginReply()
    do {
      try incoming.withBytes { try body($0.extracting(payload), &reply) }
    } catch {
      kind = .threw
      beginReply()
      reply.append(error: error)
    }
    leaveIfForked()
    if cprocpool_has_output() { cprocpool_flush_output() }
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
    let hadRoom = reply.withBytes { bytes in
      ring.append(bytes, doorbell) { descriptors.check(at: clock.now) }
    }
    // Else the time would be counted as that of the next task.
    if !hadRoom || reply.count >= Self.largeReplyByteCount { ring.add(clock.advance(), to: .sending) }
    reply.removeAll()
  }
}

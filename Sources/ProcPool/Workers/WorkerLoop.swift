internal import CProcPool
internal import Glibc

/// Reads a task, runs the body, and appends the payload of the result.
@usableFromInline
typealias TaskBody = (_ task: RawSpan, _ result: inout ByteBuffer) throws -> Void

/// The life of a worker: initialise, report ready, then read chunks and answer task by task until the parent closes the
/// pipe.
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
  /// From here on, copying a reply takes longer than reading the clock, so it is timed.
  private static let largeReplyByteCount = 4096

  /// - Parameters:
  ///   - requests: the reading end of the request pipe, open for the life of the process; it gets a new number.
  ///   - doorbell: the writing end of the doorbell; likewise.
  init(requests: Int32, ring: ReplyRing, doorbell: Int32, body: @escaping TaskBody) {
    let (requests, doorbell) = (OpenDescriptors.moveUp(requests), OpenDescriptors.moveUp(doorbell))
    descriptors = DescriptorWatch(descriptors: [requests, doorbell])
    self.doorbell = DoorbellEnd(descriptor: doorbell)
    self.requests = RequestPipe(descriptor: requests, doorbell: self.doorbell)
    self.ring = ring
    self.body = body
  }

  /// Never returns: the process exits here, without running the exit handlers it inherited from its parent.
  consuming func run(initializer: () throws -> Void, finalizer: () -> Void) -> Never {
    unsafe (WaitingWorker.doorbell, WaitingWorker.ring) = (doorbell, ring)
    ring.stderrTail.keep()
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

  /// Exits if a body has forked and the child has returned from it: the child has a copy of this memory, and would
  /// answer in the worker's place.
  private func leaveIfForked() { if !process.isSame { _exit(0) } }

  /// The header of the next chunk, once the whole chunk has arrived; `nil` when the parent has closed the pipe.
  private mutating func nextChunk() -> ChunkHeader? {
    while true {
      if let header: ChunkHeader = incoming.header({ $0.byteCount }) { return header }
      descriptors.check(at: clock.now)
      guard requests.fill(&incoming, isLooking: !descriptors.diesWithParent) else { return nil }
    }
  }

  /// Runs the tasks of the chunk at the front of `incoming`, up to those that were taken back, and consumes it.
  private mutating func run(_ header: ChunkHeader) {
    var position = MemoryLayout<ChunkHeader>.size
    let end = position + header.byteCount
    ring.add(clock.advance(), to: .waiting)
    for offset in 0..<header.taskCount {
      // Before the claim, so that a claimed task never has the time of the task before it.
      ring.noteBegin(at: clock.now)
      guard ring.claims.claim(offset, of: header.number) else { break }
      let hasValue = runTask(at: &position, header)
      if !hasValue && header.stopsAtFirstError { break }
    }
    ring.claims.pass(header.number)
    incoming.consume(end)
  }

  /// Answers the task at `position` and advances that past it.
  /// - Returns: whether it gave a value.
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

  /// Runs the body on a task.
  /// - Returns: whether it gave a value.
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
    // Before the reply, so that output of a task precedes what the parent prints about it.
    if cprocpool_has_output() { cprocpool_flush_output() }
    send(kind, nanoseconds: clock.advance())
    return kind == .value
  }

  /// Sends back the error with which the parent failed to encode a task, in its place among the replies.
  private mutating func refuse(_ payload: Range<Int>) {
    beginReply()
    incoming.withBytes { reply.append($0.extracting(payload)) }
    send(.threw)
  }

  private mutating func beginReply() {
    reply.removeAll()
    reply.append(memoryOf: ReplyHeader.placeholder)
  }

  /// Completes the header of the reply and appends the reply to the ring.
  private mutating func send(_ kind: ReplyHeader.Kind, nanoseconds: UInt64 = 0) {
    // A reply without a payload is only a header.
    if reply.isEmpty { beginReply() }
    let header = ReplyHeader(kind, byteCount: reply.count - ReplyHeader.byteCount, nanoseconds: nanoseconds)
    reply.replace(at: 0, with: header)
    let hadRoom = reply.withBytes { bytes in
      ring.append(bytes, doorbell) { descriptors.check(at: clock.now) }
    }
    // Else the next task would be charged with the time.
    if !hadRoom || reply.count >= Self.largeReplyByteCount { ring.add(clock.advance(), to: .sending) }
    reply.removeAll()
  }
}

internal import Glibc

/// Messages between the parent and its workers.
extension Supervisor {
  /// Backpressure: a worker with more than this waiting to be sent gets no more chunks, which would only take memory.
  /// Its pipe holds 64 KiB of it.
  private static let congestionByteCount = 1 << 20
  /// Below this mean size, many chunks are assigned at once: even 64 of them are far from the limit above.
  private static let smallByteCount = 2048

  // MARK: To workers

  /// Assigns what waits, moves tasks to idle workers, and writes what the pipes take.
  func dispatch() {
    assignChunks()
    while moveTasks() { assignChunks() }
    for case let worker? in workers {
      if !worker.outgoing.isEmpty { worker.sendOutgoing() }
      if state.workers[worker.rank].isCongested { state.setCongested(worker.rank, isCongested(worker)) }
      // A retired worker leaves once it has answered what it has.
      if worker.outgoing.isEmpty, !worker.isLeaving, state.isSpent(worker.rank) { retire(worker) }
    }
  }

  /// Asks a worker to leave once it has answered what it has.
  func retire(_ worker: WorkerProcess) {
    state.retire(worker.rank)
    worker.closeRequests()
  }

  /// Each access to a property of this object costs an exclusivity check, which took a third of the parent's time with
  /// one task per message. So assignments are fetched from the state many at a time, and the receiver is looked up once
  /// a call.
  private func assignChunks() {
    while true {
      let assignments = state.nextAssignments(atMost: assignmentCount)
      if assignments.isEmpty { return }
      var byteCount = 0
      var receiver: (call: CallID, it: (any CallReceiver)?) = (.none, nil)
      for (rank, chunk, wasIdle) in assignments {
        if chunk.call != receiver.call { receiver = (chunk.call, self.receiver(of: chunk.call)) }
        guard let worker = workers[rank], let receiver = receiver.it else { continue }
        byteCount += enqueue(chunk, of: receiver, to: worker, wasIdle)
      }
      // One at a time while chunks are large, so that a worker that becomes congested is not given 63 more.
      assignmentCount = byteCount / assignments.count < Self.smallByteCount ? 64 : 1
    }
  }

  /// Encodes a chunk into a worker's outgoing buffer.
  /// - Returns: the bytes of the message.
  private func enqueue(
    _ chunk: Chunk, of receiver: any CallReceiver, to worker: WorkerProcess, _ wasIdle: Bool
  ) -> Int {
    if wasIdle { worker.noteTasks() }
    worker.ring.claims.offer(chunk.number, taskCount: UInt32(chunk.tasks.count))
    let (byteCount, waiting) = worker.append(chunk, of: receiver)
    if waiting > Self.congestionByteCount || isOutOfWords(worker, sent: chunk.number + 1) {
      state.setCongested(worker.rank, true)
    }
    return byteCount
  }

  /// Whether more chunks for a worker would only take memory.
  private func isCongested(_ worker: WorkerProcess) -> Bool {
    worker.outgoing.count > Self.congestionByteCount
      || isOutOfWords(worker, sent: state.workers[worker.rank].sentCount)
  }

  /// Whether all words of the claim table are in use: the worker has not yet skipped past chunks that were taken back.
  private func isOutOfWords(_ worker: WorkerProcess, sent: UInt64) -> Bool {
    let room = UInt64(ClaimTable.capacity)
    // Half full is soon enough: the worker writes this cache line after each chunk, so each look is a miss for both.
    if sent - worker.passedCount < room / 2 { return false }
    do {
      worker.passedCount = try worker.ring.claims.passedCount(of: sent)
    } catch {
      distrust(worker, error)
    }
    return sent - worker.passedCount >= room
  }

  // MARK: From workers

  /// Drains and delivers the replies that have arrived.
  /// - Returns: whether there were any.
  func receive() throws(PoolError) -> Bool {
    var hasAny = false
    for case let worker? in workers where drainReplies(of: worker) {
      hasAny = true
      worker.noteAnswer()
      try deliverReplies(of: worker)
    }
    return hasAny
  }

  /// Moves a worker's replies from its ring into its incoming buffer.
  /// - Returns: whether there were any.
  func drainReplies(of worker: WorkerProcess) -> Bool {
    if worker.isDistrusted { return false }
    do {
      return try worker.receive()
    } catch {
      distrust(worker, error)
      return false
    }
  }

  /// Kills a worker that wrote over the memory it shares with its parent; nothing that it wrote is read any more.
  func distrust(_ worker: WorkerProcess, _ damage: WorkerDamage) {
    worker.damage = damage
    worker.stop = (.damaged, monotonicNanoseconds())
    worker.kill(SIGKILL)
  }

  /// Delivers every whole reply in a worker's incoming buffer to its call.
  func deliverReplies(of worker: WorkerProcess) throws(PoolError) {
    if worker.isDistrusted { return }
    do {
      while true {
        deliverValues(of: worker, &worker.incoming)
        guard let header: ReplyHeader = worker.incoming.header(\.byteCount) else { return try checkLength(of: worker) }
        worker.incoming.consume(ReplyHeader.byteCount)
        try handle(header, of: worker)
        worker.incoming.consume(header.byteCount)
      }
    } catch let damage as WorkerDamage {
      distrust(worker, damage)
    } catch let error as PoolError {
      throw error
    } catch {
      preconditionFailure("nothing else is thrown there")
    }
  }

  /// Throws if the reply at the front, of which a part has arrived, is announced as longer than any may be.
  private func checkLength(of worker: WorkerProcess) throws {
    guard let limit = options.maxResultByteCount, worker.incoming.count >= ReplyHeader.byteCount else { return }
    if worker.incoming.front(as: ReplyHeader.self).byteCount > limit { throw WorkerDamage(part: "replies") }
  }

  /// Stores the values at the front of the incoming buffer, up to the first reply of another kind.
  private func deliverValues(of worker: WorkerProcess, _ incoming: inout ByteBuffer) {
    var receiver: (call: CallID, it: (any CallReceiver)?) = (.none, nil)
    var taken = InsightRecorder.Answers(slowNanoseconds: recorder.slowNanoseconds)
    while let chunk = state.answering(worker.rank) {
      if chunk.call != receiver.call { receiver = (chunk.call, self.receiver(of: chunk.call)) }
      guard let values = values(of: chunk, in: incoming, for: receiver.it, &taken) else { break }
      store(incoming, values.count, values.replyByteCount, for: receiver.it, chunk, of: worker)
      incoming.consume(values.count * values.replyByteCount)
      state.gaveValues(worker.rank, count: values.count, nanoseconds: values.nanoseconds)
    }
    if taken.count > 0 { recorder.answered(worker.rank, taken) }
  }

  /// Values at the front of the incoming buffer that belong to one chunk and have one length, headers included.
  private typealias Values = (count: Int, replyByteCount: Int, nanoseconds: UInt64)

  private func values(
    of chunk: Chunk, in incoming: borrowing ByteBuffer, for receiver: (any CallReceiver)?,
    _ taken: inout InsightRecorder.Answers
  ) -> Values? {
    guard let first: ReplyHeader = incoming.header(\.byteCount), first.kind == .value else { return nil }
    let replyByteCount = ReplyHeader.byteCount + first.byteCount
    let most = receiver?.hasPlainResults ?? true ? chunk.tasks.count : 1
    var nanoseconds: UInt64 = 0
    var count = 0
    while count < most, incoming.count >= (count + 1) * replyByteCount {
      let header = incoming.value(at: count * replyByteCount, as: ReplyHeader.self)
      guard header.kind == .value && header.byteCount == first.byteCount else { break }
      if header.nanoseconds > taken.slowNanoseconds {
        taken.slow.append((chunk.tasks.lowerBound + count, header.nanoseconds))
      }
      nanoseconds &+= header.nanoseconds
      count += 1
    }
    taken.add(count, byteCount: count * replyByteCount, nanoseconds: nanoseconds)
    return (count, replyByteCount, nanoseconds)
  }

  private func store(
    _ incoming: borrowing ByteBuffer, _ count: Int, _ replyByteCount: Int, for receiver: (any CallReceiver)?,
    _ chunk: Chunk, of worker: WorkerProcess
  ) {
    let index = chunk.tasks.lowerBound
    do {
      try incoming.withBytes { bytes in
        try receiver?.store(bytes.extracting(first: count * replyByteCount), replyByteCount, from: index)
      }
    } catch {
      let text = "the result could not be decoded: \(error)"
      let cause = TaskFailure.Cause.threw(type: String(describing: type(of: error)), text: text)
      for index in index..<index + count { failTask(index, of: chunk.call, in: worker, because: cause) }
    }
  }

  private func failTask(
    _ index: Int, of call: CallID, in worker: WorkerProcess, because cause: TaskFailure.Cause,
    error: (any Error & Sendable)? = nil
  ) {
    var failure = TaskFailure(index: index, rank: worker.rank, pid: worker.pid, attempts: 1, cause: cause)
    failure.error = error
    receiver(of: call)?.recordFailure(failure)
  }

  /// Handles a reply that is not a value; its payload is at the front of the incoming buffer.
  private func handle(_ header: ReplyHeader, of worker: WorkerProcess) throws {
    switch (header.kind, state.workers[worker.rank].phase) {
    case (.ready, .starting):
      worker.readyDeadline = nil
      worker.noteMemoryAtStart(options)
      state.becameReady(worker.rank)
    case (.initializerThrew, .starting):
      let texts = worker.incoming.withBytes { readTexts(2, from: $0.extracting(first: header.byteCount)).texts }
      throw PoolError.initializerFailed(rank: worker.rank, text: texts[1])
    case (.threw, .ready): try handleThrown(header, of: worker)
    default: throw WorkerDamage(part: "replies")
    }
  }

  private func handleThrown(_ header: ReplyHeader, of worker: WorkerProcess) throws(WorkerDamage) {
    guard let chunk = state.answering(worker.rank) else { throw WorkerDamage(part: "replies") }
    var answers = InsightRecorder.Answers(slowNanoseconds: .max)
    answers.add(1, byteCount: ReplyHeader.byteCount + header.byteCount, nanoseconds: header.nanoseconds)
    recorder.answered(worker.rank, answers)
    let notRun = state.gaveNoValue(worker.rank, nanoseconds: header.nanoseconds)
    let thrown = worker.incoming.withBytes {
      readThrown(from: $0.extracting(first: header.byteCount), decodesErrors: options.decodesErrors)
    }
    failTask(chunk.tasks.lowerBound, of: chunk.call, in: worker, because: thrown.cause, error: thrown.error)
    for task in notRun { failTask(task.index, of: task.call, in: worker, because: .notRun) }
  }
}

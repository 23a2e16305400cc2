internal import Glibc

/// What travels between the parent and its workers.
extension Supervisor {
  /// With so many bytes waiting for a worker it gets no more chunks.
  private static let congestionByteCount = 1 << 20
  /// Of messages smaller than this the limit above takes hundreds.
  private static let smallByteCount = 2048

  // MARK: To workers

  /// Hands out what waits, and again what could begin at once where a worker has nothing to do.
  func handOut() {
    assignAll()
    while moveTasks() { assignAll() }
    for case let worker? in workers {
      if !worker.outgoing.isEmpty { worker.sendOutgoing() }
      if state.workers[worker.rank].isCongested { state.setCongested(worker.rank, isCongested(worker)) }
      // A worker that gets no more leaves once it has answered what it has.
      if worker.outgoing.isEmpty, !worker.isLeaving, state.isSpent(worker.rank) { letLeave(worker) }
    }
  }

  /// No more chunks will come for a worker.
  func letLeave(_ worker: WorkerProcess) {
    state.retire(worker.rank)
    worker.closeRequests()
  }

  /// Each look at something of this object costs as much as a short task, so that it is done for many chunks at once.
  private func assignAll() {
    while true {
      let assignments = state.nextAssignments(atMost: assignmentCount)
      if assignments.isEmpty { return }
      var byteCount = 0
      var receiver: (call: CallID, it: (any CallReceiver)?) = (.none, nil)
      for (rank, chunk, wasIdle) in assignments {
        if chunk.call != receiver.call { receiver = (chunk.call, self.receiver(of: chunk.call)) }
        guard let worker = workers[rank], let receiver = receiver.it else { continue }
        byteCount += hand(chunk, of: receiver, to: worker, wasIdle)
      }
      // So that a worker which has enough bytes to read is known to before it is given much more.
      assignmentCount = byteCount / assignments.count < Self.smallByteCount ? 64 : 1
    }
  }

  /// - Returns: the bytes of the message.
  private func hand(
    _ chunk: Chunk, of receiver: any CallReceiver, to worker: WorkerProcess, _ wasIdle: Bool
  ) -> Int {
    if wasIdle { worker.progressTime = monotonicNanoseconds() }
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

  /// Whether there is no word to claim the tasks of another chunk by: the worker has not come past those that were taken back
  /// from it.
  private func isOutOfWords(_ worker: WorkerProcess, sent: UInt64) -> Bool {
    let room = UInt64(ClaimTable.capacity)
    // Looked up seldom: the worker writes there after each chunk.
    if sent - worker.passedCount < room / 2 { return false }
    do {
      worker.passedCount = try worker.ring.claims.passedCount(of: sent)
    } catch {
      condemn(worker, error)
    }
    return sent - worker.passedCount >= room
  }

  // MARK: From workers

  /// Takes the replies that have come so far.
  /// - Returns: whether there were any.
  func receive() throws(PoolError) -> Bool {
    var hasAny = false
    for case let worker? in workers where take(of: worker) {
      hasAny = true
      worker.progressTime = monotonicNanoseconds()
      try deliverReplies(of: worker)
    }
    return hasAny
  }

  /// Moves the replies that a worker has made to where they are looked at.
  /// - Returns: whether there were any.
  func take(of worker: WorkerProcess) -> Bool {
    if worker.isCondemned { return false }
    do {
      return try worker.receive()
    } catch {
      condemn(worker, error)
      return false
    }
  }

  /// Ends a worker that wrote over what it shares with its parent, and believes nothing of it from now on.
  func condemn(_ worker: WorkerProcess, _ damage: WorkerDamage) {
    worker.damage = damage
    worker.stop = (.damaged, monotonicNanoseconds())
    worker.kill(SIGKILL)
  }

  /// Hands every whole reply that has arrived to its call.
  func deliverReplies(of worker: WorkerProcess) throws(PoolError) {
    if worker.isCondemned { return }
    do {
      while true {
        takeValues(of: worker, &worker.incoming)
        guard let header: ReplyHeader = worker.incoming.header(\.byteCount) else { return }
        worker.incoming.consume(ReplyHeader.byteCount)
        try take(header, of: worker)
        worker.incoming.consume(header.byteCount)
      }
    } catch let damage as WorkerDamage {
      condemn(worker, damage)
    } catch let error as PoolError {
      throw error
    } catch {
      preconditionFailure("nothing else is thrown there")
    }
  }

  /// Takes the values that have arrived, up to the first reply that is something else.
  private func takeValues(of worker: WorkerProcess, _ incoming: inout ByteBuffer) {
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

  /// Values of a chunk that lie at the front of what has arrived, all of one length with their headers.
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
      for index in index..<index + count { lose(index, of: chunk.call, in: worker, because: cause) }
    }
  }

  private func lose(
    _ index: Int, of call: CallID, in worker: WorkerProcess, because cause: TaskFailure.Cause,
    error: (any Error & Sendable)? = nil
  ) {
    var failure = TaskFailure(index: index, rank: worker.rank, pid: worker.pid, attempts: 1, cause: cause)
    failure.error = error
    receiver(of: call)?.lose(failure)
  }

  /// Takes a reply that is no value; its payload is what stands in front.
  private func take(_ header: ReplyHeader, of worker: WorkerProcess) throws {
    switch (header.kind, state.workers[worker.rank].phase) {
    case (.ready, .starting):
      worker.readyDeadline = nil
      worker.noteMemoryAtStart(options)
      state.becameReady(worker.rank)
    case (.initializerThrew, .starting):
      let texts = worker.incoming.withBytes { readTexts(2, from: $0.extracting(first: header.byteCount)).texts }
      throw PoolError.initializerFailed(rank: worker.rank, text: texts[1])
    case (.threw, .ready): try takeThrown(header, of: worker)
    default: throw WorkerDamage(part: "replies")
    }
  }

  private func takeThrown(_ header: ReplyHeader, of worker: WorkerProcess) throws(WorkerDamage) {
    guard let chunk = state.answering(worker.rank) else { throw WorkerDamage(part: "replies") }
    var answers = InsightRecorder.Answers(slowNanoseconds: .max)
    answers.add(1, byteCount: ReplyHeader.byteCount + header.byteCount, nanoseconds: header.nanoseconds)
    recorder.answered(worker.rank, answers)
    let notRun = state.gaveNoValue(worker.rank, nanoseconds: header.nanoseconds)
    let thrown = worker.incoming.withBytes { readThrown(from: $0.extracting(first: header.byteCount)) }
    lose(chunk.tasks.lowerBound, of: chunk.call, in: worker, because: thrown.cause, error: thrown.error)
    for task in notRun { lose(task.index, of: task.call, in: worker, because: .notRun) }
  }
}

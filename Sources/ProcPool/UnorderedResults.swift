/// What became of one task.
public struct TaskOutcome<Output> {
  /// Position of its item in the sequence, from 0.
  public let index: Int
  /// The result, or why there is none.
  public let result: Result<Output, TaskFailure>
}

/// The outcomes of `imapUnordered`, in the order in which they come. Leaving it before its end drops what is left.
public final class UnorderedResults<Input: Codable, Output: Codable>: CallReceiver {
  private let pool: Pool<Input, Output>
  private let window: Int
  private let chunkSize: Int
  private var nextItem: () -> Input?
  private var id = CallID(number: 0)
  /// Items that were taken and have no outcome yet, for they may have to be sent again.
  private var items: [Int: Input] = [:]
  /// Outcomes not yet taken from the stream, the next one last.
  private var waiting: [TaskOutcome<Output>] = []
  private var arrived: [TaskOutcome<Output>] = []
  private var takenCount = 0
  private var yieldedCount = 0
  private var isExhausted = false

  init<Items: Sequence<Input>>(
    of items: Items, in pool: Pool<Input, Output>, chunkSize: Int, retries: Int, window: Int
  ) throws(PoolError) {
    precondition(chunkSize >= 1, "a chunk has at least one task")
    (self.pool, self.window, self.chunkSize) = (pool, window, chunkSize)
    var iterator = items.makeIterator()
    nextItem = { iterator.next() }
    id = try pool.supervisor.begin(
      CallState(chunkSize: chunkSize, stopsAtFirstError: false, retries: retries), for: WeakReceiver(self))
  }

  deinit { pool.supervisor.end(id) }

  /// The next outcome, or `nil` after the last.
  /// - Throws: an error of the pool as a whole, after which it is terminated.
  public func next() throws(PoolError) -> TaskOutcome<Output>? {
    while waiting.isEmpty {
      takeItems()
      if arrived.isEmpty {
        if isExhausted && yieldedCount == takenCount { return nil }
        try pool.supervisor.turn()
      }
      (waiting, arrived) = (arrived.reversed(), [])
    }
    yieldedCount += 1
    return waiting.removeLast()
  }

  /// Takes items as far as the window allows, a chunk at a time.
  private func takeItems() {
    let first = takenCount
    while !isExhausted && takenCount - yieldedCount < window {
      guard let item = nextItem() else {
        isExhausted = true
        break
      }
      items[takenCount] = item
      takenCount += 1
    }
    pool.supervisor.state.extend(id, by: takenCount - first)
    if isExhausted { pool.supervisor.state.complete(id) }
  }

  func appendTask(_ index: Int, to buffer: inout ByteBuffer) throws {
    if let item = items[index] { try pool.inputCodec.encode(item, &buffer) }
  }

  func receive(_ index: Int, kind: ReplyHeader.Kind, payload: RawSpan, from worker: WorkerProcess) {
    items[index] = nil
    let result = pool.outputCodec.result(index, kind: kind, payload: payload, from: worker)
    arrived.append(TaskOutcome(index: index, result: result))
  }

  func lose(_ failure: TaskFailure) {
    items[failure.index] = nil
    arrived.append(TaskOutcome(index: failure.index, result: .failure(failure)))
  }
}

/// Passes on to a receiver without keeping it alive, so that a stream nobody holds any longer can end its call.
private final class WeakReceiver: CallReceiver {
  private weak var receiver: (any CallReceiver)?

  init(_ receiver: any CallReceiver) { self.receiver = receiver }

  func appendTask(_ index: Int, to buffer: inout ByteBuffer) throws { try receiver?.appendTask(index, to: &buffer) }

  func receive(_ index: Int, kind: ReplyHeader.Kind, payload: RawSpan, from worker: WorkerProcess) {
    receiver?.receive(index, kind: kind, payload: payload, from: worker)
  }

  func lose(_ failure: TaskFailure) { receiver?.lose(failure) }
}

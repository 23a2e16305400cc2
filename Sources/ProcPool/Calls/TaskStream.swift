/// A call that takes its items and gives its outcomes one by one: `imap` and `imapUnordered`.
final class TaskStream<Input: Codable, Output: Codable>: CallReceiver {
  private let supervisor: Supervisor
  private let inputCodec = PayloadCodec<Input>()
  private let outputCodec = PayloadCodec<Output>()
  private let window: Int
  private let nextItem: () throws -> Supply<Input>
  private var id = CallID.none
  /// Items that were taken and have no outcome yet. They are kept because they may have to be sent again.
  private var items: [Int: Input] = [:]
  private(set) var outcomes: [Int: Result<Output, TaskFailure>] = [:]
  /// Indices of outcomes in the order of their arrival.
  private var arrivals = Queue<Int>()
  private var takenCount = 0
  private var yieldedCount = 0
  private var isExhausted = false
  /// Whether the producer is running.
  private var isTakingItems = false
  private var inputError: (any Error)?

  init(
    of next: @escaping () throws -> Supply<Input>, in supervisor: Supervisor, _ call: CallState, window: Int
  ) throws(PoolError) {
    (self.supervisor, self.window) = (supervisor, window)
    nextItem = next
    id = try supervisor.start(call, for: WeakReceiver(self))
  }

  deinit { supervisor.abandon(id) }

  /// Waits until `index` returns the index of an outcome that has arrived, and takes that outcome.
  /// - Returns: `nil` after the last one.
  func next(
    timeout: Double?, _ index: () -> Int?
  ) throws(PoolError) -> (index: Int, result: Result<Output, TaskFailure>)? {
    // The producer is reading its own stream: it would be asked for an item while it makes one.
    if isTakingItems { throw .waitsForItself }
    let deadline = timeout.map { monotonicNanoseconds() + nanoseconds(inSeconds: $0) }
    var hasPolled = false
    while true {
      takeItems()
      if let index = index(), let result = outcomes.removeValue(forKey: index) {
        yieldedCount += 1
        return (index, result)
      }
      if isExhausted && yieldedCount == takenCount {
        guard let error = inputError.take() else { return nil }
        throw error as? PoolError ?? .inputFailed(error)
      }
      // Not before the first poll: a timeout of 0 means one poll without waiting.
      if let deadline, hasPolled, monotonicNanoseconds() >= deadline { throw .timedOut }
      try supervisor.pollOnce(until: deadline)
      hasPolled = true
    }
  }

  func takeArrival() -> Int? { arrivals.popFirst() }

  /// Takes items from the producer as far as the window allows.
  private func takeItems() {
    let first = takenCount
    isTakingItems = true
    defer { isTakingItems = false }
    if !isExhausted && supervisor.hasJoined {
      inputError = PoolError.notRunning
      isExhausted = true
    }
    taking: while !isExhausted && takenCount - yieldedCount < window {
      do {
        switch try nextItem() {
        case .item(let item):
          items[takenCount] = item
          takenCount += 1
        case .notYet: break taking
        case .end: isExhausted = true
        }
      } catch {
        inputError = error
        isExhausted = true
      }
    }
    if takenCount > first { supervisor.state.extend(id, by: takenCount - first) }
    if isExhausted { supervisor.state.complete(id) }
  }

  func store(_ replies: RawSpan, _ replyByteCount: Int, from index: Int) throws {
    add(index, .success(try outputCodec.value(of: replies.extracting(ReplyHeader.byteCount...))))
  }

  func append(_ tasks: Range<Int>, to buffer: inout ByteBuffer) throws {
    for index in tasks {
      if let item = items[index] { try inputCodec.append(item, to: &buffer) }
    }
  }

  func recordFailure(_ failure: TaskFailure) { add(failure.index, .failure(failure)) }

  private func add(_ index: Int, _ result: Result<Output, TaskFailure>) {
    items[index] = nil
    outcomes[index] = result
    arrivals.append(index)
  }
}

/// Forwards to a receiver without keeping it alive, so that a stream which its user releases can abandon its call.
private final class WeakReceiver: CallReceiver {
  private weak var receiver: (any CallReceiver)?

  init(_ receiver: any CallReceiver) { self.receiver = receiver }

  func store(_ replies: RawSpan, _ replyByteCount: Int, from index: Int) throws {
    try receiver?.store(replies, replyByteCount, from: index)
  }

  func append(_ tasks: Range<Int>, to buffer: inout ByteBuffer) throws { try receiver?.append(tasks, to: &buffer) }

  func recordFailure(_ failure: TaskFailure) { receiver?.recordFailure(failure) }
}

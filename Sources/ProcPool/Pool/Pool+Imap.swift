extension Pool {
  /// Streams the results for `items` in their order, each as soon as it and all before it have arrived.
  ///
  /// Differs from Python: `items` is read no further than `window` beyond what has been taken from the stream, so it
  /// may be infinite; a task that fails is one error in its place, whatever the chunk size, and the stream goes on
  /// after it.
  /// - Parameters:
  ///   - items: any sequence, infinite or not.
  ///   - chunkSize: tasks per message.
  ///   - window: how many items may be taken whose results have not been taken; by default 64, or two chunks per worker
  ///     if that is more.
  ///   - timeout: seconds that one task may run.
  ///   - ranks: the workers that may run the tasks; by default all.
  /// - Throws: `invalidArgument` or `notRunning`.
  public func imap(
    _ items: some Sequence<Input>, chunkSize: ChunkSize = 1, window: Int? = nil, timeout: Double? = nil,
    ranks: Range<Int>? = nil
  ) throws(PoolError) -> OrderedResults<Input, Output> {
    OrderedResults(try stream(Self.producer(of: items), window, CallLimits(chunkSize, timeout, ranks)))
  }

  /// Streams the outcomes for `items` as they arrive.
  ///
  /// Differs from Python: as `imap`; and each outcome has the index of its item.
  /// - Throws: `invalidArgument` or `notRunning`.
  public func imapUnordered(
    _ items: some Sequence<Input>, chunkSize: ChunkSize = 1, window: Int? = nil, timeout: Double? = nil,
    ranks: Range<Int>? = nil
  ) throws(PoolError) -> UnorderedResults<Input, Output> {
    UnorderedResults(try stream(Self.producer(of: items), window, CallLimits(chunkSize, timeout, ranks)))
  }

  /// Streams the results for the items that `next` returns, until it returns `nil` or throws. An error that it throws
  /// is thrown after the results for the items before it.
  public func imap(
    chunkSize: ChunkSize = 1, window: Int? = nil, timeout: Double? = nil, ranks: Range<Int>? = nil,
    next: @escaping () throws -> Input?
  ) throws(PoolError) -> OrderedResults<Input, Output> {
    OrderedResults(try stream({ try Supply(next()) }, window, CallLimits(chunkSize, timeout, ranks)))
  }

  /// Streams the outcomes for the items that `next` supplies, which may depend on outcomes taken so far. It is asked
  /// when an outcome is taken or waited for, and after a `notYet` again when something has happened in the pool. An
  /// error that it throws is thrown after the outcomes of the items before it.
  ///
  /// Differs from Python, whose iterables cannot say "not yet". Each task is a message of its own: in a larger chunk, a
  /// task could wait for another one that waits for it.
  /// - Parameters:
  ///   - window: how many items may be taken whose outcomes have not been taken.
  ///   - timeout: seconds that one task may run.
  ///   - ranks: the workers that may run the tasks; by default all.
  ///   - next: supplies an item, or says that there is none now or none any more.
  public func imapUnordered(
    window: Int, timeout: Double? = nil, ranks: Range<Int>? = nil, supply next: @escaping () throws -> Supply<Input>
  ) throws(PoolError) -> UnorderedResults<Input, Output> {
    UnorderedResults(try stream(next, window, CallLimits(1, timeout, ranks)))
  }

  private static func producer(of items: some Sequence<Input>) -> () -> Supply<Input> {
    var iterator = items.makeIterator()
    return { Supply(iterator.next()) }
  }

  private func stream(
    _ next: @escaping () throws -> Supply<Input>, _ window: Int?, _ limits: CallLimits
  ) throws(PoolError) -> TaskStream<Input, Output> {
    if let window, window < 1 { throw .invalidArgument("a window holds at least one task, not \(window)") }
    var limits = limits
    if limits.chunkSize == .automatic { limits.chunkSize = 1 }
    let call = try limits.callState(taskCount: 0, options, stopsAtFirstError: false)
    // No overflow: `callState` has clamped the chunk, and `PoolOptions.check` the number of workers.
    let usual = limits.chunkSize == .adaptive ? 1024 * options.workers : max(64, 2 * call.chunkSize * options.workers)
    return try TaskStream(of: next, in: supervisor, call, window: max(call.chunkSize, window ?? usual))
  }
}

/// What a producer of items has to offer.
public enum Supply<Input> {
  /// One more input.
  case item(Input)
  /// None now; ask again when an outcome has been taken or something has happened in the pool.
  case notYet
  /// No more items.
  case end

  init(_ item: Input?) { self = item.map { .item($0) } ?? .end }
}

/// The outcome of one task of `imapUnordered`.
public struct TaskOutcome<Output> {
  /// Position of its item in the sequence, from 0.
  public let index: Int
  /// The result, or why the task failed.
  public let result: Result<Output, TaskFailure>
}

/// The outcomes of `imapUnordered`, as they arrive. Releasing the stream before its end drops the tasks not yet begun.
public final class UnorderedResults<Input: Codable, Output: Codable> {
  private let stream: TaskStream<Input, Output>

  init(_ stream: TaskStream<Input, Output>) { self.stream = stream }

  /// The next outcome, or `nil` after the last.
  /// - Parameter timeout: seconds to wait at most; 0 sends and receives what is possible without waiting.
  /// - Throws: `timedOut`, after which the next call waits for the same outcome; or an error of the pool as a whole,
  ///   which has then been terminated.
  public func next(timeout: Double? = nil) throws(PoolError) -> TaskOutcome<Output>? {
    guard let outcome = try stream.next(timeout: timeout, stream.takeArrival) else { return nil }
    return TaskOutcome(index: outcome.index, result: outcome.result)
  }
}

/// The results of `imap`, in the order of their items. Releasing the stream before its end drops the tasks not yet
/// begun.
public final class OrderedResults<Input: Codable, Output: Codable> {
  private let stream: TaskStream<Input, Output>
  private var nextIndex = 0

  init(_ stream: TaskStream<Input, Output>) { self.stream = stream }

  /// The result for the next item, or `nil` after the last.
  /// - Parameter timeout: seconds to wait at most.
  /// - Throws: `taskFailed` in the place of a task that failed, after which the next call gives the next result;
  ///   `timedOut`, after which the next call waits for the same result; or an error of the pool as a whole.
  public func next(timeout: Double? = nil) throws(PoolError) -> Output? {
    guard let outcome = try stream.next(timeout: timeout, { nextIndex }) else { return nil }
    nextIndex += 1
    switch outcome.result {
    case .success(let value): return value
    case .failure(let failure): throw .taskFailed(failure)
    }
  }
}

extension Pool {
  /// The results for `items` in their order, each as soon as it and all before it are there.
  ///
  /// Differs from Python: `items` is read no further than `window` ahead of what has been taken from the stream, so it may
  /// be infinite; a task that fails is one error in its place, whatever the chunk size, and the stream goes on behind it.
  /// - Parameters:
  ///   - chunkSize: tasks per message.
  ///   - window: items taken and results not yet taken; by default 64, or two chunks per worker if more.
  ///   - timeout: seconds that one task may run.
  ///   - ranks: the workers that may run its tasks; by default all.
  /// - Throws: `invalidArgument` or `notRunning`.
  public func imap(
    _ items: some Sequence<Input>, chunkSize: ChunkSize = 1, window: Int? = nil, timeout: Double? = nil,
    ranks: Range<Int>? = nil
  ) throws(PoolError) -> OrderedResults<Input, Output> {
    OrderedResults(try stream(Self.producer(of: items), window, CallLimits(chunkSize, timeout, ranks)))
  }

  /// The results as they come.
  ///
  /// Differs from Python: as `imap`; and each result tells the index of its item.
  /// - Throws: `invalidArgument` or `notRunning`.
  public func imapUnordered(
    _ items: some Sequence<Input>, chunkSize: ChunkSize = 1, window: Int? = nil, timeout: Double? = nil,
    ranks: Range<Int>? = nil
  ) throws(PoolError) -> UnorderedResults<Input, Output> {
    UnorderedResults(try stream(Self.producer(of: items), window, CallLimits(chunkSize, timeout, ranks)))
  }

  /// `imap` of what `next` gives, until it gives `nil` or throws; an error that it throws comes behind the results for the
  /// items before it.
  public func imap(
    chunkSize: ChunkSize = 1, window: Int? = nil, timeout: Double? = nil, ranks: Range<Int>? = nil,
    next: @escaping () throws -> Input?
  ) throws(PoolError) -> OrderedResults<Input, Output> {
    OrderedResults(try stream({ try Supply(next()) }, window, CallLimits(chunkSize, timeout, ranks)))
  }

  /// `imapUnordered` of what `next` gives, which may depend on the results taken so far: it is asked when a result is taken
  /// or waited for, and again after a `notYet` when something has happened in the pool. An error that it throws comes
  /// behind the results for the items before it.
  ///
  /// Differs from Python, whose iterables cannot say "not yet". Tasks travel one to a message, as those of a larger chunk
  /// could wait for others that wait for them.
  /// - Parameter window: as above; items are taken no further than this ahead of the results.
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
    if let window, window < 1 { throw .invalidArgument("a window has room for at least one task, not \(window)") }
    var limits = limits
    if limits.chunkSize == .automatic { limits.chunkSize = 1 }
    let call = try limits.callState(taskCount: 0, options, stopsAtFirstError: false)
    // No product of what a caller may name overflows: a chunk and a number of workers have limits.
    let usual = limits.chunkSize == .adaptive ? 1024 * options.workers : max(64, 2 * call.chunkSize * options.workers)
    return try TaskStream(of: next, in: supervisor, call, window: max(call.chunkSize, window ?? usual))
  }
}

/// What there is to be had where inputs come one after another.
public enum Supply<Input> {
  /// One more input.
  case item(Input)
  /// None at this moment; there will be more when a result has been taken or something else has happened.
  case notYet
  /// No more, ever.
  case end

  init(_ item: Input?) { self = item.map { .item($0) } ?? .end }
}

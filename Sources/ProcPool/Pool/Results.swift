/// What became of one task.
public struct TaskOutcome<Output> {
  /// Position of its item in the sequence, from 0.
  public let index: Int
  /// The result, or why there is none.
  public let result: Result<Output, TaskFailure>
}

/// The outcomes of `imapUnordered`, in the order in which they come. Leaving it before its end drops what is left.
public final class UnorderedResults<Input: Codable, Output: Codable> {
  private let stream: TaskStream<Input, Output>

  init(_ stream: TaskStream<Input, Output>) { self.stream = stream }

  /// The next outcome, or `nil` after the last.
  /// - Parameter timeout: seconds to wait at most; with 0 the pool hands out what there is and takes what has come.
  /// - Throws: `timedOut`, after which the same may be asked for again, or an error of the pool as a whole, after which it
  ///   is terminated.
  public func next(timeout: Double? = nil) throws(PoolError) -> TaskOutcome<Output>? {
    guard let outcome = try stream.next(timeout: timeout, stream.takeArrival) else { return nil }
    return TaskOutcome(index: outcome.index, result: outcome.result)
  }
}

/// The results of `imap`, in the order of their items. Leaving it before its end drops what is left.
public final class OrderedResults<Input: Codable, Output: Codable> {
  private let stream: TaskStream<Input, Output>
  private var nextIndex = 0

  init(_ stream: TaskStream<Input, Output>) { self.stream = stream }

  /// The result for the next item, or `nil` after the last.
  /// - Parameter timeout: seconds to wait at most.
  /// - Throws: `taskFailed` in the place of a task that failed, after which the next call gives the result behind it;
  ///   `timedOut`, after which the same may be asked for again; or an error of the pool as a whole.
  public func next(timeout: Double? = nil) throws(PoolError) -> Output? {
    guard let outcome = try stream.next(timeout: timeout, { nextIndex }) else { return nil }
    nextIndex += 1
    switch outcome.result {
    case .success(let value): return value
    case .failure(let failure): throw .taskFailed(failure)
    }
  }
}

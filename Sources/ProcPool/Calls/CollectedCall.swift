/// A call whose results are kept until it has ended: `map` and `apply`.
final class CollectedCall<Input: Codable, Output: Codable, Value>: CallReceiver {
  private let inputs: CallInputs<Input>
  private let results: CallResults<Output>
  private let handle: AsyncResult<Value>
  private let combine: ([Output]) -> Value
  private let progress: Progress?
  private var firstFailure: TaskFailure?
  private var shownCount = 0

  typealias Progress = (_ ended: Int, _ total: Int) -> Void

  init(
    _ inputs: CallInputs<Input>, _ results: CallResults<Output>, for handle: AsyncResult<Value>, progress: Progress?,
    combine: @escaping ([Output]) -> Value
  ) {
    (self.inputs, self.results, self.handle) = (inputs, results, handle)
    (self.progress, self.combine) = (progress, combine)
  }

  var payloadStride: Int { inputs.stride }
  var hasPlainResults: Bool { results.isPlain }
  var followsProgress: Bool { progress != nil }

  func append(_ tasks: Range<Int>, to buffer: inout ByteBuffer) throws { try inputs.append(tasks, &buffer) }

  func store(_ replies: RawSpan, _ replyByteCount: Int, from index: Int) throws {
    try results.store(replies, replyByteCount, index)
  }

  func lose(_ failure: TaskFailure) {
    // A task that was not run has an earlier one of its chunk to blame.
    if failure.cause != .notRun, failure.index < firstFailure?.index ?? .max { firstFailure = failure }
  }

  func endTurn(ended: Int) {
    guard let progress, ended > shownCount else { return }
    shownCount = ended
    progress(ended, inputs.count)
  }

  func finish() {
    if let firstFailure { return handle.resolve(.failure(.taskFailed(firstFailure))) }
    do throws(PoolError) {
      handle.resolve(.success(combine(try results.all())))
    } catch {
      handle.resolve(.failure(error))
    }
  }

  func fail(_ error: PoolError) { handle.resolve(.failure(error)) }
}

/// The owner of a call: supplies the payloads of its tasks and receives their outcomes.
protocol CallReceiver: AnyObject {
  /// Bytes from one payload to the next if all have one length and lie side by side; else 0.
  var payloadStride: Int { get }
  /// Whether `reportProgress` is wanted.
  var followsProgress: Bool { get }
  /// Whether `store` takes many replies at once.
  var hasPlainResults: Bool { get }
  /// Stores the values of replies, the first of which answers task `index`. An error it throws fails those tasks.
  func store(_ replies: RawSpan, _ replyByteCount: Int, from index: Int) throws
  /// Appends the payloads of some tasks; without a stride, of one task at a time.
  func append(_ tasks: Range<Int>, to buffer: inout ByteBuffer) throws
  /// Records that a task has no result.
  func recordFailure(_ failure: TaskFailure)
  /// Called after each poll of the supervisor with the number of tasks finished so far. User code may run here.
  func reportProgress(finished: Int)
  /// Called once, when every task has its outcome. User code may run here.
  func resolve()
  /// Called instead of `resolve` when the call ends before that.
  func fail(_ error: PoolError)
}

extension CallReceiver {
  var payloadStride: Int { 0 }
  var hasPlainResults: Bool { false }
  var followsProgress: Bool { false }

  func reportProgress(finished: Int) {}
  func resolve() {}
  func fail(_ error: PoolError) {}

  /// Appends the message for a chunk.
  func append(_ chunk: Chunk, to buffer: inout ByteBuffer) {
    let start = buffer.count
    let stride = payloadStride
    // With a stride the length is known beforehand; else it is filled in behind the tasks.
    var header = ChunkHeader(
      taskCount: UInt32(chunk.tasks.count), stride: UInt32(stride), byteCount: stride * chunk.tasks.count,
      number: chunk.number, stopsAtFirstError: chunk.stopsAtFirstError)
    if stride > 0 {
      buffer.append(memoryOf: header)
      do {
        try append(chunk.tasks, to: &buffer)
      } catch {
        preconditionFailure("copying plain memory does not throw")
      }
      return
    }
    buffer.append(memoryOf: header)
    let tasksStart = buffer.count
    for index in chunk.tasks { appendWithLength(index, to: &buffer) }
    header.byteCount = buffer.count - tasksStart
    buffer.replace(at: start, with: header)
  }

  /// Appends a task after its length; if it cannot be encoded, the error stands in its place and the worker sends it
  /// back.
  private func appendWithLength(_ index: Int, to buffer: inout ByteBuffer) {
    let lengthOffset = buffer.count
    buffer.append(memoryOf: TaskLength(byteCount: 0, isRefusal: false))
    let payloadOffset = buffer.count
    var isRefusal = false
    do {
      try append(index..<index + 1, to: &buffer)
    } catch {
      isRefusal = true
      buffer.truncate(to: payloadOffset)
      buffer.append(error: error)
    }
    let length = TaskLength(byteCount: buffer.count - payloadOffset, isRefusal: isRefusal)
    buffer.replace(at: lengthOffset, with: length)
  }
}

/// A call whose results are kept until it has finished: `map` and `apply`.
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

  func recordFailure(_ failure: TaskFailure) {
    // A task that did not run is the consequence of an earlier one that threw, which is the failure to report.
    if failure.cause != .notRun, failure.index < firstFailure?.index ?? .max { firstFailure = failure }
  }

  func reportProgress(finished: Int) {
    guard let progress, finished > shownCount else { return }
    shownCount = finished
    progress(finished, inputs.count)
  }

  func resolve() {
    if let firstFailure { return handle.resolve(.failure(.taskFailed(firstFailure))) }
    do throws(PoolError) {
      handle.resolve(.success(combine(try results.all())))
    } catch {
      handle.resolve(.failure(error))
    }
  }

  func fail(_ error: PoolError) { handle.resolve(.failure(error)) }
}

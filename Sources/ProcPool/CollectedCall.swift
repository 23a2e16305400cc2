/// A call whose results are kept until it has ended: `map` and `apply`.
final class CollectedCall<Input: Codable, Output: Codable, Value>: CallReceiver {
  private let items: [Input]
  private let pool: Pool<Input, Output>
  private let handle: AsyncResult<Value>
  private let combine: ([Output]) -> Value
  private let progress: Progress?
  private var values: [Output?]
  private var firstFailure: TaskFailure?
  private var endedCount = 0
  private var shownCount = 0

  typealias Progress = (_ ended: Int, _ total: Int) -> Void

  init(
    _ items: [Input], in pool: Pool<Input, Output>, for handle: AsyncResult<Value>, progress: Progress?,
    combine: @escaping ([Output]) -> Value
  ) {
    (self.items, self.pool, self.handle, self.progress, self.combine) = (items, pool, handle, progress, combine)
    values = Array(repeating: nil, count: items.count)
  }

  func appendTask(_ index: Int, to buffer: inout ByteBuffer) throws {
    try pool.inputCodec.encode(items[index], &buffer)
  }

  func receive(_ index: Int, kind: ReplyHeader.Kind, payload: RawSpan, from worker: WorkerProcess) {
    switch pool.outputCodec.result(index, kind: kind, payload: payload, from: worker) {
    case .success(let value):
      values[index] = value
      endedCount += 1
    case .failure(let failure): lose(failure)
    }
  }

  func lose(_ failure: TaskFailure) {
    endedCount += 1
    // A task that was not run has an earlier one of its chunk to blame.
    if failure.cause != .notRun, failure.index < firstFailure?.index ?? .max { firstFailure = failure }
  }

  func endTurn() {
    guard let progress, endedCount > shownCount else { return }
    shownCount = endedCount
    progress(endedCount, items.count)
  }

  func finish() {
    if let firstFailure {
      handle.resolve(.failure(.taskFailed(firstFailure)))
    } else {
      handle.resolve(.success(combine(values.compactMap(\.self))))
    }
  }

  func fail(_ error: PoolError) { handle.resolve(.failure(error)) }
}

extension PayloadCodec {
  /// What a reply says of its task.
  func result(
    _ index: Int, kind: ReplyHeader.Kind, payload: RawSpan, from worker: WorkerProcess
  ) -> Result<Value, TaskFailure> {
    let cause: TaskFailure.Cause
    var error: (any Error & Sendable)?
    switch kind {
    case .notRun: cause = .notRun
    case .threw: (cause, error) = readThrown(from: payload)
    default:
      do {
        return .success(try decode(payload))
      } catch {
        cause = .threw(type: String(describing: type(of: error)), text: "the result could not be decoded: \(error)")
      }
    }
    var failure = TaskFailure(index: index, rank: worker.rank, pid: worker.pid, attempts: 1, cause: cause)
    failure.error = error
    return .failure(failure)
  }
}

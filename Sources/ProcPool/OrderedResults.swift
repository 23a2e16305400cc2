/// What became of the tasks of a `map`, in their order.
final class OrderedResults<Input: Codable, Output: Codable>: CallReceiver {
  private let items: [Input]
  private let input: PayloadCodec<Input>
  private let output: PayloadCodec<Output>
  private var values: [Output?]
  private var firstFailure: TaskFailure?

  init(items: [Input], input: PayloadCodec<Input>, output: PayloadCodec<Output>) {
    (self.items, self.input, self.output) = (items, input, output)
    values = Array(repeating: nil, count: items.count)
  }

  func appendTask(_ index: Int, to buffer: inout ByteBuffer) throws { try input.encode(items[index], &buffer) }

  func receive(_ index: Int, kind: ReplyHeader.Kind, payload: RawSpan, from worker: WorkerProcess) {
    switch output.result(index, kind: kind, payload: payload, from: worker) {
    case .success(let value): values[index] = value
    case .failure(let failure): lose(failure)
    }
  }

  func lose(_ failure: TaskFailure) {
    // A task that was not run has an earlier one of its chunk to blame.
    if failure.cause != .notRun, failure.index < firstFailure?.index ?? .max { firstFailure = failure }
  }

  func results() throws(PoolError) -> [Output] {
    if let firstFailure { throw .taskFailed(firstFailure) }
    return values.compactMap(\.self)
  }
}

extension PayloadCodec {
  /// What a reply says of its task.
  func result(
    _ index: Int, kind: ReplyHeader.Kind, payload: RawSpan, from worker: WorkerProcess
  ) -> Result<Value, TaskFailure> {
    let cause: TaskFailure.Cause
    switch kind {
    case .notRun: cause = .notRun
    case .threw:
      let texts = readTexts(2, from: payload)
      cause = .threw(type: texts[0], text: texts[1])
    default:
      do {
        return .success(try decode(payload))
      } catch {
        cause = .threw(type: String(describing: type(of: error)), text: "the result could not be decoded: \(error)")
      }
    }
    return .failure(
      TaskFailure(index: index, rank: worker.rank, pid: worker.pid, attempts: 1, cause: cause))
  }
}

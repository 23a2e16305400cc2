/// Whoever began a call: gives the payloads of its tasks and takes what became of them.
protocol CallReceiver: AnyObject {
  /// Bytes from one payload to the next where all have one length and lie side by side; else 0.
  var payloadStride: Int { get }
  /// Whether `endTurn` is to be called.
  var followsProgress: Bool { get }
  /// Whether `store` takes many replies at once.
  var hasPlainResults: Bool { get }
  /// Takes values as they come.
  func store(_ replies: RawSpan, _ replyByteCount: Int, from index: Int) throws
  /// Appends the payloads of some tasks; where there is no stride, of one task at a time.
  func append(_ tasks: Range<Int>, to buffer: inout ByteBuffer) throws
  /// Takes the news that a task has no result.
  func lose(_ failure: TaskFailure)
  /// A turn is over; so many tasks have ended. Code of the user may run here.
  func endTurn(ended: Int)
  /// Every task has its outcome; the call is over.
  func finish()
  /// The call is over before every task has its outcome.
  func fail(_ error: PoolError)
}

extension CallReceiver {
  var payloadStride: Int { 0 }
  var hasPlainResults: Bool { false }
  var followsProgress: Bool { false }

  func endTurn(ended: Int) {}
  func finish() {}
  func fail(_ error: PoolError) {}

  /// Appends the message that carries a chunk.
  func append(_ chunk: Chunk, to buffer: inout ByteBuffer) {
    let start = buffer.count
    let stride = payloadStride
    var header = ChunkHeader(
      taskCount: UInt32(chunk.tasks.count), stride: UInt32(stride), byteCount: stride * chunk.tasks.count,
      number: chunk.number, stopsAtFirstError: chunk.stopsAtFirstError)
    if stride > 0 {
      buffer.append(memoryOf: header)
      do {
        try append(chunk.tasks, to: &buffer)
      } catch {
        preconditionFailure("plain memory is copied without an error")
      }
      return
    }
    buffer.append(memoryOf: header)
    let tasksStart = buffer.count
    for index in chunk.tasks { appendWithLength(index, to: &buffer) }
    header.byteCount = buffer.count - tasksStart
    buffer.replace(at: start, with: header)
  }

  /// Appends a task behind its length; in the place of one that cannot be encoded, the reason.
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

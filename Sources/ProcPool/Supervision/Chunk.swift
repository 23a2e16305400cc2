/// Consecutive tasks of one call that travel in one message.
package struct Chunk: Hashable {
  package var call: CallID
  /// The tasks that its worker has yet to answer.
  package var tasks: Range<Int>
  /// Time limit of one of its tasks. Kept here, since it also holds after the call has been dropped.
  package var timeoutSeconds: Double?
  /// The first of the tasks that were sent.
  package let firstTask: Int
  /// Serial number among the chunks of its worker.
  package var number: UInt64 = 0
  /// Whether a task that throws ends the chunk.
  package let stopsAtFirstError: Bool

  package init(
    call: CallID, tasks: Range<Int>, timeoutSeconds: Double? = nil, stopsAtFirstError: Bool = false
  ) {
    (self.call, self.tasks, self.timeoutSeconds) = (call, tasks, timeoutSeconds)
    self.stopsAtFirstError = stopsAtFirstError
    firstTask = tasks.lowerBound
  }

  /// How many of the tasks that were sent are answered.
  var answeredCount: Int { tasks.lowerBound - firstTask }
  /// Where the tasks end that its worker may begin, counted from the first.
  var endOffset: UInt32 { UInt32(tasks.upperBound - firstTask) }
}

extension Queue where Element == Chunk {
  /// Removes the first tasks of the first chunk.
  /// - Returns: whether they were its last tasks; then the chunk is removed, too.
  package mutating func takeFirstTasks(_ count: Int) -> Bool {
    precondition(!isEmpty && count <= self[0].tasks.count, "a chunk with as many tasks")
    let tasks = self[0].tasks
    let rest = tasks.lowerBound + count..<tasks.upperBound
    self[0].tasks = rest
    if !rest.isEmpty { return false }
    removeFirst()
    return true
  }

  /// Removes the tasks of a chunk from `end` on, and the chunk if none is left.
  package mutating func cut(_ position: Int, from end: Int) {
    let tasks = self[position].tasks
    self[position].tasks = tasks.lowerBound..<end
    if tasks.lowerBound >= end { remove(at: position) }
  }
}

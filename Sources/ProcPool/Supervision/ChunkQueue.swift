/// Consecutive tasks of one call that travel in one message.
package struct Chunk: Hashable {
  package var call: CallID
  /// Those of its tasks that its worker is to answer and has not.
  package var tasks: Range<Int>
  /// Seconds that one of them may run, also when the call is over.
  package var timeoutSeconds: Double?
  /// The first of the tasks that it was sent with.
  package let firstTask: Int
  /// Counts the chunks of its worker.
  package var number: UInt64 = 0
  /// Whether a task that throws ends it.
  package let stopsAtFirstError: Bool

  package init(
    call: CallID, tasks: Range<Int>, timeoutSeconds: Double? = nil, stopsAtFirstError: Bool = false
  ) {
    (self.call, self.tasks, self.timeoutSeconds) = (call, tasks, timeoutSeconds)
    self.stopsAtFirstError = stopsAtFirstError
    firstTask = tasks.lowerBound
  }

  /// How many of the tasks that it was sent with are answered.
  var answeredCount: Int { tasks.lowerBound - firstTask }
  /// Where those end, counted from the first, that its worker may begin.
  var endOffset: UInt32 { UInt32(tasks.upperBound - firstTask) }
}

/// Chunks, oldest first; taking from the front moves no others.
package struct ChunkQueue {
  private var storage: [Chunk] = []
  private var head = 0

  package var count: Int { storage.count - head }
  package var isEmpty: Bool { count == 0 }
  package var first: Chunk? { isEmpty ? nil : storage[head] }

  /// From the oldest, 0, on.
  package subscript(position: Int) -> Chunk { storage[head + position] }

  package mutating func append(_ chunk: Chunk) {
    if head > 1024 {
      storage.removeFirst(head)
      head = 0
    }
    storage.append(chunk)
  }

  /// Takes the first tasks of the first chunk.
  /// - Returns: whether they were its last; then it is gone.
  package mutating func takeFirstTasks(_ count: Int) -> Bool {
    precondition(!isEmpty && count <= storage[head].tasks.count, "a chunk with as many tasks")
    let tasks = storage[head].tasks
    let rest = tasks.lowerBound + count..<tasks.upperBound
    storage[head].tasks = rest
    if !rest.isEmpty { return false }
    dropFirst()
    return true
  }

  /// Takes the first chunk, whatever is left of it.
  package mutating func dropFirst() {
    head += 1
    guard head == storage.count else { return }
    storage.removeAll(keepingCapacity: true)
    head = 0
  }

  /// Takes the tasks of a chunk from `end` on, and all of it where none is left.
  package mutating func cut(_ position: Int, from end: Int) {
    let tasks = storage[head + position].tasks
    storage[head + position].tasks = tasks.lowerBound..<end
    if tasks.lowerBound < end { return }
    if position == 0 { dropFirst() } else { storage.remove(at: head + position) }
  }
}

extension ChunkQueue: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { count }
}

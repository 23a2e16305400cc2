internal import Synchronization

/// Which tasks a worker may still begin: a word for each chunk that it has been sent, in memory shared with its parent.
///
/// Chunks are sent ahead, so that a worker never waits for its parent between two of them. But then a task could wait
/// forever behind one that hangs while another worker is idle, and a message in a pipe cannot be taken out again. So a
/// task that was sent is only offered. The word says which task of the chunk is next, and where those end that may be
/// begun. The worker claims a task by a compare-and-exchange that increments `next`, and begins it only then; the
/// parent takes tasks back by one that lowers `end`, never below `next`. Both change the same word, so each task is
/// either claimed or taken back, and both sides know which, in whatever order they come and wherever either dies. Tasks
/// taken back are still in the pipe: the worker finds them behind `end` and skips them.
///
/// Chunks are numbered from 0 in the order in which they are sent, and chunk n uses word n modulo `capacity`. A word is
/// reused only after the worker has said, by `passed`, that it is done with the earlier chunk.
///
/// The worker may overwrite all of this. So the parent accepts from a word only what it knows to be possible, and else
/// throws `WorkerDamage`.
///
/// Invariant: the pointers lie in a mapping that lives as long as the ring that owns this.
@safe
package struct ClaimTable {
  /// Twice the largest window of chunks, so that chunks taken back, which the worker has yet to skip, leave room for
  /// more.
  static let capacity = 2048
  package static let byteCount = 8 * (capacity + 8)

  private let words: UnsafeMutablePointer<Atomic<UInt64>>
  /// Chunks that the worker is done with. Only the worker writes it.
  private let passed: UnsafeMutablePointer<Atomic<UInt64>>

  /// - Parameter offset: where in the mapping the table lies: the start of a cache line.
  package init(in mapping: borrowing SharedMapping, at offset: Int) {
    unsafe passed = mapping.word(at: offset)
    unsafe words = mapping.pointer(at: offset + 64, to: Atomic<UInt64>.self, count: Self.capacity)
  }

  private func word(of chunk: UInt64) -> UnsafeMutablePointer<Atomic<UInt64>> {
    unsafe words + Int(chunk % UInt64(Self.capacity))
  }

  // MARK: Worker

  /// Claims the task at `offset` of a chunk; the tasks before it have been claimed.
  /// - Returns: false if the parent has taken it back, and with it all later ones.
  package func claim(_ offset: UInt32, of chunk: UInt64) -> Bool {
    let word = unsafe word(of: chunk)
    // Relaxed, as the exchange checks it.
    var old = unsafe word.pointee.load(ordering: .relaxed)
    while true {
      let claim = Claim(word: old)
      guard offset < claim.end else { return false }
      let new = Claim(next: offset + 1, end: claim.end)
      let (exchanged, original) = unsafe word.pointee.compareExchange(
        expected: old, desired: new.word, ordering: .sequentiallyConsistent)
      if exchanged { return true }
      old = original
    }
  }

  /// Declares that the worker will not touch the word of this chunk, or an earlier one, again.
  package func pass(_ chunk: UInt64) { unsafe passed.pointee.store(chunk &+ 1, ordering: .releasing) }

  // MARK: Parent

  /// Offers all tasks of a chunk that is about to be sent.
  package func offer(_ chunk: UInt64, taskCount: UInt32) {
    // Before the message: the system calls that carry it to the worker order this store before the worker's first load.
    unsafe word(of: chunk).pointee.store(Claim(next: 0, end: taskCount).word, ordering: .releasing)
  }

  /// How many chunks the worker is done with, of `sent`.
  func passedCount(of sent: UInt64) throws(WorkerDamage) -> UInt64 {
    let count = unsafe passed.pointee.load(ordering: .acquiring)
    guard count <= sent else { throw WorkerDamage(part: "chunks done") }
    return count
  }

  /// How many tasks of a chunk the worker has begun.
  /// - Parameter end: where the tasks end that it may begin, as the parent knows.
  package func begunCount(of chunk: UInt64, end: UInt32) throws(WorkerDamage) -> UInt32 {
    let claim = Claim(word: unsafe word(of: chunk).pointee.load(ordering: .sequentiallyConsistent))
    guard claim.end == end, claim.next <= end else { throw WorkerDamage(part: "claims") }
    return claim.next
  }

  /// Takes back the tasks of a chunk from `newEnd` on, except those that the worker has begun.
  /// - Parameter end: where the tasks end so far that it may begin, as the parent knows.
  /// - Returns: where they end now.
  package func takeBack(from newEnd: UInt32, of chunk: UInt64, end: UInt32) throws(WorkerDamage) -> UInt32 {
    while true {
      let begun = try begunCount(of: chunk, end: end)
      let reached = min(end, max(begun, newEnd))
      let exchange = unsafe word(of: chunk).pointee.compareExchange(
        expected: Claim(next: begun, end: end).word, desired: Claim(next: begun, end: reached).word,
        ordering: .sequentiallyConsistent)
      if exchange.exchanged { return reached }
    }
  }
}

/// A word of the table: the next task to claim, and where the tasks end that may be claimed.
private struct Claim {
  var next: UInt32
  var end: UInt32

  init(next: UInt32, end: UInt32) { (self.next, self.end) = (next, end) }

  init(word: UInt64) { (next, end) = (UInt32(truncatingIfNeeded: word), UInt32(truncatingIfNeeded: word >> 32)) }

  var word: UInt64 { UInt64(next) | UInt64(end) << 32 }
}

/// A worker wrote something impossible into the memory that it shares with its parent.
package struct WorkerDamage: Error {
  /// Which part of it.
  var part: StaticString
}

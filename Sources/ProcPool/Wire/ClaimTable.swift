internal import Synchronization

/// Which tasks of the chunks that a worker has been sent it may still begin: a word for each chunk, in memory that the
/// worker shares with its parent.
///
/// Chunks are sent ahead, so that a worker never waits for its parent between two of them. But then a task could wait for
/// ever behind one that hangs while another worker has nothing to do, and what lies in a pipe cannot be taken out again.
/// So a task that was sent is only offered. The word says which one of the chunk is next and where those end that may be
/// begun; the worker claims a task by a compare-and-exchange that adds 1 to `next`, and begins it only then; the parent
/// takes tasks back by one that lowers `end`, never below `next`. Both change the same word, so each task is either
/// claimed or taken back, and both sides know which, whatever the order and whoever dies at whatever line. Tasks that were
/// taken back are still in the pipe: the worker finds them behind `end` and skips them.
///
/// Chunks have numbers from 0 in the order in which they are sent, and the word of chunk n is the one at n modulo their
/// count. A word is used again only when the worker has said, by `passed`, that it is done with the chunk before.
///
/// What is read here was perhaps written by a worker gone mad, so the parent takes from a word no more than it knows to be
/// possible, and else throws `WorkerDamage`.
@safe
package struct ClaimTable {
  static let capacity = 2048
  package static let byteCount = 8 * (capacity + 8)

  private let words: UnsafeMutablePointer<Atomic<UInt64>>
  /// Chunks that the worker is done with. It alone writes it.
  private let passed: UnsafeMutablePointer<Atomic<UInt64>>

  /// - Parameter offset: where in the mapping the table lies, on a cache line.
  package init(in mapping: borrowing SharedMapping, at offset: Int) {
    precondition(offset + Self.byteCount <= mapping.byteCount, "inside the mapping")
    unsafe passed = mapping.word(at: offset)
    unsafe words = mapping.word(at: offset + 64)
  }

  private func word(of chunk: UInt64) -> UnsafeMutablePointer<Atomic<UInt64>> {
    unsafe words + Int(chunk % UInt64(Self.capacity))
  }

  // MARK: Worker

  /// Claims the task at `offset` of a chunk, all before which have been claimed.
  /// - Returns: false where the parent has taken back that one and all behind it.
  package func claim(_ offset: UInt32, of chunk: UInt64) -> Bool {
    let word = unsafe word(of: chunk)
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

  /// The worker will not look at the word of a chunk, or of one before it, again.
  package func pass(_ chunk: UInt64) { unsafe passed.pointee.store(chunk &+ 1, ordering: .releasing) }

  // MARK: Parent

  /// Offers all of a chunk that is about to be sent.
  package func offer(_ chunk: UInt64, taskCount: UInt32) {
    // Before the message, which a system call carries to the worker.
    unsafe word(of: chunk).pointee.store(Claim(next: 0, end: taskCount).word, ordering: .releasing)
  }

  /// How many chunks the worker is done with, of `sent`.
  func passedCount(of sent: UInt64) throws(WorkerDamage) -> UInt64 {
    let count = unsafe passed.pointee.load(ordering: .acquiring)
    guard count <= sent else { throw WorkerDamage(part: "chunks done") }
    return count
  }

  /// How many tasks of a chunk the worker has begun.
  /// - Parameter end: where those end that it may begin.
  package func begunCount(of chunk: UInt64, end: UInt32) throws(WorkerDamage) -> UInt32 {
    let claim = Claim(word: unsafe word(of: chunk).pointee.load(ordering: .sequentiallyConsistent))
    guard claim.end == end, claim.next <= end else { throw WorkerDamage(part: "claims") }
    return claim.next
  }

  /// Takes back the tasks of a chunk from `newEnd` on, as far as the worker has not begun them.
  /// - Parameter end: where those ended so far that it may begin.
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

/// How far the tasks of a chunk are begun, and where those end that may be.
private struct Claim {
  var next: UInt32
  var end: UInt32

  init(next: UInt32, end: UInt32) { (self.next, self.end) = (next, end) }

  init(word: UInt64) { (next, end) = (UInt32(truncatingIfNeeded: word), UInt32(truncatingIfNeeded: word >> 32)) }

  var word: UInt64 { UInt64(next) | UInt64(end) << 32 }
}

/// A worker wrote what no worker of ours does over memory that it shares with its parent.
package struct WorkerDamage: Error {
  /// What was found there.
  var part: StaticString
}

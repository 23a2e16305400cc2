internal import CProcPool
internal import Synchronization

/// A word in shared memory on which processes sleep until another has changed something that they look at.
///
/// The lowest bit says that somebody sleeps or is about to; the rest counts the changes. Who waits sets the bit, looks
/// once more, and sleeps unless the word has changed; who makes a change makes it first, then counts it here and clears
/// the bit, and wakes all if it was set. Both do so by an atomic read-modify-write on one word, hence one comes first: if
/// it is who waits, the other sees the bit; if it is who changes, the other looks after the change.
///
/// Nobody can die and be missed: a bit left behind costs one idle call of the kernel. Only who dies between the change and
/// the waking leaves sleepers behind, and they are woken by `wakeAll` when the death is known.
@safe
struct SharedSignal {
  /// Zero at first.
  let word: UnsafeMutablePointer<Atomic<UInt32>>
  private static let waiterBit: UInt32 = 1

  /// Tells of a change that has been made.
  func raise() { if count() & Self.waiterBit != 0 { wakeSleepers() } }

  /// Tells of a change that a process may have made before it died.
  func wakeAll() {
    _ = count()
    wakeSleepers()
  }

  /// Announces that the caller will sleep unless a last look finds what it waits for.
  /// - Returns: the value to sleep on.
  func announceWaiter() -> UInt32 {
    unsafe word.pointee.bitwiseOr(Self.waiterBit, ordering: .acquiringAndReleasing).newValue
  }

  /// Sleeps until a change since `value` was announced, for at most so long; may return early.
  func sleep(on value: UInt32, nanoseconds: UInt64?) {
    let limit = nanoseconds.map { Int64(clamping: $0) } ?? -1
    unsafe cprocpool_futex_wait(kernelWord, value, limit)
  }

  /// - Returns: the word as it was before.
  private func count() -> UInt32 {
    var old = unsafe word.pointee.load(ordering: .relaxed)
    while true {
      let (exchanged, original) = unsafe word.pointee.weakCompareExchange(
        expected: old, desired: (old &+ 2) & ~Self.waiterBit, ordering: .acquiringAndReleasing)
      if exchanged { return old }
      old = original
    }
  }

  private func wakeSleepers() { unsafe cprocpool_futex_wake_all(kernelWord) }

  private var kernelWord: UnsafePointer<UInt32> {
    unsafe UnsafePointer(UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self))
  }
}

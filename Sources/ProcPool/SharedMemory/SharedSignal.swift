internal import CProcPool
internal import Synchronization

/// A word in shared memory on which processes sleep until another process has changed what they wait for.
///
/// The lowest bit says that a process sleeps or is about to; the rest counts changes. A waiter sets the bit, checks
/// once more, and sleeps unless the word has changed. A process that makes a change makes it first, then increments the
/// count and clears the bit, and wakes all sleepers if the bit was set. Both steps are atomic read-modify-writes of one
/// word, so one comes first: if it is the waiter's, the other sees the bit; if it is the changer's, the waiter's check
/// comes after the change.
///
/// A death does no harm: a bit left behind costs one wake-up without a sleeper. Only a process that dies between the
/// change and the wake-up leaves sleepers behind, and `wakeAll` wakes them when the death is known.
///
/// Invariant: `word` lies in a mapping that lives as long as its owner.
@safe
struct SharedSignal {
  /// Zero at first.
  let word: UnsafeMutablePointer<Atomic<UInt32>>
  private static let waiterBit: UInt32 = 1

  /// Announces a change that has been made.
  func raise() { if count() & Self.waiterBit != 0 { wakeSleepers() } }

  /// Announces a change that a process may have made before it died.
  func wakeAll() {
    _ = count()
    wakeSleepers()
  }

  /// Announces that the caller will sleep, unless one more check finds what it waits for.
  /// - Returns: the value to sleep on.
  func announceWaiter() -> UInt32 {
    unsafe word.pointee.bitwiseOr(Self.waiterBit, ordering: .acquiringAndReleasing).newValue
  }

  /// Sleeps until the word is no longer `value`, for at most `nanoseconds`; may return early.
  func sleep(on value: UInt32, nanoseconds: UInt64?) {
    let limit = nanoseconds.map { Int64(clamping: $0) } ?? -1
    unsafe cprocpool_futex_wait(kernelWord, value, limit)
  }

  /// - Returns: the word before the change.
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

internal import Glibc
internal import Synchronization

/// A number that threads raise and others wait for. A waiter looks for a short while, as the next step of a
/// quantisation is a few microseconds away, and then sleeps.
///
/// Unchecked `Sendable`: the pointers are allocated and initialised once, and freed when no thread has the gate any
/// more; mutex and condition exist to be shared.
@safe
final class CountingGate: @unchecked Sendable {
  private let number = Atomic<UInt32>(0)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let looks: Int

  /// - Parameter looks: how often a waiter looks before it sleeps.
  init(looks: Int) {
    self.looks = looks
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(condition, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  /// Raises the number by 1. What the caller wrote before is seen by whom it wakes.
  func raise() {
    // With the lock, so that no waiter falls asleep between its last look and this.
    unsafe pthread_mutex_lock(mutex)
    number.wrappingAdd(1, ordering: .releasing)
    unsafe pthread_cond_broadcast(condition)
    unsafe pthread_mutex_unlock(mutex)
  }

  /// Returns when the number is `target`; it must not go beyond before.
  func wait(for target: UInt32) {
    for _ in 0..<looks where number.load(ordering: .acquiring) == target { return }
    unsafe pthread_mutex_lock(mutex)
    while number.load(ordering: .acquiring) != target { unsafe pthread_cond_wait(condition, mutex) }
    unsafe pthread_mutex_unlock(mutex)
  }
}

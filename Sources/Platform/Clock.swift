internal import Glibc

/// The monotonic clock: never set, runs unless the machine is suspended, the same in every process of the machine.
package enum Clock {
  /// Nanoseconds since some time before the process began.
  package static var nanoseconds: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  package static var seconds: Double { Double(nanoseconds) * 1e-9 }

  package static func sleep(untilNanoseconds end: UInt64) {
    var time = timespec(tv_sec: Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
    while unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
  }
}

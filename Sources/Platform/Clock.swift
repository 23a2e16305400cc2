internal import Glibc

/// The clock that is never set, nor stops while anybody works: the same in every process of the machine.
package enum Clock {
  /// Nanoseconds since some time before the process began.
  package static var nanoseconds: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// Seconds since then.
  package static var seconds: Double { Double(nanoseconds) * 1e-9 }

  /// Sleeps until a time has come.
  package static func sleep(untilNanoseconds end: UInt64) {
    var time = timespec(tv_sec: Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
    while unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
  }
}

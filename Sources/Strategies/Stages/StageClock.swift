internal import Glibc

/// Attributes the time that passes in a process to stages.
struct StageClock {
  private(set) var spans: [StageSpan] = []
  let rank: Int
  private var last = Self.now()

  init(rank: Int) { self.rank = rank }

  /// The time since the last call, or since the clock was made, was spent in `stage`.
  mutating func end(_ stage: Stage) {
    let now = Self.now()
    spans.append(StageSpan(stage: stage, rank: rank, begin: last, end: now))
    last = now
  }

  /// Nanoseconds of the clock that is never set back.
  static func now() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

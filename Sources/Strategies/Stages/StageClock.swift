internal import Platform

/// Attributes the time that passes in a process to stages.
struct StageClock {
  private(set) var spans: [StageSpan] = []
  let rank: Int
  private var last = Clock.nanoseconds

  init(rank: Int) { self.rank = rank }

  /// The time since the last call, or since the clock was made, was spent in `stage`.
  mutating func end(_ stage: Stage) {
    let now = Clock.nanoseconds
    spans.append(StageSpan(stage: stage, rank: rank, begin: last, end: now))
    last = now
  }
}

internal import Platform

/// A stage of the work on an image.
package enum Stage: String, CaseIterable, Codable, Sendable {
  /// Bytes from the disk.
  case read
  /// Bytes to pixels.
  case decode
  /// Pixels to pixels.
  case transform
  /// Pixels to bytes.
  case encode
  /// Bytes to the disk, including the wait for a bandwidth limit.
  case write
  /// Everything else: waiting for work, for room in a queue, for a processor between stages, for the last worker to
  /// end.
  case wait
}

/// One stage of one task: which rank ran it, and when.
package struct StageSpan: Hashable, Sendable {
  package var stage: Stage
  /// Rank of the process, or `mainRank`.
  package var rank: Int
  /// In nanoseconds of the monotonic clock.
  package var begin: UInt64
  /// In nanoseconds of the monotonic clock.
  package var end: UInt64

  /// Stands for the main process where it has no rank.
  package static let mainRank = -1

  package init(stage: Stage, rank: Int, begin: UInt64, end: UInt64) {
    (self.stage, self.rank, self.begin, self.end) = (stage, rank, begin, end)
  }

  package var seconds: Double { Double(end - begin) * 1e-9 }
}

/// Seconds spent in each stage.
package struct StageTimes: Hashable, Codable, Sendable {
  private var seconds: [Stage: Double] = [:]

  package init() {}

  /// Sums the spans by stage.
  package init(_ spans: [StageSpan]) {
    for span in spans { self[span.stage] += span.seconds }
  }

  package subscript(stage: Stage) -> Double {
    get { seconds[stage, default: 0] }
    set { seconds[stage] = newValue }
  }

  package var total: Double { seconds.values.reduce(0, +) }

  package static func += (left: inout StageTimes, right: StageTimes) {
    left.seconds.merge(right.seconds, uniquingKeysWith: +)
  }
}

/// Attributes the elapsed time of a process to stages.
struct StageClock {
  private(set) var spans: [StageSpan] = []
  let rank: Int
  private var last = Clock.nanoseconds

  init(rank: Int) { self.rank = rank }

  /// Attributes the time since the last call, or since `init`, to `stage`.
  mutating func end(_ stage: Stage) {
    let now = Clock.nanoseconds
    spans.append(StageSpan(stage: stage, rank: rank, begin: last, end: now))
    last = now
  }
}

internal import Glibc

/// A part of the work on an image.
public enum Stage: String, CaseIterable, Sendable {
  /// Bytes from the disk.
  case read
  /// Bytes to pixels.
  case decode
  /// Pixels to pixels.
  case transform
  /// Pixels to bytes.
  case encode
  /// Bytes to the disk.
  case write
  /// Everything else: waiting for work, for a turn of the processor between stages, for the last worker to end.
  case wait
}

/// Seconds spent in each stage.
public struct StageTimes: Hashable, Sendable {
  private var seconds: [Stage: Double] = [:]

  /// No time at all.
  public init() {}

  /// Seconds of one stage.
  public subscript(stage: Stage) -> Double {
    get { seconds[stage, default: 0] }
    set { seconds[stage] = newValue }
  }

  /// Seconds of all stages.
  public var total: Double { seconds.values.reduce(0, +) }

  /// Adds the times of another.
  public static func += (left: inout StageTimes, right: StageTimes) {
    left.seconds.merge(right.seconds, uniquingKeysWith: +)
  }
}

/// Attributes the time that passes to stages.
struct StageClock {
  private(set) var times = StageTimes()
  private var last = Self.now()

  /// The time since the last call, or since the clock was made, was spent in `stage`.
  mutating func end(_ stage: Stage) {
    let now = Self.now()
    times[stage] += Double(now - last) * 1e-9
    last = now
  }

  private static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

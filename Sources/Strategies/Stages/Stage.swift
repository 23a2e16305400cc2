/// A part of the work on an image.
public enum Stage: String, CaseIterable, Codable, Sendable {
  /// Bytes from the disk.
  case read
  /// Bytes to pixels.
  case decode
  /// Pixels to pixels.
  case transform
  /// Pixels to bytes.
  case encode
  /// Bytes to the disk, with the time that a limit of bandwidth makes them wait.
  case write
  /// Everything else: waiting for work, for room in a queue, for a turn of the processor between stages, for the last
  /// worker to end.
  case wait
}

/// One stage of one task: who was at it, from when to when.
public struct StageSpan: Hashable, Sendable {
  /// What was done.
  public var stage: Stage
  /// Rank of the process that did it, or `mainRank`.
  public var rank: Int
  /// Nanoseconds of the monotonic clock.
  public var begin: UInt64
  /// Nanoseconds of the monotonic clock.
  public var end: UInt64

  /// Stands for the main process where that is no rank.
  public static let mainRank = -1

  /// How long it took.
  public var seconds: Double { Double(end - begin) * 1e-9 }
}

/// Seconds spent in each stage.
public struct StageTimes: Hashable, Codable, Sendable {
  private var seconds: [Stage: Double] = [:]

  /// No time at all.
  public init() {}

  /// The times of all spans together.
  public init(_ spans: [StageSpan]) {
    for span in spans { self[span.stage] += span.seconds }
  }

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

public import ProcPool
internal import Strategies

/// What `study.json` says: what a study is to measure, and whether it has.
public struct StudyDescription: Hashable, Codable, Sendable {
  /// The question that a study asks.
  public enum Kind: String, Codable, Sendable {
    /// The same work on more and more ranks.
    case strong
    /// Work that grows with the ranks.
    case weak
    /// The same cells with and without saving.
    case compare
  }

  /// The question.
  public var study: Kind
  /// What is done to the images.
  public var job: String
  /// What generated images show; `nil` where a folder was given.
  public var pattern: String?
  /// The folder of images; `nil` where they were generated.
  public var input: String?
  /// Number that decides every draw.
  public var seed: UInt64
  /// How often each cell is measured.
  public var repetitions: Int
  /// Whether images were dropped from the page cache before each cell.
  public var cold: Bool
  /// Megabytes a second that all writing together was held to; `nil`: the disk's own.
  public var writeBandwidthMegabytesPerSecond: Double?
  /// Which processors ranks might run on; `nil`: any.
  public var placement: Placement?
  /// Every cell in the order in which a repetition runs them.
  public var cells: [Cell]
  /// Cores that the study could use.
  public var cores: Int
  /// Numbers of ranks that are more than there are cores.
  public var oversubscribed: [Int]
  /// What the page cache held while it was measured.
  public var pageCache: String
  /// When it was begun, UTC.
  public var beginTime: String
  /// When it ended or was stopped, UTC; `nil` while it runs and where it was killed.
  public var endTime: String?
  /// Whether every cell has all its repetitions.
  public var complete: Bool

  /// The strategy that others are compared with, on one rank.
  public static let baselineStrategy = "sequential"
}

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
  /// What the job makes of an image, as a plural; `nil` in runs that were kept before there was a second job.
  public var unit: String?
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
  public var cells: [Configuration]
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
  public static let baselineStrategy = Sequential.name
}

extension StudyDescription {
  /// What the job makes, as a plural: tables and captions say it where they speak of what is made.
  package var products: String { unit ?? "copies" }

  /// "10 images, 100 copies of each"; the images alone where one thing is made of each.
  package func work(of configuration: Configuration, images: String = "images") -> String {
    let each = "\(configuration.images) \(images)"
    return configuration.copies == 1 ? each : "\(each), \(configuration.copies) \(products) of each"
  }
}

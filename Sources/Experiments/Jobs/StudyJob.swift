public import ProcPool
public import Strategies

/// What a study measures: something that is done to a folder of images, in more than one way. The instrument knows
/// nothing else of it.
public protocol StudyJob: Sendable {
  /// As on the command line.
  static var name: String { get }
  /// The ways, in the order in which they are listed; the baseline is one of them.
  static var strategies: [JobStrategy] { get }
  /// What it makes of an image, as a plural.
  static var unit: String { get }

  /// The job with these settings.
  init(_ settings: JobSettings)

  /// What a cell is to do, ready to begin: what is made here is not measured. Called in the process of the cell.
  func work(for cell: Configuration, input: String, output: String) throws -> any StudyWork
}

extension StudyJob {
  /// As most jobs do.
  public static var unit: String { "copies" }
}

/// The work of one cell.
public protocol StudyWork {
  /// How many times `each` will be called.
  var taskCount: Int { get }

  /// Does all of it. Whatever processes it makes are gone when it returns.
  func run(each: (TaskReport) throws -> Void) throws
}

/// What is the same in every cell of a study.
public struct JobSettings: Hashable, Sendable {
  /// Number that decides every draw.
  public var seed: UInt64 = 0
  /// Megabytes a second that all writing together is held to; `nil`: the disk's own.
  public var writeBandwidthMegabytesPerSecond: Double?
  /// Which processors the ranks may run on.
  public var placement = Placement.none

  /// The defaults.
  public init() {}
}

/// One of the ways in which a job spreads its work over processes.
public struct JobStrategy {
  /// As on the command line.
  public let name: String
  /// Why there is no such strategy on so many ranks, as a sentence; `nil` where there is.
  public let refusal: (_ ranks: Int) -> String?
  /// Who does what when so many ranks are asked for that it does not refuse.
  public let crew: (_ ranks: Int) -> Crew
}

/// Every job there is.
public enum JobCatalog {
  /// In the order in which they are listed.
  public static var all: [any StudyJob.Type] { [AugmentStudyJob.self] }

  /// The job of a name, or `nil`.
  public static func type(named name: String) -> (any StudyJob.Type)? { all.first { $0.name == name } }
}

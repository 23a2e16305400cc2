public import ProcPool

/// A way of spreading the tasks of a job over processes: who reads, who transforms, who writes. The files are the same
/// bytes whichever is chosen.
public protocol Strategy {
  /// As on the command line.
  static var name: String { get }
  /// Processes that work when so many ranks are asked for.
  static func ranks(of asked: Int) -> Int
  /// With fewer ranks there is no such strategy.
  static var leastRanks: Int { get }
  /// Of so many ranks, those that only save.
  static func savers(of ranks: Int) -> Int
  /// Whether it means nothing where nothing is saved.
  static var isForSavingOnly: Bool { get }

  /// The strategy with these options.
  init(_ options: RunOptions)

  /// Runs every task and calls `each` for each one that ends, in whatever order. An error that `each` throws ends the
  /// run, as a signal does: then nothing is left but the files that were done.
  func run(_ job: AugmentJob, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws
}

extension Strategy {
  /// As many as are asked for.
  public static func ranks(of asked: Int) -> Int { asked }
  /// One.
  public static var leastRanks: Int { 1 }
  /// None.
  public static func savers(of ranks: Int) -> Int { 0 }
  /// It has a meaning in any case.
  public static var isForSavingOnly: Bool { false }
}

/// Every strategy there is.
public enum StrategyCatalog {
  /// In the order in which they are listed and compared.
  public static var all: [any Strategy.Type] { [Sequential.self, WorkerReads.self] }

  /// The strategy of a name, or `nil`.
  public static func type(named name: String) -> (any Strategy.Type)? { all.first { $0.name == name } }
}

/// What the strategies have in common besides the job.
public struct RunOptions {
  /// Processes that work.
  public var ranks: Int
  /// Tasks per message; `nil`: the copies of one image, or fewer where the workers would not all have some.
  public var chunkSize: Int?
  /// Signals that end the run.
  public var stopSignals: StopSignals?
  /// Called in the main process when a worker has ended before its time.
  public var onWorkerEnd: ((WorkerEnd) -> Void)?

  /// Options for so many processes.
  public init(ranks: Int) { self.ranks = ranks }
}

extension TaskReport.Problem {
  /// What a task that its worker took with it reports.
  init(_ failure: TaskFailure) {
    let reason: String
    switch failure.cause {
    case .workerEnded(let end):
      reason = "the worker \(end)" + (failure.attempts > 1 ? ", \(failure.attempts) times" : "")
    default: reason = failure.description
    }
    self.init(reason: reason, isShortage: false)
  }
}

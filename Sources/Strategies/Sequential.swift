internal import ProcPool

/// One process does one task after another: the baseline that the others are measured against.
///
///     main:  read ─ decode ─ transform ─ encode ─ write
public struct Sequential: Strategy {
  /// "sequential"
  public static let name = "sequential"
  /// One, always.
  public static func ranks(of asked: Int) -> Int { 1 }

  /// One worker.
  public static func crew(_ options: RunOptions) -> Crew { Crew(workers: 1) }

  private let options: RunOptions

  /// Ranks and chunks have no meaning here.
  public init(_ options: RunOptions) { self.options = options }

  /// Runs every task in this process.
  public func run(_ job: AugmentJob, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let runner = try TaskRunner(job, options)
    runner.begin(rank: 0)
    for task in 0..<job.plan.taskCount {
      if let signal = options.stopSignals?.received() { throw PoolError.stopped(signal: signal) }
      try each(task, runner.run(task))
    }
  }
}

internal import ProcPool

/// One process does one task after another: the baseline that the others are measured against.
///
///     main:  read ─ decode ─ transform ─ encode ─ write
public struct Sequential: Strategy {
  /// "sequential"
  public static let name = "sequential"
  /// One, always.
  public static func ranks(of asked: Int) -> Int { 1 }

  private let stopSignals: StopSignals?

  /// Only the signals of the options have a meaning here.
  public init(_ options: RunOptions) { stopSignals = options.stopSignals }

  /// Runs every task in this process.
  public func run(_ job: AugmentJob, each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    TaskRunner.prepareProcess()
    let runner = TaskRunner(job)
    for task in 0..<job.plan.taskCount {
      if let signal = stopSignals?.received() { throw PoolError.stopped(signal: signal) }
      try each(task, runner.run(task))
    }
  }
}

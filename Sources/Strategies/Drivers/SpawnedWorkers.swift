internal import Datasets
package import Jobs
internal import ProcPool

/// Workers for a run, each this program run again. As those of joblib's loky, they outlive a call: the run may be done
/// again with the workers that did it before.
package final class SpawnedWorkers<Work: Job> {
  private let run: JobRun<Work>
  private let chunkSize: Int
  private let timeoutSeconds: Double?
  private let options: PoolOptions
  private let task: SpawnedRun<Work>
  /// `nil`: not started yet, or no more, because the process that starts workers was killed.
  private var pool: Pool<Int, [UInt8]>?

  package init(_ run: JobRun<Work>, _ how: RunDescription.How, _ control: RunControl) {
    var options = how.pool(RankRoles(workers: how.ranks), control)
    options.startMethod = .spawn
    (self.run, self.options, timeoutSeconds) = (run, options, how.guards.imageSeconds)
    chunkSize = how.tasksPerMessage(run.plan.grid, workers: how.ranks)
    task = SpawnedRun(run, how)
  }

  /// Process ids of the workers; `nil` for one that is being replaced.
  package var workerPIDs: [Int32?] { pool?.workerPIDs ?? [] }

  /// Does every task, and calls `each` as tasks end. Starts the workers, unless they are there from the last call; the
  /// calling process must have one thread. After an error there are none, and the next call starts others.
  package func run(each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let unfinished = UnfinishedTasks(of: run)
    defer { unfinished.removeTemporaryFiles() }
    var left = Set(0..<run.plan.taskCount)
    var lossCount = 0
    while !left.isEmpty {
      do {
        try perform(left.sorted(), unfinished) { task, report in
          left.remove(task)
          try each(task, report)
        }
      } catch {
        pool?.terminate()
        pool = nil
        // The process that starts workers was killed, and after that a worker, or while they were started. The tasks
        // that are done stay done.
        guard case PoolError.startMethodUnavailable = error, lossCount < Self.mostLosses else { throw error }
        lossCount += 1
        unfinished.removeTemporaryFiles()
      }
    }
  }

  /// More would mean that something kills that process again and again.
  private static var mostLosses: Int { 5 }

  /// Starts the process that starts the workers, unless it is there, and the workers.
  private func startedPool() throws -> Pool<Int, [UInt8]> {
    if let pool { return pool }
    try bootstrap()
    let pool = try Pool(options, task: task)
    self.pool = pool
    return pool
  }

  private func perform(
    _ tasks: [Int], _ unfinished: UnfinishedTasks, each: (_ task: Int, _ report: TaskReport) throws -> Void
  ) throws {
    let begun = tasks.lazy.map { unfinished.begin($0) }
    let outcomes = try startedPool().imapUnordered(
      begun, chunkSize: .fixed(chunkSize), window: RunDescription.How.window, timeout: timeoutSeconds)
    while let outcome = try outcomes.next() {
      let task = tasks[outcome.index]
      try each(task, unfinished.end(task, outcome.result))
    }
  }
}

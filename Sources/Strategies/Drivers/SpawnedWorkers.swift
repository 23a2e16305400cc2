internal import Datasets
package import Jobs
internal import ProcPool

/// Workers for a run, each this program run again. As those of joblib's loky, they outlive a call: the run may be done
/// again with the workers that did it before.
package final class SpawnedWorkers<Work: Job> {
  private let run: JobRun<Work>
  private let chunkSize: Int
  private let options: PoolOptions
  private let task: SpawnedRun<Work>
  private var pool: Pool<Int, [UInt8]>

  /// Starts the workers. The calling process must have one thread.
  package init(_ run: JobRun<Work>, _ how: RunDescription.How, _ control: RunControl) throws {
    var options = how.pool(RankRoles(workers: how.ranks), control)
    options.startMethod = .spawn
    (self.run, self.options) = (run, options)
    chunkSize = how.tasksPerMessage(run.plan.grid, workers: how.ranks)
    task = SpawnedRun(run, how)
    pool = try Self.start(options, task)
  }

  /// Starts the process that starts the workers, if there is none, and lets it.
  private static func start(_ options: PoolOptions, _ task: SpawnedRun<Work>) throws -> Pool<Int, [UInt8]> {
    try bootstrap()
    return try Pool(options, task: task)
  }

  /// Process ids of the workers; `nil` for one that is being replaced.
  package var workerPIDs: [Int32?] { pool.workerPIDs }

  /// Does every task, and calls `each` as tasks end. If it throws, the workers end, and this is of no use any more.
  package func run(each: (_ task: Int, _ report: TaskReport) throws -> Void) throws {
    let unfinished = UnfinishedTasks(of: run)
    defer { unfinished.removeTemporaryFiles() }
    var left = Set(0..<run.plan.taskCount)
    var startCount = 1
    while !left.isEmpty {
      do {
        try perform(left.sorted(), unfinished) { task, report in
          left.remove(task)
          try each(task, report)
        }
      } catch PoolError.startMethodUnavailable(_) where startCount < Self.mostStarts {
        // The process that starts workers was killed, and after that a worker. What is done is done.
        pool.terminate()
        unfinished.removeTemporaryFiles()
        pool = try Self.start(options, task)
        startCount += 1
      } catch {
        pool.terminate()
        throw error
      }
    }
  }

  /// How often workers are started anew in one call: more would mean that something kills them all again and again.
  private static var mostStarts: Int { 5 }

  private func perform(
    _ tasks: [Int], _ unfinished: UnfinishedTasks, each: (_ task: Int, _ report: TaskReport) throws -> Void
  ) throws {
    let begun = tasks.lazy.map { unfinished.begin($0) }
    let outcomes = try pool.imapUnordered(
      begun, chunkSize: .fixed(chunkSize), window: RunDescription.How.window)
    while let outcome = try outcomes.next() {
      let task = tasks[outcome.index]
      try each(task, unfinished.end(task, outcome.result))
    }
  }
}

internal import Datasets
package import ProcPool

/// What a run hears from outside and says to it while it goes on.
package struct RunControl {
  /// Signals that end the run.
  package var stopSignals: StopSignals?
  /// Called in the main process when a worker has ended before its time.
  package var onWorkerEnd: ((WorkerEnd) -> Void)?

  package init() {}

  /// Throws where a signal has come.
  func checkSignals() throws(PoolError) {
    if let signal = stopSignals?.received() { throw .stopped(signal: signal) }
  }
}

extension RunDescription.How {
  /// Tasks under way, numbers all of them. As many, because one that is run again waits for those known before it: what
  /// struck its worker should be over by then.
  static let window = 4096

  /// Options of a pool of all ranks. A task whose worker dies may run again, as it writes the same bytes under the same
  /// name: by the pool, or by a strategy that knows better when.
  func pool(_ roles: RankRoles, _ control: RunControl, retries: Int = 1) -> PoolOptions {
    var pool = PoolOptions(workers: roles.ranks)
    pool.retries = retries
    pool.placement = placement
    pool.stopSignals = control.stopSignals
    pool.onWorkerEnd = control.onWorkerEnd
    return pool
  }

  /// Tasks per message to one of `workers` that reads what it works on.
  func tasksPerMessage(_ grid: TaskGrid, workers: Int) -> Int {
    chunkSize.map { min($0, max(1, grid.taskCount)) }
      ?? min(grid.tasksPerImage, max(1, defaultChunkSize(taskCount: grid.taskCount, workers: workers)))
  }
}

package import Datasets
internal import ProcPool

/// Downloads images into a folder. Each worker downloads, decodes and saves an image with all its attempts; the main
/// process hands out numbers. What arrives is decoded in the worker, so an image that kills its decoder costs two workers
/// and is replaced like one that never arrived.
///
///     main:    numbers ──▶ workers ──▶ reports
///     worker:  download ─ decode ─ (scale ─ encode) ─ write
package struct Ingest {
  private let options: IngestOptions
  private let output: OutputFolder?

  /// - Parameter output: `nil` if nothing is saved.
  package init(_ options: IngestOptions, into output: OutputFolder?) {
    (self.options, self.output) = (options, output)
  }

  /// Downloads images and calls `each` as they end, in any order. An error thrown by `each` ends the run, as a signal
  /// does; then only finished files remain.
  package func run(
    _ how: RunDescription.How, _ control: RunControl, _ tasks: some Collection<IngestTask>,
    each: (IngestReport) throws -> Void
  ) throws {
    let unfinished = UnfinishedTasks { [output] in output?.removeUnfinished($0, of: "") }
    defer { unfinished.removeTemporaryFiles() }
    let worker = IngestWorker(options, output, try how.writeMegabytesPerSecond.map(WriteLimit.init))
    // The pool does not retry: a worker may have left a file, which another attempt must look for.
    let pool = how.pool(RankRoles(workers: how.ranks), control, retries: 0)
    let sandbox = how.guards.sandbox(downloadingInto: output, maxPixels: options.maxPixels)
    let begin = { (rank: Int) in
      try worker.begin(rank: rank)
      _ = sandbox?.enter()
    }
    try Pool.with(pool, initializer: begin, body: { worker.perform($0) }) { pool in
      var lost = try perform(tasks, in: pool, unfinished, each)
      while !lost.isEmpty { lost = try perform(lost, in: pool, unfinished, each) }
    }
  }

  /// - Returns: the tasks whose workers were lost, to be done again.
  private func perform(
    _ tasks: some Collection<IngestTask>, in pool: Pool<IngestTask, IngestReport>, _ unfinished: UnfinishedTasks,
    _ each: (IngestReport) throws -> Void
  ) throws -> [IngestTask] {
    var lost: [IngestTask] = []
    var running: [Int: IngestTask] = [:]
    var index = 0
    let begun = tasks.lazy.map { task in
      running[index] = task
      index += 1
      unfinished.begin(task.number)
      return task
    }
    let outcomes = try pool.imapUnordered(begun, timeout: options.taskSeconds)
    while let outcome = try outcomes.next() {
      guard let task = running.removeValue(forKey: outcome.index) else { continue }
      switch outcome.result {
      case .success(let report) where report.isPlausible(for: task):
        unfinished.end(task.number, report.task)
        try each(report)
      case let result:
        let problem = result.problem
        unfinished.end(task.number, TaskReport(problem: problem))
        var again = task.lost(to: problem)
        again.found = again.found ?? output?.download(task.number)
        if again.isLost { try each(IngestReport(lost: task, problem, options)) } else { lost.append(again) }
      }
    }
    return lost
  }
}

extension Result<IngestReport, TaskFailure> {
  /// Why there is no report that can be used.
  fileprivate var problem: TaskReport.Problem {
    if case .failure(let failure) = self { return TaskReport.Problem(failure) }
    return TaskReport.malformedProblem
  }
}

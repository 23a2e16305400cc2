internal import Datasets
package import Jobs
internal import ProcPool

/// Tasks handed to workers that have not come back. A run that ends early must remove their temporary files, since a
/// killed worker cannot.
package final class UnfinishedTasks {
  private let remove: (Int) -> Void
  private var tasks: Set<Int> = []

  /// - Parameter remove: removes the temporary file of a task, if there is one.
  package init(removing remove: @escaping (_ task: Int) -> Void = { _ in }) { self.remove = remove }

  package convenience init(of run: JobRun<some Job>) {
    let (plan, isSaving) = (run.plan, run.isSaving)
    self.init {
      guard isSaving else { return }
      plan.removeUnfinished($0)
    }
  }

  @discardableResult
  func begin(_ task: Int) -> Int {
    tasks.insert(task)
    return task
  }

  func end(_ task: Int) { tasks.remove(task) }

  /// Ends a task. If it failed, its worker may have left a partial file, which is removed.
  func end(_ task: Int, _ report: TaskReport) {
    end(task)
    if report.problem != nil { removeTemporaryFile(of: task) }
  }

  /// Ends a task that came back or was lost with its worker.
  /// - Returns: its report.
  func end(_ task: Int, _ result: Result<[UInt8], TaskFailure>) -> TaskReport {
    end(task)
    if let payload = try? result.get(), let report = TaskReport(validating: payload) { return report }
    removeTemporaryFile(of: task)
    guard case .failure(let failure) = result else { return .malformed }
    return TaskReport(problem: .init(failure))
  }

  func removeTemporaryFile(of task: Int) {
    remove(task)
  }

  func removeTemporaryFiles() { tasks.forEach(removeTemporaryFile) }
}

internal import Datasets
package import Jobs
internal import ProcPool

/// Tasks that were handed to workers and have not come back: those whose temporary files a run that ends early must
/// remove, since a killed worker cannot.
package final class UnfinishedTasks {
  private let remove: (Int) -> Void
  private var tasks: Set<Int> = []

  /// - Parameter remove: removes the temporary file of a task, where there is one.
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

  /// A task is over; where it failed, whoever ended it may have left half of its file.
  func end(_ task: Int, _ report: TaskReport) {
    end(task)
    if report.problem != nil { removeTemporaryFile(of: task) }
  }

  /// A task came back, or its worker took it with it.
  /// - Returns: what there is to say of it.
  func end(_ task: Int, _ result: Result<[UInt8], TaskFailure>) -> TaskReport {
    end(task)
    switch result {
    case .success(let payload): return TaskReport(payload: payload)
    case .failure(let failure):
      removeTemporaryFile(of: task)
      return TaskReport(problem: .init(failure))
    }
  }

  func removeTemporaryFile(of task: Int) {
    remove(task)
  }

  func removeTemporaryFiles() { tasks.forEach(removeTemporaryFile) }
}

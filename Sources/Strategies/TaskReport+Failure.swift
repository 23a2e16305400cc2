internal import ProcPool

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

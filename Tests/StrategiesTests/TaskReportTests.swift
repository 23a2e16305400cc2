import Strategies
import Testing

/// The report of a task, as it travels to the main process.
struct TaskReportTests {
  @Test(arguments: ["", "a reason", "é"], [[], ["a note"], ["", "two"]])
  func problemAndNotesComeBackAsTheyWere(reason: String, notes: [String]) {
    for kind in TaskReport.Problem.Kind.allCases {
      for problem in [nil, TaskReport.Problem(reason: reason, kind)] {
        var report = TaskReport(problem: problem)
        (report.notes, report.readByteCount, report.writtenByteCount) = (notes, 12, 34)
        #expect(TaskReport(payload: report.payload) == report)
      }
    }
  }
}

import Strategies
import Testing

/// The report of a task, as it travels to the main process.
struct TaskReportTests {
  @Test(arguments: ["", "a reason", "é"], [[], ["a note"], ["", "two"]])
  func problemAndNotesComeBackAsTheyWere(reason: String, notes: [String]) {
    for kind in TaskReport.Problem.Kind.allCases {
      for problem in [nil, TaskReport.Problem(reason: reason, kind)] {
        var report = TaskReport(problem: problem)
        (report.readByteCount, report.writtenByteCount) = (12, 34)
        for (some, others) in [(notes, []), ([], notes), (notes, ["another"])] {
          (report.notes, report.imageNotes) = (some, others)
          #expect(TaskReport(validating: report.payload) == report)
        }
      }
    }
  }
}

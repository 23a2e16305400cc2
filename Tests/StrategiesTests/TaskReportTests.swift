import Strategies
import Testing

/// What a task tells, as it travels to the main process.
struct TaskReportTests {
  @Test(arguments: ["", "a reason", "é"], [[], ["a note"], ["", "two"]])
  func problemAndNotesComeBackAsTheyWere(reason: String, notes: [String]) {
    for (isShortage, isLoss) in [(false, false), (true, false), (false, true)] {
      var problem = TaskReport.Problem(reason: reason, isShortage: isShortage)
      problem.isLoss = isLoss
      for problem in [nil, problem] {
        var report = TaskReport(problem: problem)
        (report.notes, report.readByteCount, report.writtenByteCount) = (notes, 12, 34)
        #expect(TaskReport(payload: report.payload) == report)
      }
    }
  }
}

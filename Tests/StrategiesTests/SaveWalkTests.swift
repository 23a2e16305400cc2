import Strategies
import Testing

/// The schedule when any process may be killed at any step, in thousands of orders of events.
struct SaveWalkTests {
  @Test func everyTaskIsReportedOnceAndNoCopyIsLeftBehindWhoeverDiesWhen() throws {
    var seen = SaveWalk.Seen()
    for seed in 0..<2000 {
      let walk = try SaveWalk(seed: seed)
      try walk.run()
      walk.check()
      seen.add(walk.seen)
    }
    #expect(seen.earlySaves > 0, "a saver spoke before the worker")
    #expect(seen.secondSaves > 0, "a copy was saved twice")
    #expect(seen.copiesGivenUp > 0)
    #expect(seen.tasksGivenUp > 0)
    #expect(seen.unreported > 0, "a saver died between the work and the word")
  }

  @Test func withoutADeathEveryTaskIsDoneInOneRound() throws {
    for seed in 0..<200 {
      let walk = try SaveWalk(seed: seed, deaths: 0)
      try walk.run()
      walk.check()
      #expect(walk.roundCount == 1 && walk.finished.allSatisfy { $0.report.problem == nil }, "seed \(seed)")
    }
  }
}

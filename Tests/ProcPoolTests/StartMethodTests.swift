import Foundation
import Glibc
import Testing

/// Facts about how workers start. The `pool-probe` scenario of the same name shows each of them, and must leave no
/// process.
@Suite(.serialized)
struct StartMethodTests {
  private static let methods = ["fork", "forkServer", "spawn"]

  @Test(
    arguments: [
      "everyStartMethodGivesTheSameResults", "aTaskKeepsItsStateInItsWorker", "recycledWorkersAreSetUpAgain",
      "deathsCostTheirTaskOnlyAndWorkersAreReplaced", "aSetUpThatThrowsIsAnError", "setUpsThatHangOrDieAreTriedAgain",
      "setUpsThatAlwaysDieEndInAnError", "workersAreWhereTheyArePut", "workersHaveThePresentWorkingDirectory",
      "workersMayHavePoolsOfTheirOwn", "workersMayHaveThreadsAndChildren",
      "workersCanBeTerminatedWhereSignalsWereBlocked", "poolsOfAnyMethodLeaveNothing",
    ], methods)
  func factOfEveryMethod(_ name: String, method: String) throws { try Probe.expectFact(name, method) }

  @Test(
    arguments: [
      "tasksWithoutANameAreRefused", "threadsMayHavePoolsAtTheSameTime", "aServerThatIsKilledIsAnErrorOfTheNextStart",
      "aServerThatIsStoppedIsAnErrorInTime", "aServerKilledAtAnyMomentLeavesNoWorker",
      "workersHoldOnlyTheirOwnDescriptors",
    ], ["forkServer", "spawn"])
  func factOfTheServer(_ name: String, method: String) throws { try Probe.expectFact(name, method) }

  @Test(arguments: [
    "closuresAreRefusedWhereTheyCannotGo", "withoutBootstrapTasksAreRefused",
    "threadsMakeAForkAndBootstrapErrorsThatNameTheRemedy", "bootstrapTwiceIsOneServer",
  ])
  func factOfPrograms(_ name: String) throws { try Probe.expectFact(name) }

  @Test(arguments: ["makesAPool", "hang"])
  func aProgramThatSkipsBootstrapInItsWorkersEndsInAnError(worker: String) throws {
    try Probe.expectFact("aProgramThatSkipsBootstrapInItsWorkersEndsInAnError", worker)
  }

  @Test(arguments: [("forkServer", "200"), ("spawn", "20")])
  func poolsWorkBesideBusyThreads(method: String, poolCount: String) throws {
    try Probe.expectFact("poolsWorkBesideBusyThreads", method, poolCount)
  }

  @Test(arguments: methods)
  func theEndOfTheProgramEndsServerAndWorkers(method: String) throws {
    let token = UUID().uuidString
    let output = Pipe()
    let process = try Probe.start(["busyOnTasks", method], token: token, output: output)
    var line = ""
    while !line.hasSuffix("\n") {
      let data = output.fileHandleForReading.availableData
      try #require(!data.isEmpty, "the probe ended early")
      line += String(decoding: data, as: UTF8.self)
    }
    let children = line.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
    #expect(children.count == (method == "fork" ? 3 : 4))
    #expect(Set(Probe.processes(with: token)).isSuperset(of: children))
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(process.terminationStatus == SIGKILL)
    Probe.expectNoProcess(with: token)
  }
}

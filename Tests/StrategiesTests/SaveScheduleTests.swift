import ProcPool
import Strategies
import Testing

/// How the main process combines the reports of workers and savers. `SaveWalkTests` tries the orders in which they
/// come.
struct SaveScheduleTests {
  private let schedule: SaveSchedule

  /// A schedule of two workers, ranks 0 and 1, and two savers, ranks 2 and 3.
  init() throws { schedule = SaveSchedule(twoAndTwo(), UnfinishedTasks()) }

  @Test(arguments: [false, true])
  func aTaskIsOverOnceWorkerAndSaverHaveSpokenInEitherOrder(saverIsFirst: Bool) throws {
    if saverIsFirst { save(1) } else { queue(1) }
    #expect(schedule.finished().isEmpty)
    if saverIsFirst { queue(1) } else { save(1) }
    let finished = schedule.finished()
    #expect(finished.map(\.task) == [1])
    #expect(finished.map(\.report) == [.of(readByteCount: 5, writtenByteCount: 7)])
    #expect(schedule.finished().isEmpty, "it is told of once")
    #expect(schedule.takeUnreported().isEmpty)
  }

  @Test func aCopySavedTwiceChangesNothingTheSecondTime() throws {
    queue(0)
    save(0)
    #expect(schedule.finished().map(\.task) == [0])
    save(0)
    giveUp(0)
    #expect(schedule.finished().isEmpty)
    #expect(schedule.takeUnreported().isEmpty)
  }

  @Test func eachQueuedCopyWantsOneSaveOfItsQueue() {
    for task in [0, 1, 2] { queue(task) }
    #expect(schedule.takeWantedSaves() == [0, 0, 1])
    #expect(schedule.takeWantedSave() == nil)
  }

  @Test func aTaskThatItsWorkerSavedIsOverAndWantsNoSave() throws {
    let report = TaskReport.of(readByteCount: 5, writtenByteCount: 7)
    schedule.augmented(3, .success(HeadedReport(head: false, report: report).payload))
    #expect(schedule.takeWantedSave() == nil)
    let finished = schedule.finished()
    #expect(finished.map(\.task) == [3])
    #expect(finished.map(\.report) == [report])
  }

  @Test func aLookIntoAnEmptyQueueChangesNothing() throws {
    queue(0)
    schedule.saved(HeadedReport(head: .nothingThere, report: TaskReport()), from: 0)
    #expect(schedule.finished().isEmpty)
    #expect(schedule.takeWantedSaves() == [0])
    #expect(schedule.takeUnreported() == [0])
  }

  @Test func aSaveThatWasLostIsWantedAgain() {
    queue(1)
    #expect(schedule.takeWantedSaves() == [1])
    end(rank: 3)
    schedule.lostSave(of: 1)
    #expect(schedule.takeWantedSaves() == [1])
  }

  @Test func theEndOfAWorkerHasEveryQueueLookedAtOnceMoreAndThatOfASaverNone() {
    end(rank: 2)
    #expect(schedule.takeWantedSave() == nil)
    end(rank: 0)
    end(rank: 1)
    #expect(schedule.takeWantedSaves() == [0, 0, 1, 1])
  }

  @Test func aCopyThatEndedItsSaversFailsByTheNameOfTheSignal() throws {
    queue(1)
    end(rank: 2, by: 15)
    end(rank: 3, by: 9)
    giveUp(1)
    let finished = schedule.finished()
    #expect(finished.map(\.task) == [1])
    #expect(finished.first?.report.problem?.reason == "the saver was killed by SIGKILL (9), 2 times")
    #expect(finished.first?.report.readByteCount == 5)
  }

  @Test func aTaskThatEndedItsWorkersFails() throws {
    schedule.augmented(2, .failure(.killed(attempts: 2)))
    let finished = schedule.finished()
    #expect(finished.map(\.task) == [2])
    #expect(finished.first?.report.problem?.reason == "the worker was killed by SIGKILL (9), 2 times (out of memory?)")
    save(2)
    #expect(schedule.finished().isEmpty, "what it had left in the queue comes too late")
    #expect(schedule.takeWantedSave() == nil)
  }

  @Test func whatIsQueuedAndNeverHeardOfIsTakenAsUnreportedOnce() throws {
    for task in [2, 0, 1] { queue(task) }
    save(0)
    #expect(schedule.takeUnreported() == [1, 2])
    #expect(schedule.takeUnreported().isEmpty)
    queue(2)
    save(2)
    #expect(schedule.finished().map(\.task) == [0, 2], "made once more, it is over like any other")
  }

  private func queue(_ task: Int) {
    schedule.augmented(task, .success(HeadedReport(head: true, report: .of(readByteCount: 5)).payload))
  }

  private func save(_ task: Int) {
    schedule.saved(HeadedReport(head: .saved(task: task), report: .of(writtenByteCount: 7)), from: task % 2)
  }

  private func giveUp(_ task: Int) {
    schedule.saved(HeadedReport(head: .givenUp(task: task), report: TaskReport()), from: task % 2)
  }

  private func end(rank: Int, by signal: Int32 = 9) {
    schedule.note(WorkerEnd(rank: rank, pid: 1, end: .signal(signal), lostTasks: [], output: ""))
  }
}

/// Two workers and two savers.
func twoAndTwo() -> RankRoles {
  var how = RunDescription.How(strategy: Savers.self, ranks: 4)
  how.savers = 2
  return Savers.roles(how)
}

struct FinishedTask {
  var task: Int
  var report: TaskReport
}

extension SaveSchedule {
  /// The tasks that have ended since the last call.
  func finished() -> [FinishedTask] {
    var finished: [FinishedTask] = []
    takeFinished { finished.append(FinishedTask(task: $0, report: $1)) }
    return finished
  }

  /// All wanted saves, by queue.
  func takeWantedSaves() -> [Int] {
    var queues: [Int] = []
    while let queue = takeWantedSave() { queues.append(queue) }
    return queues
  }
}

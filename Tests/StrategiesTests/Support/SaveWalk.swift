import ProcPool
import Strategies
import TestSupport
import Testing

/// Two workers, two savers, their queues and the pool, as far as a `SaveSchedule` can observe them: three tasks whose
/// copies are queued and one that its worker saves. What happens next, and which process is killed, is random.
final class SaveWalk {
  /// Situations that a walk has reached, so that a test can check that they occur.
  struct Seen {
    var earlySaves = 0
    var secondSaves = 0
    var copiesGivenUp = 0
    var tasksGivenUp = 0
    var unreported = 0

    mutating func add(_ other: Seen) {
      earlySaves += other.earlySaves
      secondSaves += other.secondSaves
      copiesGivenUp += other.copiesGivenUp
      tasksGivenUp += other.tasksGivenUp
      unreported += other.unreported
    }
  }

  private struct Copy {
    var task: Int
    /// How often it came back from a dead saver.
    var returnedCount = 0
  }

  private enum Worker {
    case idle
    case making(task: Int)
    /// The copy is in the queue and the main process does not know yet.
    case silent(task: Int)

    var task: Int? {
      switch self {
      case .idle: nil
      case .making(let task), .silent(let task): task
      }
    }
  }

  private struct Saver {
    enum Step {
      case idle
      case asked
      case saving(Copy)
      /// The slot is free again and the main process does not know yet.
      case silent(SaveVerdict)
    }

    var step = Step.idle
    var isSecondTry = false
    /// Saves for it that wait in the pool.
    var waiting = 0
    var queue: [Copy] = []

    var isIdle: Bool { if case .idle = step { true } else { false } }
    var isSaving: Bool { if case .saving = step { true } else { false } }
    /// Slots of its queue in use.
    var slotCount: Int { queue.count + (isSaving ? 1 : 0) }
  }

  private static let taskCount = 4
  /// The task that its worker saves itself, as it does with a copy that is too large for a slot.
  private static let unqueued = 3
  /// Attempts at saving a copy before it is dropped.
  private static let deliveryLimit = 2

  private(set) var seen = Seen()
  private(set) var finished: [FinishedTask] = []
  private(set) var roundCount = 0
  private let seed: Int
  private let schedule: SaveSchedule
  private let slotsPerQueue: Int
  private var random: SeededGenerator
  private var deathsLeft: Int
  private var todo: [Int] = []
  /// Tasks that have killed a worker in this round.
  private var struck: Set<Int> = []
  /// Tasks that have killed two workers in one round, and those whose copy was dropped.
  private var lost: Set<Int> = []
  private var saveCounts = Array(repeating: 0, count: SaveWalk.taskCount)
  private var workers = [Worker.idle, .idle]
  private var savers = [Saver(), Saver()]

  init(seed: Int, deaths: Int = 6) throws {
    self.seed = seed
    random = SeededGenerator(seed: seed)
    deathsLeft = deaths
    slotsPerQueue = Int.random(in: 1...2, using: &random)
    schedule = SaveSchedule(twoAndTwo(), UnfinishedTasks())
  }

  /// Runs all tasks, then again those whose save was never reported.
  func run() throws {
    var round = Array(0..<Self.taskCount)
    while !round.isEmpty && roundCount < 20 {
      roundCount += 1
      (todo, struck) = (round, [])
      while step() {
        for queue in schedule.takeWantedSaves() { savers[queue].waiting += 1 }
        finished += schedule.finished()
      }
      let isAtRest = todo.isEmpty && workers.allSatisfy { $0.task == nil } && savers.allSatisfy { $0.slotCount == 0 }
      #expect(isAtRest, "seed \(seed): somebody waits for ever, or a copy lies in a queue that nobody looks into")
      round = schedule.takeUnreported()
      seen.unreported += round.count
    }
  }

  /// The invariants of every walk.
  func check() {
    #expect(finished.map(\.task).sorted() == Array(0..<Self.taskCount), "seed \(seed): each task is reported once")
    for end in finished {
      if end.report.problem != nil {
        #expect(lost.contains(end.task), "seed \(seed): task \(end.task) failed and nothing had struck it twice")
      } else {
        #expect(saveCounts[end.task] > 0, "seed \(seed): task \(end.task) is called done, and nobody saved it")
        // If a task killed its worker twice, the worker's half of the report is lost.
        let isWhole = end.report == .of(readByteCount: 5, writtenByteCount: 7)
        let isHalf = lost.contains(end.task) && end.report == .of(readByteCount: 0, writtenByteCount: 7)
        #expect(isWhole || isHalf, "seed \(seed): each half is told of once")
      }
    }
    seen.secondSaves += saveCounts.count { $0 > 1 }
  }

  /// Lets one process take one step, or die.
  /// - Returns: whether any process could take a step.
  private func step() -> Bool {
    let movable = (0..<4).filter { canMove($0) }
    guard let rank = movable.randomElement(using: &random) else { return false }
    if deathsLeft > 0 && Int.random(in: 0..<4, using: &random) == 0 {
      deathsLeft -= 1
      kill(Int.random(in: 0..<4, using: &random))
    } else if rank < 2 {
      moveWorker(rank)
    } else {
      moveSaver(rank - 2)
    }
    return true
  }

  private func canMove(_ rank: Int) -> Bool {
    if rank >= 2 { return !savers[rank - 2].isIdle || savers[rank - 2].waiting > 0 }
    switch workers[rank] {
    case .idle: return !todo.isEmpty
    case .making(let task): return task == Self.unqueued || savers[task % 2].slotCount < slotsPerQueue
    case .silent: return true
    }
  }

  private func moveWorker(_ rank: Int) {
    switch workers[rank] {
    case .idle: workers[rank] = .making(task: todo.removeFirst())
    case .making(Self.unqueued):
      saveCounts[Self.unqueued] += 1
      workers[rank] = .idle
      let report = TaskReport.of(readByteCount: 5, writtenByteCount: 7)
      schedule.augmented(Self.unqueued, .success(HeadedReport(head: false, report: report).payload))
    case .making(let task):
      savers[task % 2].queue.append(Copy(task: task))
      workers[rank] = .silent(task: task)
    case .silent(let task):
      workers[rank] = .idle
      schedule.augmented(task, .success(HeadedReport(head: true, report: .of(readByteCount: 5)).payload))
    }
  }

  private func moveSaver(_ index: Int) {
    switch savers[index].step {
    case .idle:
      savers[index].waiting -= 1
      savers[index].step = .asked
    case .asked: savers[index].step = look(index)
    case .saving(let copy):
      saveCounts[copy.task] += 1
      savers[index].step = .silent(.saved(task: copy.task))
    case .silent(let verdict):
      var report = TaskReport()
      if case .saved(let task) = verdict {
        report = .of(writtenByteCount: 7)
        if workers.contains(where: { $0.task == task }) || todo.contains(task) { seen.earlySaves += 1 }
      }
      (savers[index].step, savers[index].isSecondTry) = (.idle, false)
      schedule.saved(HeadedReport(head: verdict, report: report), from: index)
    }
  }

  private func look(_ index: Int) -> Saver.Step {
    guard !savers[index].queue.isEmpty else { return .silent(.nothingThere) }
    let copy = savers[index].queue.removeFirst()
    guard copy.returnedCount >= Self.deliveryLimit else { return .saving(copy) }
    lost.insert(copy.task)
    seen.copiesGivenUp += 1
    return .silent(.givenUp(task: copy.task))
  }

  /// As the pool does: first it reports the death, then the task that failed with it; a task that has not failed runs
  /// again.
  private func kill(_ rank: Int) {
    if rank >= 2, case .saving(var copy) = savers[rank - 2].step {
      copy.returnedCount += 1
      savers[rank - 2].queue.insert(copy, at: 0)
    }
    schedule.note(WorkerEnd(rank: rank, pid: 1, end: .signal(9), lostTasks: [], output: ""))
    if rank < 2 { endWorker(rank) } else { endSaver(rank - 2) }
  }

  private func endWorker(_ rank: Int) {
    guard let task = workers[rank].task else { return }
    workers[rank] = .idle
    if struck.insert(task).inserted { return todo.append(task) }
    lost.insert(task)
    seen.tasksGivenUp += 1
    schedule.augmented(task, .failure(.killed(attempts: 2)))
  }

  private func endSaver(_ index: Int) {
    if savers[index].isIdle { return }
    if savers[index].isSecondTry {
      (savers[index].step, savers[index].isSecondTry) = (.idle, false)
      schedule.lostSave(of: index)
    } else {
      (savers[index].step, savers[index].isSecondTry) = (.asked, true)
    }
  }
}

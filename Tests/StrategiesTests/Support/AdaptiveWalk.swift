import Datasets
import ProcPool
import Strategies
import TestSupport
import Testing

/// A whole run of an `AdaptiveSchedule`. Which work ends next, how it ends, and the room, which keeps changing, are
/// random.
struct AdaptiveWalk {
  private let seed: Int
  private let grid: TaskGrid
  private let arena: SharedArena
  private let readers: Int
  private var state: AdaptiveSchedule
  private var random: SeededGenerator
  /// Work in progress, by its position in the stream.
  private var underWay: [Int: Work] = [:]
  private var handedOutCount = 0
  private var timesHandedOut: [Int]
  private var timesOver: [Int]
  private var deaths: [Int]
  private var isAtEnd = false

  init(seed: Int) throws {
    self.seed = seed
    random = SeededGenerator(seed: seed)
    grid = madeUpGrid(
      images: Int.random(in: 0...6, using: &random), copies: Int.random(in: 1...4, using: &random))
    arena = try SharedArena(slotCount: Int.random(in: 1...4, using: &random), slotByteCount: 16)
    readers = Int.random(in: 1...3, using: &random)
    state = AdaptiveSchedule(grid, in: arena, UnfinishedTasks())
    timesHandedOut = Array(repeating: 0, count: grid.taskCount)
    (timesOver, deaths) = (timesHandedOut, timesHandedOut)
  }

  /// Deaths of workers while they ran a task.
  var deathCount: Int { deaths.reduce(0, +) }

  mutating func run() {
    for _ in 0..<10_000 where !isAtEnd {
      if !underWay.isEmpty && Bool.random(using: &random) { endAny() } else { takeNext() }
    }
  }

  /// The invariants of every walk.
  func check() {
    #expect(isAtEnd, "seed \(seed): it comes to an end")
    #expect(timesOver.allSatisfy { $0 == 1 }, "seed \(seed): \(timesOver)")
    #expect(arena.freeCount == arena.slotCount, "seed \(seed)")
    for task in timesHandedOut.indices {
      #expect(timesHandedOut[task] <= min(2, deaths[task] + 1), "seed \(seed): task \(task)")
    }
  }

  private mutating func takeNext() {
    let room = Int.random(in: 1...6, using: &random)
    switch state.next(room: room, readers: readers) {
    case .item(let work):
      checkHandOut(of: work, room)
      underWay[handedOutCount] = work
      handedOutCount += 1
    case .notYet: #expect(!underWay.isEmpty, "seed \(seed): nothing is under way, and nothing will ever happen")
    case .end:
      isAtEnd = true
      #expect(underWay.isEmpty, "seed \(seed)")
    }
  }

  private mutating func checkHandOut(of work: Work, _ room: Int) {
    #expect(underWay.count < room, "seed \(seed)")
    switch work {
    case .read(_, let slot):
      let isUsed = underWay.values.contains { $0.slot == slot }
      #expect(grid.tasksPerImage > 1, "seed \(seed): nobody gains by it")
      #expect(readingCount < readers, "seed \(seed)")
      #expect(!isUsed, "seed \(seed): somebody uses slot \(slot.number)")
    case .makeAll(let imageIndex):
      for task in grid.tasks(ofImage: imageIndex) { timesHandedOut[task] += 1 }
      #expect(grid.tasksPerImage > 1, "seed \(seed): an only copy is a task")
    case .make(let shared):
      timesHandedOut[shared.task] += 1
      #expect(timesOver[shared.task] == 0, "seed \(seed): task \(shared.task) is over")
      if timesHandedOut[shared.task] == 2 {
        #expect(shared.source == nil, "seed \(seed): who runs task \(shared.task) again reads for himself")
        #expect(underWay.isEmpty, "seed \(seed): task \(shared.task) runs again beside others")
        let isLast = timesHandedOut.indices.allSatisfy { timesHandedOut[$0] + timesOver[$0] > 0 }
        #expect(isLast, "seed \(seed): task \(shared.task) comes before another that has not run")
      }
    case .queue, .save: Issue.record("seed \(seed): nothing is queued")
    }
  }

  private var readingCount: Int {
    underWay.values.count { if case .read = $0 { true } else { false } }
  }

  private mutating func endAny() {
    guard let number = underWay.keys.sorted().randomElement(using: &random), let work = underWay[number] else { return }
    underWay[number] = nil
    let hasDied = Int.random(in: 0..<5, using: &random) == 0
    switch work {
    case .read(let imageIndex, _): endReading(number, imageIndex, hasDied)
    case .make(let shared): endTask(number, shared.task, hasDied)
    case .makeAll(let imageIndex): endImage(number, imageIndex, hasDied)
    case .queue, .save: Issue.record("seed \(seed): nothing is queued")
    }
  }

  private mutating func endReading(_ number: Int, _ imageIndex: Int, _ hasDied: Bool) {
    let outcomes: [HeadedReport<ImageLayout?>] = [.whole, .whole, .whole, .tooLarge, .unreadable]
    let drawn = Int.random(in: 0..<outcomes.count, using: &random)
    let ended = state.end(number, hasDied ? .failure(.killed(attempts: 1)) : .success(outcomes[drawn].payload))
    for (task, report) in ended {
      timesOver[task] += 1
      #expect(report.problem != nil && task / grid.tasksPerImage == imageIndex, "seed \(seed): task \(task)")
    }
    let isUnreadable = !hasDied && drawn == 4
    #expect(ended.count == (isUnreadable ? grid.tasksPerImage : 0), "seed \(seed): image \(imageIndex)")
  }

  private mutating func endImage(_ number: Int, _ imageIndex: Int, _ hasDied: Bool) {
    let tasks = grid.tasks(ofImage: imageIndex)
    if hasDied { tasks.forEach { deaths[$0] += 1 } }
    let reports = Array(repeating: TaskReport.of(writtenByteCount: 7), count: tasks.count)
    let ended = state.end(number, hasDied ? .failure(.killed(attempts: 1)) : .success(reports.payload))
    for (over, _) in ended { timesOver[over] += 1 }
    #expect(ended.map { $0.task } == (hasDied ? [] : Array(tasks)), "seed \(seed): image \(imageIndex)")
  }

  private mutating func endTask(_ number: Int, _ task: Int, _ hasDied: Bool) {
    if hasDied { deaths[task] += 1 }
    let result = Result<[UInt8], TaskFailure>.success(TaskReport.of(writtenByteCount: 7).payload)
    let ended = state.end(number, hasDied ? .failure(.killed(attempts: 1)) : result)
    for (over, _) in ended { timesOver[over] += 1 }
    guard !hasDied || deaths[task] == 2 else {
      #expect(ended.isEmpty, "seed \(seed): task \(task) runs once more")
      return
    }
    #expect(ended.map { $0.task } == [task], "seed \(seed)")
    #expect((ended.first?.report.problem != nil) == hasDied, "seed \(seed): task \(task)")
  }
}

extension Work {
  /// The slot that it reads from or writes to.
  fileprivate var slot: SharedSlot? {
    switch self {
    case .read(_, let slot): slot
    case .make(let shared): shared.source?.slot
    case .makeAll, .queue, .save: nil
    }
  }
}

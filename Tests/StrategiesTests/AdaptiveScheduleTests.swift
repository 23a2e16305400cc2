import ProcPool
import Strategies
import Testing

/// What is handed out next: images a little ahead of their copies, and no more at once than there is room for.
struct AdaptiveScheduleTests {
  @Test func asManyImagesAreReadAtOnceAsThereAreReadersAndNoMore() throws {
    var trial = try Trial(images: 4, copies: 4, slots: 4)
    #expect(trial.next(room: 8, readers: 2) == .read(0))
    #expect(trial.next(room: 8, readers: 2) == .read(1))
    #expect(trial.next(room: 8, readers: 2) == .nothing)
    #expect(trial.next(room: 8, readers: 3) == .read(2))
  }

  @Test func imagesAreReadAheadUntilThereIsWorkForAllThatMayBeUnderWay() throws {
    var trial = try Trial(images: 9, copies: 4, slots: 9)
    #expect(trial.next(room: 4, readers: 1) == .read(0))
    trial.endReading(0)
    #expect(trial.next(room: 4, readers: 4) == .augment(0), "four copies wait, as many as there is room for")
    #expect(trial.next(room: 4, readers: 4) == .read(1), "three wait")
    #expect(trial.next(room: 4, readers: 4) == .augment(1), "three wait, and four that will")
    #expect(trial.next(room: 4, readers: 4) == .augment(2))
    #expect(trial.next(room: 4, readers: 4) == .nothing, "four are under way")
    trial.endReading(1)
    #expect(trial.next(room: 4, readers: 4) == .augment(3), "five wait")
    trial.endTask(0)
    #expect(trial.next(room: 3, readers: 4) == .nothing, "three are under way, and the room has become smaller")
  }

  @Test func anOnlyCopyIsReadByWhoMakesIt() throws {
    var trial = try Trial(images: 3, copies: 1, slots: 3)
    for task in 0..<3 { #expect(trial.next(room: 4, readers: 4) == .augmentUnread(task)) }
    #expect(trial.next(room: 4, readers: 4) == .nothing)
    for task in 0..<3 { trial.endTask(task) }
    #expect(trial.next(room: 4, readers: 4) == .end)
  }

  @Test func withoutAFreeSlotAnImageIsReadByWhoMakesItsCopies() throws {
    var trial = try Trial(images: 2, copies: 2, slots: 1)
    #expect(trial.next(room: 8, readers: 8) == .read(0))
    #expect(trial.next(room: 8, readers: 8) == .nothing, "the image that is being read may free its slot soon")
    trial.endReading(0)
    let answers = (0..<5).map { _ in trial.next(room: 8, readers: 8) }
    #expect(answers == [.augment(0), .augment(1), .augmentUnread(2), .augmentUnread(3), .nothing])
    for task in 0..<4 { trial.endTask(task) }
    #expect(trial.next(room: 8, readers: 8) == .end)
  }

  @Test func anImageThatCannotBeReadEndsAllItsTasks() throws {
    var trial = try Trial(images: 1, copies: 3, slots: 1)
    #expect(trial.next(room: 4, readers: 4) == .read(0))
    #expect(trial.endReading(0, .unreadable) == [0, 1, 2])
    #expect(trial.next(room: 4, readers: 4) == .end)
  }

  @Test func everyTaskIsOverOnceAndEverySlotFreeWhoeverDiesWhen() throws {
    var deathCount = 0
    for seed in 0..<2000 {
      var walk = try AdaptiveWalk(seed: seed)
      walk.run()
      walk.check()
      deathCount += walk.deathCount
    }
    #expect(deathCount > 1000)
  }
}

/// A state, and what it has handed out by what it is, so that a test can end it.
private struct Trial {
  enum Answer: Equatable {
    case read(Int)
    case augment(Int)
    /// Without pixels.
    case augmentUnread(Int)
    case nothing
    case end
  }

  private var state: AdaptiveSchedule
  /// Numbers in the stream.
  private var readings: [Int: Int] = [:]
  private var tasks: [Int: Int] = [:]

  init(images: Int, copies: Int, slots: Int) throws {
    let grid = madeUpGrid(images: images, copies: copies)
    let arena = try SharedArena(slotCount: slots, slotByteCount: 16)
    state = AdaptiveSchedule(grid, in: arena, UnfinishedTasks())
  }

  mutating func next(room: Int, readers: Int) -> Answer {
    let number = readings.count + tasks.count
    switch state.next(room: room, readers: readers) {
    case .item(.read(let imageIndex, _)):
      readings[imageIndex] = number
      return .read(imageIndex)
    case .item(.make(let shared)):
      tasks[shared.task] = number
      return shared.source == nil ? .augmentUnread(shared.task) : .augment(shared.task)
    case .item(.queue), .item(.save):
      Issue.record("nothing is queued")
      return .nothing
    case .notYet: return .nothing
    case .end: return .end
    }
  }

  /// - Returns: the tasks that are over with it.
  @discardableResult
  mutating func endReading(_ imageIndex: Int, _ outcome: HeadedReport<ImageLayout?> = .whole) -> [Int] {
    end(readings[imageIndex], .success(outcome.payload))
  }

  mutating func endTask(_ task: Int) {
    let ended = end(tasks[task], .success(TaskReport().payload))
    #expect(ended == [task])
  }

  private mutating func end(_ number: Int?, _ result: Result<[UInt8], TaskFailure>) -> [Int] {
    guard let number else {
      Issue.record("what ends was handed out")
      return []
    }
    return state.end(number, result).map { $0.task }
  }
}

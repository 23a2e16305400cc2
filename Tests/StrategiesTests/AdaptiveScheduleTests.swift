import ProcPool
import Strategies
import Testing

/// What is handed out next: images shortly before their copies, and no more at once than there is room for.
struct AdaptiveScheduleTests {
  @Test func asManyImagesAreReadAtOnceAsThereAreReadersAndNoMore() throws {
    var trial = try Trial(images: 4, copies: 4, slots: 4)
    #expect(trial.next(room: 8, readers: 2) == .read(0))
    #expect(trial.next(room: 8, readers: 2) == .read(1))
    #expect(trial.next(room: 8, readers: 2) == .nothing)
    #expect(trial.next(room: 8, readers: 3) == .read(2))
  }

  @Test func oneRankMakesTheFewCopiesOfAnImageWhileThereAreImagesForAll() throws {
    var trial = try Trial(images: 7, copies: 3, slots: 4)
    #expect((0..<3).map { _ in trial.next(room: 4, readers: 2) } == [.all(0), .all(1), .all(2)])
    #expect(trial.next(room: 4, readers: 2) == .read(3), "four images are left for two readers")
    #expect(trial.endImage(0, copies: 3) == [0, 1, 2])
    #expect(trial.loseImage(1) == [])
    #expect(trial.endImage(2, copies: 3) == [6, 7, 8])
    trial.endReading(3)
    var again: [Int] = []
    while true {
      switch trial.next(room: 4, readers: 2) {
      case .read(let image): trial.endReading(image)
      case .augment(let task): trial.endTask(task)
      case .augmentUnread(let task):
        again.append(task)
        trial.endTask(task)
      case .end:
        #expect(again.sorted() == [3, 4, 5], "the copies of the image whose worker died")
        return
      case .all, .nothing:
        Issue.record("no image is left for one rank, and nothing is under way")
        return
      }
    }
  }

  @Test func aReportThatAWorkerOwesIsAProblemOfItsTask() throws {
    var trial = try Trial(images: 3, copies: 3, slots: 1)
    #expect(trial.next(room: 4, readers: 1) == .all(0))
    #expect(trial.endImage(0, copies: 2) == [0, 1, 2], "two reports for three copies, and none waits for the third")
  }

  @Test func imagesAreReadAheadUntilThereIsWorkForAllThatMayBeUnderWay() throws {
    var trial = try Trial(images: 2, copies: 4, slots: 9)
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

/// A schedule, and the work that it has handed out by image and task, so that a test can end it.
private struct Trial {
  enum Answer: Equatable {
    case read(Int)
    case augment(Int)
    /// A copy of an image that has not been decoded.
    case augmentUnread(Int)
    /// All copies of an image.
    case all(Int)
    case nothing
    case end
  }

  private var state: AdaptiveSchedule
  /// Positions in the stream: of readings, tasks and whole images.
  private var readings: [Int: Int] = [:]
  private var tasks: [Int: Int] = [:]
  private var images: [Int: Int] = [:]

  init(images: Int, copies: Int, slots: Int) throws {
    let grid = madeUpGrid(images: images, copies: copies)
    let arena = try SharedArena(slotCount: slots, slotByteCount: 16)
    state = AdaptiveSchedule(grid, in: arena, UnfinishedTasks())
  }

  mutating func next(room: Int, readers: Int) -> Answer {
    let number = readings.count + tasks.count + images.count
    switch state.next(room: room, readers: readers) {
    case .item(.read(let imageIndex, _)):
      readings[imageIndex] = number
      return .read(imageIndex)
    case .item(.make(let shared)):
      tasks[shared.task] = number
      return shared.source == nil ? .augmentUnread(shared.task) : .augment(shared.task)
    case .item(.makeAll(let imageIndex)):
      images[imageIndex] = number
      return .all(imageIndex)
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

  mutating func endImage(_ imageIndex: Int, copies: Int) -> [Int] {
    end(images[imageIndex], .success(Array(repeating: TaskReport(), count: copies).payload))
  }

  /// The worker that made the copies of an image has died.
  mutating func loseImage(_ imageIndex: Int) -> [Int] { end(images[imageIndex], .failure(.killed(attempts: 1))) }

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

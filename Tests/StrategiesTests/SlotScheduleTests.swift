import ProcPool
import Strategies
import Testing

/// Which tasks can be handed out, which are over, and when a slot is free again.
struct SlotScheduleTests {
  private let done = Result<TaskReport, TaskFailure>.success(.of(writtenByteCount: 7))
  private let killed = Result<TaskReport, TaskFailure>.failure(.killed(attempts: 1))

  @Test func aSlotIsFreeExactlyWhenTheLastTaskOfItsImageHasEnded() throws {
    let arena = try SharedArena(slotCount: 1, slotByteCount: 16)
    var sources = SlotSchedule(madeUpGrid(images: 2, copies: 3), in: arena)
    let slot = try read(0, in: &sources)
    let tasks = takeAll(&sources)
    #expect(tasks.map(\.task) == [0, 1, 2])
    #expect(tasks.allSatisfy { $0.source?.slot == slot })
    for task in [2, 0] {
      _ = sources.end(task, done)
      #expect(arena.freeCount == 0 && !sources.canRead)
    }
    _ = sources.end(1, done)
    #expect(arena.freeCount == 1 && sources.canRead)
  }

  @Test func noImageIsReadWithoutAFreeSlot() throws {
    let arena = try SharedArena(slotCount: 2, slotByteCount: 16)
    var sources = SlotSchedule(madeUpGrid(images: 3, copies: 1), in: arena)
    let readings = (0..<3).map { _ in sources.beginReading() }
    let (first, second) = (try #require(readings[0]), try #require(readings[1]))
    #expect(first.imageIndex == 0 && second.imageIndex == 1 && first.slot != second.slot)
    #expect(readings[2] == nil && !sources.canRead)
    #expect(sources.takeTask() == nil, "nothing has been read yet")
  }

  @Test func anImageThatCannotBeReadEndsAllItsTasksAtOnce() throws {
    let arena = try SharedArena(slotCount: 1, slotByteCount: 16)
    var sources = SlotSchedule(madeUpGrid(images: 2, copies: 3), in: arena)
    try read(0, .unreadable, in: &sources, ending: 0..<3)
    #expect(arena.freeCount == 1 && !sources.isExhausted)
    #expect(sources.takeTask() == nil)
    try read(1, .unreadable, in: &sources, ending: 3..<6)
    #expect(sources.isExhausted)
  }

  @Test func anImageTooLargeForItsSlotIsReadByWhoMakesItsCopies() throws {
    let arena = try SharedArena(slotCount: 1, slotByteCount: 16)
    var sources = SlotSchedule(madeUpGrid(images: 1, copies: 3), in: arena)
    try read(0, .tooLarge, in: &sources)
    #expect(arena.freeCount == 1)
    let tasks = takeAll(&sources)
    #expect(tasks.map(\.task) == [0, 1, 2])
    #expect(tasks.allSatisfy { $0.source == nil })
  }

  @Test func anImageWhoseReaderDiedIsReadByWhoMakesItsCopies() throws {
    let arena = try SharedArena(slotCount: 1, slotByteCount: 16)
    var sources = SlotSchedule(madeUpGrid(images: 1, copies: 3), in: arena)
    let reading = sources.beginReading()
    #expect(reading?.imageIndex == 0)
    sources.loseReading(0)
    #expect(arena.freeCount == 1)
    let tasks = takeAll(&sources)
    #expect(tasks.map(\.task) == [0, 1, 2])
    #expect(tasks.allSatisfy { $0.source == nil })
  }

  @Test func anImageThatIsSkippedTakesNoSlotAndTheNextIsRead() throws {
    let arena = try SharedArena(slotCount: 1, slotByteCount: 16)
    var sources = SlotSchedule(madeUpGrid(images: 2, copies: 2), in: arena)
    sources.skipReading()
    #expect(arena.freeCount == 1)
    try read(1, in: &sources)
    let tasks = takeAll(&sources)
    #expect(tasks.map { $0.source == nil } == [true, true, false, false])
  }

  @Test func aTaskWhoseWorkerDiedRunsOnceMoreAloneAfterAllOthersAndReadsForItself() throws {
    let arena = try SharedArena(slotCount: 1, slotByteCount: 16)
    var sources = SlotSchedule(madeUpGrid(images: 2, copies: 1), in: arena)
    try read(0, in: &sources)
    #expect(sources.takeTask()?.task == 0)
    #expect(sources.end(0, killed) == nil)
    #expect(arena.freeCount == 1, "no slot waits for it")
    #expect(sources.takeTask() == nil, "an image is still to be read")
    try read(1, in: &sources)
    #expect(sources.takeTask()?.task == 1)
    #expect(sources.takeTask() == nil, "the other one is under way")
    #expect(!sources.isExhausted)
    #expect(sources.end(1, done)?.writtenByteCount == 7)
    let again = sources.takeTask()
    #expect(again?.task == 0)
    #expect(again?.source == nil)
    #expect(sources.takeTask() == nil)
    #expect(!sources.isExhausted)
    #expect(sources.end(0, done)?.writtenByteCount == 7)
    #expect(sources.isExhausted && arena.freeCount == 1)
  }

  @Test func aTaskWhoseWorkerDiedTwiceFailsAndSaysSo() throws {
    let arena = try SharedArena(slotCount: 1, slotByteCount: 16)
    var sources = SlotSchedule(madeUpGrid(images: 1, copies: 1), in: arena)
    try read(0, in: &sources)
    _ = sources.takeTask()
    #expect(sources.end(0, killed) == nil)
    #expect(!sources.isExhausted)
    #expect(sources.takeTask()?.task == 0)
    #expect(!sources.isExhausted)
    #expect(sources.end(0, killed)?.problem?.reason == "the worker was killed by SIGKILL (9), 2 times (out of memory?)")
    #expect(sources.takeTask() == nil)
    #expect(sources.isExhausted && arena.freeCount == 1)
  }

  @Test func aTaskThatTookTooLongDoesNotRunAgain() throws {
    let arena = try SharedArena(slotCount: 1, slotByteCount: 16)
    var sources = SlotSchedule(madeUpGrid(images: 1, copies: 1), in: arena)
    try read(0, in: &sources)
    _ = sources.takeTask()
    let late = TaskFailure(index: 0, rank: 0, pid: 1, attempts: 1, cause: .timedOut(seconds: 3))
    #expect(sources.end(0, .failure(late))?.problem == .init(reason: "it took longer than 3 s", .tookTooLong))
    #expect(sources.isExhausted && arena.freeCount == 1)
  }

  @Test func aLayoutThatDoesNotFitItsSlotIsNotUsed() throws {
    let arena = try SharedArena(slotCount: 1, slotByteCount: 11)
    var sources = SlotSchedule(madeUpGrid(images: 1, copies: 1), in: arena)
    try read(0, in: &sources)
    let task = sources.takeTask()
    #expect(task?.task == 0 && task?.source == nil && arena.freeCount == 1)
  }

  @Test func whatWasSaidOfTheReadingIsPartOfTheFirstReportOnly() throws {
    let arena = try SharedArena(slotCount: 2, slotByteCount: 16)
    var sources = SlotSchedule(madeUpGrid(images: 2, copies: 3), in: arena)
    for imageIndex in 0..<2 { try read(imageIndex, in: &sources) }
    _ = takeAll(&sources)
    #expect(sources.end(1, killed) == nil, "it says nothing, so it is not the first")
    let reports = [2, 4, 0, 3, 5].map { sources.end($0, done) }
    #expect(reports.map { $0?.readByteCount } == [5, 5, 0, 0, 0])
    #expect(reports.allSatisfy { $0?.writtenByteCount == 7 })
    #expect(sources.takeTask()?.task == 1)
    #expect(sources.end(1, done)?.readByteCount == 0)
  }

  @Test func whatWasSaidOfTheReadingIsToldByATaskThatFailsWhereThereIsNoOther() throws {
    let arena = try SharedArena(slotCount: 1, slotByteCount: 16)
    var sources = SlotSchedule(madeUpGrid(images: 1, copies: 1), in: arena)
    try read(0, in: &sources)
    _ = sources.takeTask()
    #expect(sources.end(0, killed) == nil)
    _ = sources.takeTask()
    let report = sources.end(0, killed)
    #expect(report?.readByteCount == 5)
    #expect(report?.problem != nil)
  }

  @Test func tensOfThousandsOfTasksAreHandedOutInTheirOrder() throws {
    let arena = try SharedArena(slotCount: 3, slotByteCount: 16)
    var sources = SlotSchedule(madeUpGrid(images: 3, copies: 5000), in: arena)
    try read(0, in: &sources)
    var tasks = (0..<4500).compactMap { _ in sources.takeTask()?.task }
    for imageIndex in 1..<3 { try read(imageIndex, in: &sources) }
    tasks += takeAll(&sources).map(\.task)
    #expect(tasks == Array(0..<15000))
  }

  /// Reads the next image, which must be `imageIndex`.
  /// - Returns: the slot that it was given.
  @discardableResult
  private func read(
    _ imageIndex: Int, _ outcome: HeadedReport<ImageLayout?> = .whole, in sources: inout SlotSchedule,
    ending tasks: Range<Int>? = nil
  ) throws -> SharedSlot {
    let reading = sources.beginReading()
    let begun = try #require(reading)
    #expect(begun.imageIndex == imageIndex)
    let ended = sources.endReading(imageIndex, outcome)
    #expect(ended.map(\.task) == Array(tasks ?? 0..<0))
    #expect(ended.allSatisfy { $0.report.problem == outcome.report.problem })
    #expect(ended.dropFirst().allSatisfy { $0.report.readByteCount == 0 }, "the reading is told of once")
    return begun.slot
  }

  private func takeAll(_ sources: inout SlotSchedule) -> [SharedTask] {
    var tasks: [SharedTask] = []
    while let task = sources.takeTask() { tasks.append(task) }
    return tasks
  }
}

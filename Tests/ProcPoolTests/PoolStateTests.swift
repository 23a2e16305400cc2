import ProcPool
import Testing

/// The decisions of the pool, tried in every order in which workers can answer, throw and end.
struct PoolStateTests {
  @Test(arguments: [1, 2, 3])
  func everyTaskHasOneOutcomeInEveryOrderOfEvents(chunkSize: Int) {
    var trial = Trial(taskCount: 4, chunkSize: chunkSize, retries: 0, stopsAtFirstError: true)
    trial.explore(throwsLeft: 1, endsLeft: 2)
    #expect(trial.endCount > 100)
  }

  @Test(arguments: [1, 2])
  func retriedTasksHaveOneOutcomeInEveryOrderOfEvents(chunkSize: Int) {
    var trial = Trial(taskCount: 3, chunkSize: chunkSize, retries: 1, stopsAtFirstError: false)
    trial.explore(throwsLeft: 1, endsLeft: 3)
    #expect(trial.endCount > 100)
  }

  @Test func chunksGoToTheWorkerWithTheFewest() {
    var state = PoolState(workerCount: 3)
    for rank in 0..<3 { state.becameReady(rank) }
    begin(6, chunkSize: 1, in: &state)
    var ranks: [Int] = []
    while let (rank, _) = state.nextAssignment() { ranks.append(rank) }
    #expect(ranks == [0, 1, 2, 0, 1, 2])
  }

  @Test func aWorkerThatHasNotSaidItIsReadyGetsNothing() {
    var state = PoolState(workerCount: 2)
    begin(6, chunkSize: 1, in: &state)
    #expect(state.nextAssignment() == nil)
    state.becameReady(1)
    #expect(state.nextAssignment()?.rank == 1)
  }

  @Test func theWindowGrowsForShortTasksAndStaysAtTwoForLongOnes() {
    for (nanoseconds, expected) in [(UInt64(100), 1024), (100_000, 20), (900_000, 2), (10_000_000, 2)] {
      var worker = WorkerState()
      worker.assign(Chunk(call: anyCall(), tasks: 0..<1))
      worker.answered(1, nanoseconds: nanoseconds)
      #expect(worker.window == expected, "\(nanoseconds) ns")
    }
  }

  @Test func theLastLongChunksAreLeftForWhoeverIsFreeFirst() {
    var state = PoolState(workerCount: 2)
    for rank in 0..<2 { state.becameReady(rank) }
    begin(10, chunkSize: 1, in: &state)
    for _ in 0..<2 { _ = state.nextAssignment() }
    for rank in 0..<2 { state.gaveValues(rank, count: 1, nanoseconds: 20_000_000) }
    var assigned = 0
    while state.nextAssignment() != nil { assigned += 1 }
    #expect(assigned == 4, "one that runs and one ahead for each")
    for _ in 0..<2 { for rank in 0..<2 { state.gaveValues(rank, count: 1, nanoseconds: 20_000_000) } }
    while state.nextAssignment() != nil { assigned += 1 }
    #expect(assigned == 6, "of the last four, none lies behind another while a worker could be idle")
  }

  @Test func aTaskThatIsRunAgainWaitsForAllThatWereThereBeforeIt() {
    var state = PoolState(workerCount: 1)
    state.becameReady(0)
    var call = CallState(chunkSize: 1, stopsAtFirstError: false, retries: 1)
    call.available = 5
    call.isComplete = true
    _ = state.begin(call)
    _ = state.nextAssignment()
    #expect(state.ended(0, begun: 1).isEmpty)
    state.becameReady(0)
    var order: [Int] = []
    for _ in 0..<5 {
      order += state.nextAssignment().map { Array($0.chunk.tasks) } ?? []
      state.gaveValues(0, count: 1, nanoseconds: 10_000_000)
    }
    #expect(order == [1, 2, 3, 4, 0])
  }

  @Test func endsWithNoTaskToBlameBreakThePoolAndATaskInBetweenDoesNot() {
    var state = PoolState(workerCount: 2)
    for _ in 0..<9 { _ = state.ended(0, begun: 0) }
    #expect(!state.isBroken)
    state.becameReady(0)
    begin(1, chunkSize: 1, in: &state)
    _ = state.nextAssignment()
    state.gaveValues(0, count: 1, nanoseconds: 1)
    _ = state.ended(0, begun: 1)
    for _ in 0..<8 { _ = state.ended(0, begun: 0) }
    #expect(!state.isBroken)
    _ = state.ended(0, begun: 0)
    #expect(state.isBroken)
  }

  @Test func repliesToAnEndedCallAreDroppedAndTheNextCallStartsClean() {
    var state = PoolState(workerCount: 1)
    state.becameReady(0)
    let first = begin(3, chunkSize: 3, in: &state)
    _ = state.nextAssignment()
    state.end(first)
    let second = begin(1, chunkSize: 1, in: &state)
    _ = state.nextAssignment()
    for index in 0..<3 {
      #expect(state.answering(0)?.call == first && state.answering(0)?.tasks.lowerBound == index)
      state.gaveValues(0, count: 1, nanoseconds: 1)
    }
    #expect(state.answering(0) == Chunk(call: second, tasks: 0..<1))
    state.gaveValues(0, count: 1, nanoseconds: 1)
    #expect(state.takeFinishedCalls() == [second])
    #expect(!state.hasWork)
  }

  @Test func noReplyIsExpectedOfAWorkerWithoutTasks() {
    #expect(PoolState(workerCount: 1).answering(0) == nil)
  }

  @Test func aCallForSomeRanksLeavesTheOthersToTheRest() {
    var state = PoolState(workerCount: 3)
    for rank in 0..<3 { state.becameReady(rank) }
    let pinned = begin(9, chunkSize: 1, ranks: 2..<3, in: &state)
    let free = begin(9, chunkSize: 1, ranks: 0..<2, in: &state)
    var given: [CallID: [Int]] = [:]
    while let (rank, chunk) = state.nextAssignment() { given[chunk.call, default: []].append(rank) }
    #expect(given[pinned] == [2, 2])
    #expect(given[free] == [0, 1, 0, 1])
    _ = state.ended(2, begun: 0)
    #expect(state.nextAssignment() == nil, "its worker is gone, and no other will do")
    state.becameReady(2)
    #expect(state.nextAssignment()?.chunk.call == pinned)
  }

  @Test func aWorkerIsFilledOnceItHasHalfOfWhatItMayHave() {
    var state = PoolState(workerCount: 1)
    state.becameReady(0)
    begin(100, chunkSize: 1, in: &state)
    _ = state.nextAssignment()
    state.gaveValues(0, count: 1, nanoseconds: 100_000)
    #expect(assignAll(&state) == 20)
    for _ in 0..<9 { state.gaveValues(0, count: 1, nanoseconds: 100_000) }
    #expect(assignAll(&state) == 0)
    state.gaveValues(0, count: 1, nanoseconds: 100_000)
    #expect(assignAll(&state) == 10)
  }

  private func assignAll(_ state: inout PoolState) -> Int {
    var count = 0
    while state.nextAssignment() != nil { count += 1 }
    return count
  }

  @Test func theDefaultChunkSizeIsCPythons() {
    #expect(defaultChunkSize(taskCount: 0, workers: 2) == 0)
    for (count, workers, expected) in [(1, 1, 1), (8, 2, 1), (9, 2, 2), (100, 4, 7), (1000, 3, 84)] {
      #expect(defaultChunkSize(taskCount: count, workers: workers) == expected)
    }
  }

  @discardableResult
  private func begin(
    _ count: Int, chunkSize: Int, ranks: Range<Int>? = nil, in state: inout PoolState
  ) -> CallID {
    var call = CallState(chunkSize: chunkSize, stopsAtFirstError: false, retries: 0)
    call.ranks = ranks
    call.available = count
    call.isComplete = true
    return state.begin(call)
  }

  private func anyCall() -> CallID {
    var state = PoolState(workerCount: 1)
    return begin(1, chunkSize: 1, in: &state)
  }
}

/// One call on two workers, and what may happen to it next.
private struct Trial {
  private var state = PoolState(workerCount: 2)
  private let retries: Int
  private var outcomes: [Int]
  /// Tasks that each worker has begun, as its counter would say.
  private var begun: [UInt64] = [0, 0]
  private(set) var endCount = 0

  init(taskCount: Int, chunkSize: Int, retries: Int, stopsAtFirstError: Bool) {
    var call = CallState(chunkSize: chunkSize, stopsAtFirstError: stopsAtFirstError, retries: retries)
    call.available = taskCount
    call.isComplete = true
    _ = state.begin(call)
    self.retries = retries
    outcomes = Array(repeating: 0, count: taskCount)
  }

  /// Tries every order of events from here, with at most so many throws and ends of workers.
  mutating func explore(throwsLeft: Int, endsLeft: Int) {
    while state.nextAssignment() != nil {}
    if !state.hasWork {
      #expect(outcomes.allSatisfy { $0 == 1 }, "\(outcomes)")
      endCount += 1
      return
    }
    var events = 0
    for rank in 0..<2 {
      events += tryAnswers(rank, throwsLeft, endsLeft)
      if endsLeft > 0 { tryEnds(rank, throwsLeft, endsLeft) }
    }
    #expect(events > 0, "tasks are waiting and nothing will ever happen")
  }

  private mutating func branch(_ throwsLeft: Int, _ endsLeft: Int, _ event: (inout Trial) -> Void) {
    var copy = self
    event(&copy)
    copy.explore(throwsLeft: throwsLeft, endsLeft: endsLeft)
    endCount = copy.endCount
  }

  private mutating func tryAnswers(_ rank: Int, _ throwsLeft: Int, _ endsLeft: Int) -> Int {
    let worker = state.workers[rank]
    if worker.phase == .starting {
      branch(throwsLeft, endsLeft) { $0.state.becameReady(rank) }
      return 1
    }
    guard !worker.chunks.isEmpty else { return 0 }
    if worker.firstHasFailed {
      branch(throwsLeft, endsLeft) { $0.answer(rank, .notRun) }
      return 1
    }
    branch(throwsLeft, endsLeft) { $0.answer(rank, .value) }
    if throwsLeft > 0 { branch(throwsLeft - 1, endsLeft) { $0.answer(rank, .threw) } }
    return 1
  }

  private mutating func answer(_ rank: Int, _ kind: ReplyHeader.Kind) {
    if kind != .notRun { begun[rank] += 1 }
    guard let chunk = state.answering(rank) else {
      Issue.record("a reply for no task")
      return
    }
    if kind == .value {
      state.gaveValues(rank, count: 1, nanoseconds: 10_000_000)
    } else {
      state.gaveNoValue(rank, wasRun: kind == .threw, nanoseconds: 10_000_000)
    }
    outcomes[chunk.tasks.lowerBound] += 1
  }

  private mutating func tryEnds(_ rank: Int, _ throwsLeft: Int, _ endsLeft: Int) {
    branch(throwsLeft, endsLeft - 1) { $0.end(rank, isRunning: false) }
    let worker = state.workers[rank]
    if !worker.chunks.isEmpty && !worker.firstHasFailed {
      branch(throwsLeft, endsLeft - 1) { $0.end(rank, isRunning: true) }
    }
  }

  private mutating func end(_ rank: Int, isRunning: Bool) {
    let lost = state.ended(rank, begun: begun[rank] + (isRunning ? 1 : 0))
    begun[rank] = 0
    for task in lost {
      outcomes[task.index] += 1
      #expect(task.isNotRun || task.attempts == retries + 1)
    }
  }
}

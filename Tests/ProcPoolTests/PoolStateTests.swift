import ProcPool
import Testing

/// The pool's decisions, in every order in which workers can answer, throw and end.
struct PoolStateTests {
  @Test(arguments: [1, 2, 3])
  func everyTaskHasOneOutcomeInEveryOrderOfEvents(chunkSize: Int) {
    var trial = PoolStateTrial(taskCount: 4, chunkSize: chunkSize, retries: 0, stopsAtFirstError: true)
    trial.explore(throwsLeft: 1, endsLeft: 1, movesLeft: 2)
    #expect(trial.endCount > 100)
  }

  @Test(arguments: [1, 2])
  func retriedTasksHaveOneOutcomeInEveryOrderOfEvents(chunkSize: Int) {
    var trial = PoolStateTrial(taskCount: 3, chunkSize: chunkSize, retries: 1, stopsAtFirstError: false)
    trial.explore(throwsLeft: 1, endsLeft: 2, movesLeft: 1)
    #expect(trial.endCount > 100)
  }

  @Test func chunksGoToTheWorkerWithTheFewest() {
    var state = PoolState(workerCount: 3)
    for rank in 0..<3 { state.becameReady(rank) }
    begin(6, chunkSize: 1, in: &state)
    var ranks: [Int] = []
    while let (rank, _, _) = state.nextAssignment() { ranks.append(rank) }
    #expect(ranks == [0, 1, 2], "and no second one before it is known how long a chunk takes")
    for rank in 0..<3 { state.gaveValues(rank, count: 1, nanoseconds: 900_000) }
    begin(9, chunkSize: 1, in: &state)
    while let (rank, _, _) = state.nextAssignment() { ranks.append(rank) }
    #expect(ranks == [0, 1, 2, 0, 1, 2, 0, 1, 2])
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
      _ = worker.assign(Chunk(call: anyCall(), tasks: 0..<1))
      worker.answered(1, nanoseconds: nanoseconds)
      #expect(worker.window == expected, "\(nanoseconds) ns")
    }
  }

  @Test func theLastLongChunksAreLeftForTheFirstFreeWorker() {
    var state = PoolState(workerCount: 2)
    for rank in 0..<2 { state.becameReady(rank) }
    begin(10, chunkSize: 1, in: &state)
    while state.nextAssignment() != nil {}
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
    _ = state.start(call)
    _ = state.nextAssignment()
    #expect(state.workerEnded(0, isRunning: true) == nil)
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
    for _ in 0..<9 { _ = state.workerEnded(0, isRunning: false) }
    #expect(!state.isBroken)
    state.becameReady(0)
    begin(1, chunkSize: 1, in: &state)
    _ = state.nextAssignment()
    state.gaveValues(0, count: 1, nanoseconds: 1)
    for _ in 0..<9 { _ = state.workerEnded(0, isRunning: false) }
    #expect(!state.isBroken)
    _ = state.workerEnded(0, isRunning: false)
    #expect(state.isBroken)
  }

  @Test func workersThatLeaveMoreOftenThanTasksEndBreakThePool() {
    var state = PoolState(workerCount: 2)
    for round in 0..<100 where !state.isBroken {
      for _ in 0..<3 { _ = state.workerEnded(0, isRunning: false, .left) }
      state.becameReady(0)
      begin(1, chunkSize: 1, in: &state)
      _ = state.nextAssignment()
      state.gaveValues(0, count: 1, nanoseconds: 1)
      if round == 2 { #expect(!state.isBroken, "some may leave") }
    }
    #expect(state.isBroken)
    var patient = PoolState(workerCount: 2)
    for _ in 0..<100 {
      for _ in 0..<3 { _ = patient.workerEnded(0, isRunning: false, .killed) }
      patient.becameReady(0)
      begin(1, chunkSize: 1, in: &patient)
      _ = patient.nextAssignment()
      patient.gaveValues(0, count: 1, nanoseconds: 1)
    }
    #expect(!patient.isBroken, "kills from outside may be as frequent as finished tasks")
  }

  @Test func tasksMoveFromABusyWorkerToAnIdleOne() {
    var state = PoolState(workerCount: 2)
    for rank in 0..<2 { state.becameReady(rank) }
    begin(8, chunkSize: 8, in: &state)
    #expect(state.nextAssignment()?.rank == 0)
    func transfer(_ now: UInt64) -> PoolState.Transfer {
      state.transfer(now: now) { _ in .init(begunCount: 2, since: 1000) }
    }
    let due = 1000 + PoolState.patienceNanoseconds
    #expect(transfer(1000) == .later(due))
    #expect(transfer(due) == .take(rank: 0, count: 3), "half of the six that it has not begun")
    state.tookBack(0, chunkAt: 0, from: 5)
    #expect(state.nextAssignment()?.chunk.tasks == 5..<8)
    #expect(state.transfer(now: due) { _ in .init(begunCount: 1, since: 0) } == .nothing, "no worker is idle")
    for _ in 0..<5 { state.gaveValues(0, count: 1, nanoseconds: 1) }
    for _ in 0..<3 { state.gaveValues(1, count: 1, nanoseconds: 1) }
    #expect(!state.hasWork)
  }

  @Test func tasksTakenBackAreSharedAmongAllIdleWorkers() {
    var state = PoolState(workerCount: 4)
    for rank in 0..<4 { state.becameReady(rank) }
    begin(100, chunkSize: 100, in: &state)
    _ = state.nextAssignment()
    #expect(state.transfer(now: .max) { _ in .init(begunCount: 1, since: 0) } == .take(rank: 0, count: 75))
    let chunk = state.workers[0].chunks[0]
    #expect(state.newEnd(of: chunk, without: 75, isBegun: false) == 0, "what is not begun moves as a whole")
    #expect(state.newEnd(of: chunk, without: 75, isBegun: true) == 25)
    state.tookBack(0, chunkAt: 0, from: 25)
    var given: [Range<Int>] = []
    while let (_, chunk, _) = state.nextAssignment() { given.append(chunk.tasks) }
    #expect(given == [25..<50, 50..<75, 75..<100])
  }

  @Test func repliesToAnEndedCallAreDroppedAndTheNextCallStartsClean() {
    var state = PoolState(workerCount: 1)
    state.becameReady(0)
    let first = begin(3, chunkSize: 3, in: &state)
    _ = state.nextAssignment()
    state.removeCall(first)
    let second = begin(1, chunkSize: 1, in: &state)
    for index in 0..<3 {
      #expect(state.answering(0)?.call == first && state.answering(0)?.tasks.lowerBound == index)
      state.gaveValues(0, count: 1, nanoseconds: 1)
    }
    _ = state.nextAssignment()
    #expect(state.answering(0)?.call == second)
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
    begin(3, chunkSize: 1, in: &state)
    while state.nextAssignment() != nil {}
    for rank in 0..<3 { state.gaveValues(rank, count: 1, nanoseconds: 900_000) }
    let pinned = begin(9, chunkSize: 1, ranks: 2..<3, in: &state)
    let free = begin(9, chunkSize: 1, ranks: 0..<2, in: &state)
    var given: [CallID: [Int]] = [:]
    while let (rank, chunk, _) = state.nextAssignment() { given[chunk.call, default: []].append(rank) }
    #expect(given[pinned] == [2, 2])
    #expect(given[free] == [0, 1, 0, 1])
    _ = state.workerEnded(2, isRunning: false)
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
    return state.start(call)
  }

  private func anyCall() -> CallID {
    var state = PoolState(workerCount: 1)
    return begin(1, chunkSize: 1, in: &state)
  }
}

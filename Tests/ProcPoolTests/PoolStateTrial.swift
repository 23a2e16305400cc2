import ProcPool
import Testing

/// One call on two workers, and the events that can follow.
struct PoolStateTrial {
  private var state = PoolState(workerCount: 2)
  private let retries: Int
  private var outcomes: [Int]
  private(set) var endCount = 0

  init(taskCount: Int, chunkSize: Int, retries: Int, stopsAtFirstError: Bool) {
    var call = CallState(chunkSize: chunkSize, stopsAtFirstError: stopsAtFirstError, retries: retries)
    call.available = taskCount
    call.isComplete = true
    _ = state.start(call)
    self.retries = retries
    outcomes = Array(repeating: 0, count: taskCount)
  }

  /// Tries every order of events from here, with at most the given numbers of throws, deaths of workers and moved tasks.
  mutating func explore(throwsLeft: Int, endsLeft: Int, movesLeft: Int) {
    while state.nextAssignment() != nil {}
    if !state.hasWork {
      #expect(outcomes.allSatisfy { $0 == 1 }, "\(outcomes)")
      endCount += 1
      return
    }
    var events = 0
    let left = (throwsLeft, endsLeft, movesLeft)
    for rank in 0..<2 {
      events += tryAnswers(rank, left)
      if endsLeft > 0 { tryEnds(rank, left) }
      if movesLeft > 0 { tryMove(rank, left) }
    }
    #expect(events > 0, "tasks are waiting and nothing will ever happen")
  }

  private typealias Left = (throwing: Int, ending: Int, moving: Int)

  private mutating func branch(_ left: Left, _ event: (inout Self) -> Void) {
    var copy = self
    event(&copy)
    copy.explore(throwsLeft: left.throwing, endsLeft: left.ending, movesLeft: left.moving)
    endCount = copy.endCount
  }

  private mutating func tryAnswers(_ rank: Int, _ left: Left) -> Int {
    let worker = state.workers[rank]
    if worker.phase == .starting {
      branch(left) { $0.state.becameReady(rank) }
      return 1
    }
    guard !worker.chunks.isEmpty else { return 0 }
    branch(left) { $0.answer(rank, withValue: true) }
    if left.throwing > 0 {
      branch((left.throwing - 1, left.ending, left.moving)) { $0.answer(rank, withValue: false) }
    }
    return 1
  }

  private mutating func answer(_ rank: Int, withValue hasValue: Bool) {
    guard let chunk = state.answering(rank) else {
      Issue.record("a reply for no task")
      return
    }
    outcomes[chunk.tasks.lowerBound] += 1
    if hasValue {
      state.gaveValues(rank, count: 1, nanoseconds: 10_000_000)
    } else {
      for task in state.gaveNoValue(rank, nanoseconds: 10_000_000) { outcomes[task.index] += 1 }
    }
  }

  private mutating func tryEnds(_ rank: Int, _ left: Left) {
    let less = (left.throwing, left.ending - 1, left.moving)
    branch(less) { $0.end(rank, isRunning: false) }
    if !state.workers[rank].chunks.isEmpty { branch(less) { $0.end(rank, isRunning: true) } }
  }

  private mutating func end(_ rank: Int, isRunning: Bool) {
    guard let task = state.workerEnded(rank, isRunning: isRunning) else { return }
    outcomes[task.index] += 1
    #expect(task.attempts == retries + 1)
  }

  /// An idle worker takes the tasks that the other has not begun, whether or not the other is running its first task.
  private mutating func tryMove(_ rank: Int, _ left: Left) {
    for begun in 0...1 {
      let decision = state.transfer(now: .max) { state.answered($0, and: begun) }
      guard case .take(rank, let count) = decision else { continue }
      let less = (left.throwing, left.ending, left.moving - 1)
      branch(less) { trial in
        let position = trial.state.workers[rank].chunks.count - 1
        let tasks = trial.state.workers[rank].chunks[position].tasks
        trial.state.tookBack(rank, chunkAt: position, from: max(tasks.lowerBound, tasks.upperBound - count))
      }
    }
  }
}

extension PoolState {
  /// The progress of a worker that has begun `begun` unanswered tasks of its oldest chunk.
  fileprivate func answered(_ rank: Int, and begun: Int) -> Progress {
    let chunk = workers[rank].chunks[0]
    return Progress(begunCount: min(begun, chunk.tasks.count) + chunk.tasks.lowerBound - chunk.firstTask, since: 0)
  }
}

import ProcPool
import Testing

/// A pool in virtual time: `PoolState` decides, and the workers are simulated.
struct SchedulerTests {
  @Test(arguments: 0..<50)
  func noWorkerIsIdleWhileATaskWaits(hundred: Int) {
    for seed in 0..<20 {
      var world = VirtualPool(seed: UInt64(20 * hundred + seed))
      world.run()
      #expect(world.longestNanoseconds <= 1_000_000, "seed \(20 * hundred + seed): idle beside a task that waits")
      #expect(world.isDone, "seed \(20 * hundred + seed): tasks without an outcome")
    }
  }

  @Test func aScheduleIsNoLongerThanAListsIs() {
    for seed in 1000..<1200 {
      var world = VirtualPool(seed: UInt64(seed), isPeaceful: true)
      world.run()
      let most = world.workNanoseconds / Double(world.workerCount) + world.longestTaskNanoseconds
      #expect(Double(world.now) <= 1.02 * most + 2_000_000, "seed \(seed): \(world.now) ns, at most \(most)")
    }
  }
}

/// Calls with tasks of every length on a few workers; some workers are killed, some calls abandoned.
private struct VirtualPool {
  private struct Task {
    var nanoseconds: UInt64
    var outcomes = 0
  }

  /// The true state of a worker, which `PoolState` does not see.
  private struct Worker {
    var readyTime: UInt64?
    /// When its running task ends.
    var endTime: UInt64?
    var beginTime: UInt64 = 0
    /// Tasks it has begun of its oldest chunk in `PoolState`.
    var begunCount = 0
    /// The oldest chunk and whether it is begun, and since when the parent has known.
    var seen: (number: UInt64, isBegun: Bool, since: UInt64)?
  }

  private var random: SplitMix
  private var state: PoolState
  private var workers: [Worker]
  private var tasks: [CallID: [Task]] = [:]
  private var callsLeft: Int
  private var killsLeft: Int
  private let isPeaceful: Bool
  private var nextCallTime: UInt64 = 0
  private var transferTime: UInt64?
  private(set) var now: UInt64 = 0
  private(set) var workNanoseconds = 0.0
  private(set) var longestTaskNanoseconds = 0.0
  /// The longest time that a worker was idle while there was a task that it could have begun.
  private(set) var longestNanoseconds: UInt64 = 0
  private var idleSince: UInt64?

  init(seed: UInt64, isPeaceful: Bool = false) {
    random = SplitMix(state: seed)
    let count = 1 + Int(random.next() % 6)
    state = PoolState(workerCount: count)
    workers = (0..<count).map { _ in Worker() }
    callsLeft = isPeaceful ? 1 : 1 + Int(random.next() % 5)
    killsLeft = isPeaceful ? 0 : Int(random.next() % 4)
    self.isPeaceful = isPeaceful
    for rank in workers.indices { workers[rank].readyTime = isPeaceful ? 0 : random.next() % 3_000_000 }
  }

  var workerCount: Int { workers.count }
  var isDone: Bool { !state.hasWork && tasks.values.allSatisfy { $0.allSatisfy { $0.outcomes == 1 } } }

  mutating func run() {
    var steps = 0
    while callsLeft > 0 || state.hasWork, let time = nextTime(), steps < 200_000 {
      if let idleSince { longestNanoseconds = max(longestNanoseconds, time - idleSince) }
      now = max(now, time)
      happen()
      decide()
      note()
      steps += 1
    }
  }

  // MARK: What happens

  private func nextTime() -> UInt64? {
    let ofWorkers = workers.compactMap { $0.readyTime ?? $0.endTime }
    return (ofWorkers + [transferTime, callsLeft > 0 ? nextCallTime : nil].compactMap(\.self)).min()
  }

  private mutating func happen() {
    if callsLeft > 0 && nextCallTime <= now { beginCall() }
    for rank in workers.indices {
      if let time = workers[rank].readyTime, time <= now {
        workers[rank].readyTime = nil
        state.becameReady(rank)
      }
      if let time = workers[rank].endTime, time <= now { endTask(rank) }
    }
    if killsLeft > 0 && random.next() % 50 == 0 { kill(Int(random.next() % UInt64(workers.count))) }
    if !isPeaceful && random.next() % 500 == 0, let id = tasks.keys.min(by: { $0.hashValue < $1.hashValue }) {
      giveUp(id)
    }
  }

  /// Drops a call: tasks that have begun go on, and the rest is taken back.
  private mutating func giveUp(_ id: CallID) {
    state.removeCall(id)
    tasks[id] = nil
    for rank in workers.indices {
      for position in state.workers[rank].chunks.indices.reversed()
      where state.workers[rank].chunks[position].call == id {
        state.tookBack(rank, chunkAt: position, from: begunEnd(rank, position))
      }
    }
  }

  /// The end of the tasks of a chunk that its worker has begun.
  private func begunEnd(_ rank: Int, _ position: Int) -> Int {
    let chunk = state.workers[rank].chunks[position]
    return position == 0
      ? max(chunk.tasks.lowerBound, chunk.firstTask + workers[rank].begunCount) : chunk.tasks.lowerBound
  }

  private mutating func beginCall() {
    callsLeft -= 1
    nextCallTime = now + random.next() % 5_000_000
    let count = 1 + Int(random.next() % 300)
    let size = [1, 1, 3, 20, 1000, (count - 1) / (4 * workers.count) + 1][Int(random.next() % 6)]
    var call = CallState(
      chunkSize: size, stopsAtFirstError: random.next() % 2 == 0, retries: 3, isAdaptive: random.next() % 5 == 0)
    call.available = count
    call.isComplete = true
    if !isPeaceful && random.next() % 4 == 0 { call.ranks = 0..<1 + Int(random.next() % UInt64(workers.count)) }
    let id = state.start(call)
    let kind = random.next() % 4
    tasks[id] = (0..<count).map { _ in Task(nanoseconds: length(kind)) }
    for task in tasks[id] ?? [] {
      workNanoseconds += Double(task.nanoseconds)
      longestTaskNanoseconds = max(longestTaskNanoseconds, Double(task.nanoseconds))
    }
  }

  /// All short, all long, mixed, or one in fifty very long.
  private mutating func length(_ kind: UInt64) -> UInt64 {
    switch kind {
    case 0: 200 + random.next() % 2000
    case 1: 5_000_000 + random.next() % 20_000_000
    case 2: 1 << (8 + random.next() % 17)
    default: random.next() % 50 == 0 ? 2_000_000_000 : 10_000 + random.next() % 500_000
    }
  }

  private mutating func endTask(_ rank: Int) {
    workers[rank].endTime = nil
    guard let chunk = state.answering(rank) else {
      Issue.record("a task of no chunk")
      return
    }
    let duration = now - workers[rank].beginTime
    count([chunk.tasks.lowerBound], of: chunk.call)
    if !isPeaceful && random.next() % 200 == 0 {
      let notRun = state.gaveNoValue(rank, nanoseconds: duration)
      count(notRun.map(\.index), of: chunk.call)
    } else {
      state.gaveValues(rank, count: 1, nanoseconds: duration)
    }
    if state.answering(rank)?.number != chunk.number { workers[rank].begunCount = 0 }
    for id in state.takeFinishedCalls() { state.removeCall(id) }
    begin(rank)
  }

  /// A worker that runs nothing begins its first task.
  private mutating func begin(_ rank: Int) {
    guard workers[rank].endTime == nil, let chunk = state.answering(rank) else { return }
    workers[rank].begunCount = chunk.tasks.lowerBound - chunk.firstTask + 1
    workers[rank].beginTime = now
    workers[rank].endTime = now + (tasks[chunk.call]?[chunk.tasks.lowerBound].nanoseconds ?? 1)
  }

  private mutating func kill(_ rank: Int) {
    guard workers[rank].readyTime == nil else { return }
    killsLeft -= 1
    let isRunning = workers[rank].endTime != nil
    if let lost = state.workerEnded(rank, isRunning: isRunning) { count([lost.index], of: lost.call) }
    for id in state.takeFinishedCalls() { state.removeCall(id) }
    workers[rank] = Worker(readyTime: now + 2_000_000)
  }

  private mutating func count(_ indices: [Int], of call: CallID) {
    for index in indices { tasks[call]?[index].outcomes += 1 }
  }

  // MARK: What the parent does about it

  private mutating func decide() {
    assign()
    while move() { assign() }
  }

  private mutating func assign() { while let (rank, _, _) = state.nextAssignment() { begin(rank) } }

  private mutating func move() -> Bool {
    transferTime = nil
    for rank in workers.indices {
      guard state.hasIdleWorker, let chunk = state.answering(rank) else { continue }
      let isBegun = workers[rank].begunCount > 0
      if let seen = workers[rank].seen, seen.number == chunk.number, seen.isBegun == isBegun { continue }
      workers[rank].seen = (chunk.number, isBegun, now)
    }
    let decision = state.transfer(now: now) { rank in
      .init(begunCount: workers[rank].begunCount, since: workers[rank].seen?.since ?? now)
    }
    switch decision {
    case .nothing: return false
    case .later(let time):
      transferTime = time
      return false
    case .take(let rank, let count): return take(count, from: rank)
    }
  }

  private mutating func take(_ count: Int, from rank: Int) -> Bool {
    var left = count
    for position in state.workers[rank].chunks.indices.reversed() where left > 0 {
      let chunk = state.workers[rank].chunks[position]
      guard state.mayMove(chunk) else { continue }
      let isBegun = position == 0 && workers[rank].begunCount > 0
      let end = max(begunEnd(rank, position), state.newEnd(of: chunk, without: left, isBegun: isBegun))
      guard end < chunk.tasks.upperBound else { break }
      left -= chunk.tasks.upperBound - end
      state.tookBack(rank, chunkAt: position, from: end)
    }
    #expect(left < count, "nothing could be taken")
    return left < count
  }

  // MARK: What must not be

  /// Records since when a worker has been idle while there is a task that it could begin.
  private mutating func note() {
    let idle = workers.indices.filter { state.workers[$0].phase == .ready && state.workers[$0].chunks.isEmpty }
    let isWaiting =
      !idle.isEmpty
      && state.workers.indices.contains { rank in
        state.workers[rank].chunks.enumerated().contains { position, chunk in
          begunEnd(rank, position) < chunk.tasks.upperBound && state.mayMove(chunk)
        }
      }
    if !isWaiting { idleSince = nil } else if idleSince == nil { idleSince = now }
  }
}

private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

internal import Glibc
import ProcPool

/// No task waits while a worker is idle, whatever the other workers are doing. Shown without a clock: a task that waits
/// for others to run ends only if none of them is queued behind it.
let conservingScenarios: [String: Scenario] = [
  "aMapEndsBesideATaskThatHangs": { _ in
    for chunkSize in [ChunkSize.automatic, 1, 4, 30, .adaptive] {
      let pool = try Pool(options(3)) { (n: Int) -> Int in
        if n < 0 { pause(seconds: 600) }
        return n
      }
      let hanging = try pool.applyAsync(-1)
      checkEqual(try pool.mapAsync(0..<30, chunkSize: chunkSize).get(timeout: 30), Array(0..<30))
      checkEqual(try pool.mapAsync(0..<30, chunkSize: chunkSize).get(timeout: 30), Array(0..<30))
      let results = try pool.imap(0..<30, chunkSize: chunkSize)
      for n in 0..<30 { checkEqual(try results.next(timeout: 30), n) }
      check(!hanging.ready(), "the other task has ended")
      pool.terminate()
    }
  },
  // The task waits for all others of its call, wherever in a chunk it stands.
  "noTaskWaitsBehindOneThatWaitsForIt": { _ in
    for chunkSize in [ChunkSize.automatic, 1, 7, 40, 1000, .adaptive] {
      for waiting in [0, 1, 17, 39] {
        try checkTheOthersRun(chunkSize, waiting, through: { pool in try pool.map(0..<40, chunkSize: chunkSize) })
        try checkTheOthersRun(chunkSize, waiting) { pool in
          let results = try pool.imap(0..<40, chunkSize: chunkSize, window: 40)
          return try (0..<40).map { _ in try results.next(timeout: 30) ?? -1 }
        }
      }
    }
  },
  // After short tasks, the worker is given hundreds at once.
  "aLongTaskAfterManyShortOnesDelaysNoOther": { _ in
    let tally = Tally()
    defer { tally.remove() }
    let pool = try Pool(options(2)) { (n: Int) -> Int in
      if n == 100_000 { awaitCount(255, of: tally) }
      if n > 100_000 { tally.add(1) }
      return n
    }
    checkEqual(try pool.mapAsync(0..<100_256, chunkSize: 1).get(timeout: 60).count, 100_256)
  },
  // The rest of a stream is less than a chunk, and yet no worker stays idle.
  "partOfAChunkGoesToAnIdleWorker": { _ in
    let tally = Tally()
    defer { tally.remove() }
    let pool = try Pool(options(2)) { (n: Int) -> Int in
      if n == 0 { awaitCount(5, of: tally) }
      if n >= 10 { tally.add(1) }
      return n
    }
    let results = try pool.imap(0..., chunkSize: 10, window: 15)
    checkEqual(try results.next(timeout: 30), 0)
  },
  "tasksStayOnTheRanksOfTheirCall": { _ in
    let pool = try Pool(options(2)) { (n: Int) -> Int32 in
      pause(seconds: Double(n) * 1e-3)
      return getpid()
    }
    _ = try pool.map([0, 0], chunkSize: 1)
    let pid = pool.workerPIDs[0]
    let pids = try pool.map(Array(repeating: 20, count: 10), chunkSize: 5, ranks: 0..<1)
    checkEqual(Set(pids.map(Optional.some)), [pid], "processes")
  },
  // The argument is a seed. Calls of random lengths and chunks, some cancelled, while workers are killed. Each task of
  // a call that is waited for has its value, and none is begun twice unless its worker was killed.
  "tasksThatMoveRunOnce": { arguments in
    var random = Generator(state: UInt64(arguments[0]) ?? 1)
    let counts = try SharedArray<Int32>(count: 60_000)
    let pool = try Pool(options(4, retries: 9)) { (task: [Int32]) -> Int32 in
      counts[Int(task[0])] += 1
      if task[1] > 0 { usleep(UInt32(task[1])) }
      return task[0]
    }
    var kills = 0
    for round in 0..<200 {
      let base = round * 300
      let tasks = (0..<300).map {
        [Int32(base + $0), $0 % Int(1 + random.next() % 40) == 0 ? Int32(random.next() % 900) : 0]
      }
      let handle = try pool.mapAsync(tasks, chunkSize: .fixed(1 + Int(random.next() % 40)))
      let dropped = try pool.mapAsync(tasks.map { _ in [0, 300] }, chunkSize: 3)
      if random.next() % 3 == 0 {
        kills += 1
        killWorker(Int(random.next() % 4), of: pool)
      }
      if random.next() % 2 == 0 { dropped.wait(timeout: 0.0005) }
      dropped.cancel()
      checkEqual(try handle.get(timeout: 60), tasks.map { $0[0] }, "values")
    }
    let again = (1..<counts.count).count { counts[$0] > 1 }
    check(!(1..<counts.count).contains { counts[$0] == 0 }, "a task that never ran")
    check(again <= kills, "\(again) tasks ran twice for \(kills) kills")
  },
  // The handles are polled in arbitrary order, yet all show the same moment.
  "readyShowsHandlesInTheOrderOfTheirEnds": { _ in
    let pool = try Pool(options(4)) { (n: Int) -> Int in
      pause(seconds: Double(n) * 0.1)
      return n
    }
    let handles = try [4, 1, 3, 2, 4, 4, 4, 4].map { try pool.applyAsync($0) }
    var order: [Int] = []
    while order.count < handles.count {
      for (index, handle) in handles.enumerated() where !order.contains(index) && handle.ready() { order.append(index) }
    }
    checkEqual(Array(order.prefix(4)), [1, 3, 2, 0], "the order of the first four")
  },
]

/// Runs 40 tasks, one of which waits until all others have run.
private func checkTheOthersRun(
  _ chunkSize: ChunkSize, _ waiting: Int, through call: (Pool<Int, Int>) throws -> [Int]
) throws {
  let tally = Tally()
  defer { tally.remove() }
  let pool = try Pool(options(2)) { (n: Int) -> Int in
    if n == waiting { awaitCount(39, of: tally) } else { tally.add(n) }
    return n
  }
  checkEqual(try call(pool), Array(0..<40), "chunks of \(chunkSize), task \(waiting) waits")
  checkEqual(tally.values.sorted(), (0..<40).filter { $0 != waiting }, "what ran")
  pool.terminate()
}

/// In a task: waits until `count` others have run; forever if they do not.
private func awaitCount(_ count: Int, of tally: Tally) {
  while tally.values.count < count { usleep(200) }
}

internal import Glibc
import ProcPool

let insightScenarios: [String: Scenario] = [
  "insightsTellWhereTheTimeWent": { _ in
    let pool = try Pool(options(2), initializer: { _ in pause(seconds: 0.02) }) { (n: Int) -> [UInt8] in
      pause(seconds: n == 5 ? 0.08 : 0.002)
      return [UInt8](repeating: 1, count: n == 7 ? 3 << 20 : 10)
    }
    _ = try pool.map(0..<12, chunkSize: 1)
    killWorker(0, of: pool)
    _ = try pool.map(0..<4, chunkSize: 1, ranks: 0..<1)  // by the replacement
    let before = pool.insights
    pool.close()
    try pool.join()
    for insights in [before, pool.insights] {
      let total = insights.total
      checkEqual(total.taskCount, 16, "tasks")
      checkEqual(insights.slowestTasks.first?.index, 5, "the slowest task")
      checkEqual(insights.slowestTasks.count, 5, "slow tasks")
      check(insights.slowestTasks[0].seconds >= 0.08, "\(insights.slowestTasks)")
      check(total.workingSeconds >= 0.08 + 15 * 0.002, "working \(total.workingSeconds) s")
      check(total.initializerSeconds >= 0.06, "initializer \(total.initializerSeconds) s")
      check(total.startSeconds > 0 && total.waitingSeconds > 0 && total.sendingSeconds > 0, "\(total)")
      check(total.resultByteCount > 3 << 20 && total.inputByteCount >= 16 * 8, "\(total)")
      check(insights.ranks.allSatisfy { $0.peakMemoryByteCount > 1 << 20 }, "\(insights.ranks)")
      checkEqual(insights.ranks.map(\.processCount), [2, 1], "processes")
      checkEqual(insights.ranks[0].ends, [.signal(SIGKILL)], "ends")
      checkEqual(insights.ranks[1].ends, [], "ends")
    }
  },
  "aCallForSomeRanksRunsThereOnly": { _ in
    let pool = try Pool(options(3)) { (_: Int) in getpid() }
    let pinned = try pool.mapAsync(0..<20, chunkSize: 1, ranks: 2..<3)
    let others = try pool.map(0..<20, chunkSize: 1, ranks: 0..<2)
    checkEqual(Set(try pinned.get()), [pool.workerPIDs[2] ?? 0])
    check(!others.contains { $0 == pool.workerPIDs[2] }, "a worker of another rank")
    killWorker(2, of: pool)
    checkEqual(try pool.apply(1, ranks: 2..<3), pool.workerPIDs[2] ?? 0)
    for ranks in [0..<0, 2..<4, -1..<1] {
      do {
        _ = try pool.apply(1, ranks: ranks)
        fail("\(ranks) was taken")
      } catch PoolError.invalidArgument {}
    }
  },
  // The parent does something else for longer than a task may take, while results wait for room.
  "waitingForRoomIsNoTaskTime": { _ in
    let pool = try Pool(options(2)) { (n: Int) in [UInt8](repeating: UInt8(n), count: 200_000) }
    _ = try pool.map(0..<2)
    let handle = try pool.mapAsync(0..<20, chunkSize: 10, timeout: 0.1)
    pause(seconds: 0.4)
    checkEqual(try handle.get().map(\.count), Array(repeating: 200_000, count: 20))
  },
  "timeLimitsMayBeInfiniteOrNone": { _ in
    var options = options(1)
    options.startTimeoutSeconds = .infinity
    options.leaveTimeoutSeconds = .infinity
    options.terminationGraceSeconds = -.infinity
    let pool = try Pool(options) { (n: Int) in n }
    checkEqual(try pool.map(0..<3, timeout: .infinity), [0, 1, 2])
    checkEqual(try pool.applyAsync(1).get(timeout: .infinity), 1)
    checkEqual(try pool.imap(0..<1, timeout: 1e300).next(timeout: .infinity), 0)
    let handle = try pool.applyAsync(2)
    handle.wait(timeout: .nan)
    handle.wait(timeout: -.infinity)
    checkEqual(try handle.get(), 2)
    pool.close()
    try pool.join()
  },
  "aStoppedWorkerThatShouldLeaveBlocksNoWait": { _ in
    var options = options(1)
    options.maxTasksPerChild = 1
    options.leaveTimeoutSeconds = 0.1
    options.terminationGraceSeconds = 0.01
    let pool = try Pool(options, finalizer: { _ in raise(SIGSTOP) }) { (n: Int) in n }
    checkEqual(try pool.map(0..<3, chunkSize: 1), [0, 1, 2])
    pool.close()
    try pool.join()
  },
  "aTaskBehindACancelledOneOfAStoppedWorkerEnds": { _ in
    var options = options(1)
    options.terminationGraceSeconds = 0.01
    let pool = try Pool(options) { (n: Int) in n }
    checkEqual(try pool.apply(1), 1)
    kill(pool.workerPIDs[0] ?? 0, SIGSTOP)
    let first = try pool.applyAsync(2, timeout: 0.05)
    let second = try pool.applyAsync(3, timeout: 0.05)
    first.cancel()
    checkEqual(try second.get(), 3)
  },
]

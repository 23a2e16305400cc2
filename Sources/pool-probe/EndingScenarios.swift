internal import Glibc
import ProcPool

let endingScenarios: [String: Scenario] = [
  "closeRefusesWorkAndJoinWaitsForIt": { _ in
    let pool = try Pool(options(2)) { (n: Int) in n }
    do {
      try pool.join()
      fail("join before close")
    } catch PoolError.stillRunning {}
    pool.close()
    pool.close()
    do {
      _ = try pool.map([1])
      fail("map after close")
    } catch PoolError.notRunning {}
    try pool.join()
    try pool.join()
    check(!hasChild(), "a child is left")
  },
  "aWorkerKilledWhileItLeavesDoesNotHoldJoin": { _ in
    var ends: [ProcessEnd] = []
    var options = options(2)
    options.onWorkerEnd = { ends.append($0.end) }
    for _ in 0..<50 {
      let pool = try Pool(options) { (n: Int) in n }
      checkEqual(try pool.map([1]), [1])
      pool.close()
      killWorker(1, of: pool)
      try pool.join()
      check(!hasChild(), "a child is left")
    }
    checkEqual(ends, Array(repeating: .signal(SIGKILL), count: 50), "ends that were told of")
  },
  "terminateEndsBusyWorkersAtOnce": { _ in
    let pool = try Pool(options(3)) { (n: Int) -> Int in
      pause(seconds: 600)
      return n
    }
    let results = try pool.imapUnordered(0..<10_000)
    check(!pool.workerPIDs.contains(nil), "workers")
    pool.terminate()
    pool.terminate()
    check(!hasChild(), "a child is left")
    do {
      _ = try results.next()
      fail("an outcome")
    } catch PoolError.terminated {}
  },
  "terminateEndsWorkersThatIgnoreItOrAreStopped": { _ in
    let pool = try Pool(
      options(2),
      initializer: { rank in
        signal(SIGTERM, SIG_IGN)
        if rank == 1 { kill(getpid(), SIGSTOP) }
      }
    ) { (n: Int) in n }
    pool.terminate()
    check(!hasChild(), "a child is left")
  },
  "aScopeThatThrowsLeavesNothing": { _ in
    do {
      try Pool.with(options(2), body: { (n: Int) in n }) { pool in
        _ = try pool.imapUnordered(0..<100).next()
        throw Refusal(number: 1)
      }
      fail("no error")
    } catch is Refusal {}
    check(!hasChild(), "a child is left")
  },
  "droppedPoolsAndStreamsLeaveNothing": { _ in
    let before = openDescriptorCount()
    for round in 0..<200 {
      let pool = try Pool(options(2)) { (n: Int) in n }
      if round % 4 == 0 { checkEqual(try pool.map([1, 2]), [1, 2]) }
      if round % 4 == 1 { _ = try pool.imapUnordered(0..<100).next() }
      if round % 4 == 2 { killWorker(0, of: pool) }
      if round % 4 == 3 {
        pool.close()
        try pool.join()
      }
    }
    checkEqual(openDescriptorCount(), before, "open descriptors")
    check(!hasChild(), "a child is left")
  },
  "twoPoolsDoNotHoldEachOthersPipes": { _ in
    let first = try Pool(options(2)) { (n: Int) in n }
    let second = try Pool(options(2)) { (n: Int) in -n }
    checkEqual(try second.map([1]), [-1])
    first.close()
    try first.join()  // would wait forever if a worker of the second pool held an end of a pipe
    checkEqual(try second.map([2]), [-2])
  },
  "aWorkerCanHaveAPoolOfItsOwn": { _ in
    let sums = try Pool.map([1, 2, 3], options(2)) { n in
      try Pool.map([1, 2], options(2)) { $0 * n }.reduce(0, +)
    }
    checkEqual(sums, [3, 6, 9])
  },
  // Works until it is killed or stopped; prints the process ids of its workers.
  "busyUntilStopped": { _ in
    var options = options(3)
    options.stopSignals = try StopSignals()
    let pool = try Pool(options) { (n: Int) -> Int in
      if n >= 3 { pause(seconds: 600) }
      return n
    }
    checkEqual(try pool.map([0, 1, 2]), [0, 1, 2])
    print(pool.workerPIDs.map { String($0 ?? 0) }.joined(separator: " "))
    fflush(nil)
    do {
      _ = try pool.map(3..<100, chunkSize: 1)
    } catch PoolError.stopped(let signal) {
      check(!hasChild(), "a child is left")
      exit(128 + signal)
    }
  },
  // The argument is a seed. Workers are killed at random while they work; every result must arrive, none twice.
  "randomKillsLoseNothing": { arguments in
    var random = Generator(state: UInt64(arguments[0]) ?? 1)
    let pool = try Pool(options(3, retries: 1000)) { (n: Int) -> [Int] in
      if n % 97 == 0 { usleep(500) }
      return Array(repeating: n, count: n % 50)
    }
    for round in 0..<20 {
      let count = 3000
      let results = try pool.imapUnordered(0..<count, chunkSize: .fixed(1 + Int(random.next() % 20)), window: 400)
      var seen = [Int](repeating: 0, count: count)
      while let outcome = try results.next() {
        checkEqual(try outcome.result.get(), Array(repeating: outcome.index, count: outcome.index % 50))
        seen[outcome.index] += 1
        if random.next() % 150 == 0 {
          killWorker(Int(random.next() % 3), of: pool)
        }
      }
      check(seen.allSatisfy { $0 == 1 }, "round \(round): a task without its one outcome")
    }
  },
]

/// SplitMix64: the same seed gives the same sequence.
struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

internal import CProcPool
internal import Glibc
import ProcPool

/// An error that arrives as itself.
struct Detailed: Error, Codable, Hashable {
  var number: Int
  var words: [String]
}

/// A value that cannot be encoded if its number is odd.
private struct Stubborn: Codable {
  var number: Int
  var text = "not plain memory, which would be copied as it lies"

  init(number: Int) { self.number = number }
  init(from decoder: any Decoder) throws { number = try decoder.singleValueContainer().decode([Int].self)[0] }

  func encode(to encoder: any Encoder) throws {
    if number % 2 == 1 { throw Refusal(number: number) }
    var container = encoder.singleValueContainer()
    try container.encode([number, 0])
  }
}

let limitScenarios: [String: Scenario] = [
  "aTaskThatTakesTooLongIsStoppedAndTheOthersGoOn": { _ in
    let pool = try Pool(options(2)) { (n: Int) -> Int32 in
      if n == 3 { pause(seconds: 600) }
      return getpid()
    }
    let before = pool.workerPIDs
    let results = try pool.imapUnordered(0..<8, timeout: 1)
    var seen = 0
    while let outcome = try results.next() {
      seen += 1
      guard case .failure(let failure) = outcome.result else { continue }
      checkEqual(failure.index, 3)
      checkEqual(failure.cause, .timedOut(seconds: 1))
      check(before.contains(failure.pid) && kill(failure.pid, 0) != 0, "its process lives")
    }
    checkEqual(seen, 8)
    checkEqual(failure { _ = try pool.map(0..<4, chunkSize: 4, timeout: 1) }.index, 3)
    checkEqual(failure { _ = try pool.apply(3, timeout: 0.1) }.cause, .timedOut(seconds: 0.1))
  },
  "aTaskThatIgnoresItsStopIsKilled": { _ in
    let pool = try Pool(options(1)) { (n: Int) -> Int in
      signal(SIGTERM, SIG_IGN)
      while n == 1 { pause(seconds: 600) }
      return n
    }
    checkEqual(failure { _ = try pool.apply(1, timeout: 0.05) }.cause, .timedOut(seconds: 0.05))
    checkEqual(try pool.apply(2), 2)
  },
  "shortTasksInLongCallsKeepTheirTime": { _ in
    let pool = try Pool(options(2)) { (n: Int) -> Int in
      pause(seconds: 0.01)
      return n
    }
    checkEqual(try pool.map(0..<500, timeout: 2), Array(0..<500))  // together longer than 2 s, each a hundredth of it
  },
  "workersAreRecycledAfterTheirShareOfChunks": { _ in
    var options = options(1)
    options.maxTasksPerChild = 2
    options.onWorkerEnd = { fail("\($0)") }
    let pool = try Pool(options) { (n: Int) in getpid() }
    let pids = try (0..<6).map { try pool.apply($0) }
    checkEqual([pids[0], pids[2], pids[4]], [pids[1], pids[3], pids[5]])
    checkEqual(Set(pids).count, 3)
    let chunked = try pool.map(0..<12, chunkSize: 3)
    checkEqual(Set(chunked).count, 2, "a chunk counts once")
    var single = options
    (single.workers, single.maxTasksPerChild) = (3, 1)
    let shortLived = try Pool(single) { (n: Int) in n }
    let handles = try (0..<50).map { try shortLived.applyAsync($0) }
    shortLived.close()
    try shortLived.join()
    for (index, handle) in handles.enumerated() { checkEqual(try handle.get(timeout: 0), index) }
    check(!hasChild() || pool.workerPIDs.count == 1, "a child is left")
  },
  "aWorkerThatGrowsTooLargeIsRecycled": { _ in
    var options = options(1)
    options.maxMemoryPerChild = 100 << 20
    var hoard: [[UInt8]] = []
    let pool = try Pool(options) { (n: Int) -> Int32 in
      hoard.append([UInt8](repeating: UInt8(n & 255), count: 8 << 20))
      pause(seconds: 0.02)
      return getpid()
    }
    let pids = try pool.map(0..<60, chunkSize: 1)
    check((2...20).contains(Set(pids).count), "\(Set(pids).count) processes for 480 MiB")
  },
  "placedWorkersStayWhereTheyArePut": { _ in
    for (placement, expected) in [
      (Placement.processors([[0]]), 1), (.close, 1), (.spread, 1), (.none, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
    ] {
      var options = options(2)
      options.placement = placement
      let pool = try Pool(options) { (n: Int) -> Int in
        var numbers = [Int32](repeating: 0, count: 1024)
        return unsafe Int(cprocpool_allowed_processors(&numbers, 1024))
      }
      for count in try pool.map(0..<4, chunkSize: 1) { checkEqual(count, expected, "\(placement)") }
    }
  },
  "theFinalizerRunsInWorkersThatLeave": { _ in
    let tally = Tally()
    defer { tally.remove() }
    var options = options(2)
    options.maxTasksPerChild = 5
    let pool = try Pool(options, finalizer: { rank in tally.add(10 + rank) }) { (n: Int) in n }
    checkEqual(try pool.map(0..<20, chunkSize: 1), Array(0..<20))
    pool.close()
    try pool.join()
    check(tally.count(10) >= 1 && tally.count(11) >= 1 && tally.values.count >= 4, "\(tally.values)")
  },
  "aCodableErrorArrivesAsItself": { _ in
    let pool = try Pool(options(2)) { (n: Int) throws -> Int in
      throw Detailed(number: n, words: ["a", "Grüße"])
    }
    let seen = failure { _ = try pool.map([7], chunkSize: 1) }
    checkEqual(seen.error as? Detailed, Detailed(number: 7, words: ["a", "Grüße"]))
    let plain = try Pool(options(1)) { (n: Int) throws -> Int in throw Refusal(number: n) }
    let other = failure { _ = try plain.apply(7) }
    check(other.error == nil, "an error that is not Codable")
    checkEqual(other.cause, .threw(type: "Refusal", text: "Refusal(number: 7)"))
  },
  "whatCannotBeEncodedFailsItsTaskOnly": { _ in
    let pool = try Pool(options(2)) { (n: Int) in Stubborn(number: n) }
    let before = pool.workerPIDs
    let results = try pool.imapUnordered(0..<40)
    var values = 0
    while let outcome = try results.next() {
      switch outcome.result {
      case .success(let value):
        values += 1
        checkEqual(value.number, outcome.index)
      case .failure(let failure):
        check(failure.description.contains("Refusal(number: \(outcome.index))"), failure.description)
      }
    }
    checkEqual(values, 20)
    checkEqual(pool.workerPIDs, before, "workers")
    let inputs = try Pool(options(2)) { (value: Stubborn) in value.number }
    checkEqual(failure { _ = try inputs.map([Stubborn(number: 2), Stubborn(number: 3)], chunkSize: 1) }.index, 1)
  },
  "aKilledIdleWorkerIsNoHindranceTenTimes": { _ in
    for _ in 0..<10 {
      let pool = try Pool(options(1)) { (n: Int) in n + 1 }
      checkEqual(try pool.apply(1), 2)
      killWorker(0, of: pool)
      checkEqual(try pool.apply(2), 3)
      pool.terminate()
      check(!hasChild(), "a child is left")
    }
  },
]

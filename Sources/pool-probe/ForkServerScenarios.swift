internal import CProcPool
internal import Glibc
import ProcPool

let forkServerScenarios: [String: Scenario] = [
  "closuresAreRefusedWhereTheyCannotGo": { _ in
    for method in [StartMethod.forkServer, .spawn] {
      var options = options(1)
      options.startMethod = method
      do {
        _ = try Pool(options) { (n: Int) in n }
        fail("no error")
      } catch PoolError.invalidArgument(let text) { check(text.contains("PoolTask"), text) }
    }
  },
  "tasksWithoutANameAreRefused": { arguments in
    do {
      try makeNamelessPool(options(1, arguments))
      fail("no error")
    } catch PoolError.invalidArgument(let text) { check(text.contains("Nameless cannot be named"), text) }
  },
  "withoutBootstrapTasksAreRefused": { _ in
    for method in [StartMethod.forkServer, .spawn] {
      var options = options(1)
      options.startMethod = method
      do {
        _ = try Pool(options, task: Scaling(factor: 1))
        fail("no error")
      } catch PoolError.startMethodUnavailable(let text) { check(text.contains("ProcPool.bootstrap()"), text) }
    }
    check(!hasChild(), "a child is left")
  },
  // The argument says whether the worker makes a pool itself or never reaches one.
  "aProgramThatSkipsBootstrapInItsWorkersEndsInAnError": { arguments in
    if unsafe getenv("PROCPOOL_WORKER") == nil {
      try ProcPool.bootstrap()
    } else if arguments == ["hang"] {
      pause(seconds: 600)
    }
    var options = options(2)
    if arguments == ["hang"] { options.startTimeoutSeconds = 1 }
    options.startMethod = .spawn
    do {
      try Pool.with(options, task: Scaling(factor: 1)) { _ = try $0.map(0..<10) }
      fail("no error")
    } catch PoolError.startMethodUnavailable(let text) {
      check(text.contains("ProcPool.bootstrap()"), text)
      // The worker: its main made a pool, too, and was refused.
      if unsafe getenv("PROCPOOL_WORKER") != nil { exit(0) }
      checkEqual(children().count, 1, "children")
    }
  },
  "threadsMakeAForkAndBootstrapErrorsThatNameTheRemedy": { _ in
    startThread { pause(seconds: 600) }
    for attempt in [{ _ = try Pool(options(1)) { (n: Int) in n } }, { try ProcPool.bootstrap() }] {
      do {
        try attempt()
        fail("no error")
      } catch let error as PoolError {
        guard case .threadsPresent(2) = error else { fail("\(error)") }
        let text = "\(error)"
        for word in ["2 threads", "ProcPool.bootstrap()", ".forkServer", "PoolTask"] {
          check(text.contains(word), text)
        }
      }
    }
    check(!hasChild(), "a child is left")
  },
  // The arguments are a method and the number of pools.
  "poolsWorkBesideBusyThreads": { arguments in
    let options = try options(2, arguments)
    let before = children()
    for seed in 0..<4 { startThread { keepBusy(seed) } }
    for round in 0..<(Int(arguments[1]) ?? 200) {
      try Pool.with(options, task: Scaling(factor: round)) { pool in
        if round % 3 == 0 { killWorker(0, of: pool) }
        checkEqual(try pool.map(0..<50), (0..<50).map { $0 * round })
      }
    }
    checkEqual(children(), before, "children")
  },
  "threadsMayHavePoolsAtTheSameTime": { arguments in
    let options = try options(2, arguments)
    let before = children()
    let tally = Tally()
    defer { tally.remove() }
    let method = options.startMethod
    for seed in 1...4 { startThread { makePools(method, seed, tally) } }
    while tally.values.count < 4 { pause(seconds: 0.01) }
    checkEqual(tally.values.sorted(), [1, 2, 3, 4], "threads that got their results")
    checkEqual(children(), before, "children")
  },
  "aServerThatIsKilledIsAnErrorOfTheNextStart": { arguments in
    let options = try options(2, arguments)
    let server = children()
    for pid in server { kill(pid, SIGSTOP) }
    for pid in server { kill(pid, SIGCONT) }
    let pool = try Pool(options, task: Introspection())
    checkEqual(try pool.map([.parent]).count, 1)
    for pid in server { kill(pid, SIGKILL) }
    // Workers are not the server's children, and go on.
    checkEqual(try pool.map([.parent, .parent], chunkSize: 1), [[Int(getpid())], [Int(getpid())]])
    killWorker(0, of: pool)
    killWorker(1, of: pool)
    do {
      _ = try pool.map([.parent, .parent], chunkSize: 1)
      fail("no error")
    } catch PoolError.startMethodUnavailable(let text) {
      check(text.contains("was killed by SIGKILL") && text.contains("ProcPool.bootstrap()"), text)
    }
    checkEqual(children(), [], "children")
    do {
      _ = try Pool(options, task: Introspection())
      fail("no error")
    } catch PoolError.startMethodUnavailable(let text) { check(text.contains("was killed by SIGKILL"), text) }
    try ProcPool.bootstrap()
    try Pool.with(options, task: Introspection()) { checkEqual(try $0.apply(.parent), [Int(getpid())]) }
    checkEqual(children().count, 1, "children")
  },
  "aServerThatIsStoppedIsAnErrorInTime": { arguments in
    var options = try options(2, arguments)
    for pid in children() { kill(pid, SIGSTOP) }
    options.startTimeoutSeconds = 0.2
    do {
      _ = try Pool(options, task: Introspection())
      fail("no error")
    } catch PoolError.startMethodUnavailable(let text) { check(text.contains("did not answer in time"), text) }
    checkEqual(children(), [], "children")
  },
  // The server is killed at any moment while it starts workers: none is left that the program does not know of.
  "aServerKilledAtAnyMomentLeavesNoWorker": { arguments in
    let options = try options(3, arguments)
    var endings = 0
    for round in 0..<200 {
      let server = children()
      let killer = Child {
        for _ in 0..<round * 200 { _ = monotonicNow() }
        for pid in server { kill(pid, SIGKILL) }
      }
      do {
        try Pool.with(options, task: Scaling(factor: 2)) { _ = try $0.map(0..<10) }
      } catch PoolError.startMethodUnavailable { endings += 1 }
      killer.join()
      // A pool may still be made before the server is dead; then the next one fails.
      do {
        while true { try Pool.with(options, task: Scaling(factor: 2)) { _ = try $0.map(0..<10) } }
      } catch PoolError.startMethodUnavailable {}
      checkEqual(children(), [], "children in round \(round)")
      try ProcPool.bootstrap()
    }
    check(endings > 0, "no server was killed in time")
  },
  "workersHoldOnlyTheirOwnDescriptors": { arguments in
    // Not close-on-exec, before and after the server; not in a worker, which runs this code, too.
    if unsafe getenv("PROCPOOL_WORKER") == nil { check(unsafe open("/dev/zero", O_RDONLY) >= 0, "open") }
    let options = try options(2, arguments)
    check(unsafe open("/dev/zero", O_RDONLY) >= 0, "open")
    let first = try Pool(options, task: Introspection())
    let second = try Pool(options, task: Introspection())
    for pool in [first, second] {
      for seen in try pool.map([.descriptors, .descriptors], chunkSize: 1) {
        checkEqual(seen.count, 5, "standard streams, requests, doorbell: \(seen)")
      }
    }
  },
  "bootstrapTwiceIsOneServer": { _ in
    try ProcPool.bootstrap()
    let before = children()
    try ProcPool.bootstrap()
    checkEqual(children(), before, "children")
    checkEqual(before.count, 1, "servers")
  },
]

private func makePools(_ method: StartMethod, _ seed: Int, _ tally: Tally) {
  var options = options(2)
  options.startMethod = method
  do {
    for round in 0..<10 {
      try Pool.with(options, task: Scaling(factor: seed)) { pool in
        if round % 2 == 0 { killWorker(1, of: pool) }
        checkEqual(try pool.map(0..<50), (0..<50).map { $0 * seed })
      }
    }
    tally.add(seed)
  } catch {
    fail("thread \(seed): \(error)")
  }
}

private func monotonicNow() -> Int {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return time.tv_nsec
}

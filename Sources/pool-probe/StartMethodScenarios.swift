internal import Glibc
import ProcPool

/// Facts that hold for the start method named by the argument. Each scenario begins with `options(_:_:)` and so with
/// `bootstrap()`: a worker that runs this program again never gets past it.
let startMethodScenarios: [String: Scenario] = [
  "everyStartMethodGivesTheSameResults": { arguments in
    let options = try options(3, arguments)
    try Pool.with(options, task: Scaling(factor: 3)) { pool in
      checkEqual(try pool.map(0..<1000), (0..<1000).map { $0 * 3 })
      checkEqual(try pool.map(0..<20, chunkSize: 1), (0..<20).map { $0 * 3 })
      let results = try pool.imap(0..<100)
      for n in 0..<100 { checkEqual(try results.next(), n * 3) }
      checkEqual(try pool.applyAsync(5).get(), 15)
    }
    let long = String(repeating: "long ", count: 1 << 20)
    try Pool.with(options, task: Lookup(values: ["a": [1.5, 2], "b": []])) { pool in
      checkEqual(try pool.map(["b", "a"]), [[], [1.5, 2]])
      checkEqual(failure { _ = try pool.apply("c") }.cause, .threw(type: "Refusal", text: "Refusal(number: 0)"))
    }
    try Pool.with(options, task: Lookup(values: ["long": long])) { pool in
      checkEqual(try pool.apply("long"), long)
    }
  },
  "aTaskKeepsItsStateInItsWorker": { arguments in
    let tally = Tally()
    defer { tally.remove() }
    let pool = try Pool(options(2, arguments), task: Counting(tallyPath: tally.path))
    var counts: [Int: [Int]] = [:]
    for seen in try pool.map(0..<40, chunkSize: 1) {
      counts[seen[0], default: []].append(seen[1])
      checkEqual(seen[2], pool.workerPIDs[seen[0]].map { Int($0) }, "pid")
    }
    // In any order: an idle worker may have run a task that was sent to a busy one.
    for (rank, seen) in counts { checkEqual(seen.sorted(), Array(1...seen.count), "tasks of worker \(rank)") }
    pool.close()
    try pool.join()
    checkEqual(tally.values.sorted(), [1, 1, 2, 2], "begins and ends")
  },
  "recycledWorkersAreSetUpAgain": { arguments in
    let tally = Tally()
    defer { tally.remove() }
    var options = try options(1, arguments)
    options.maxTasksPerChild = 2
    let pool = try Pool(options, task: Counting(tallyPath: tally.path))
    checkEqual(try pool.map(0..<6, chunkSize: 1).map { $0[1] }, [1, 2, 1, 2, 1, 2])
    pool.close()
    try pool.join()
    check(tally.count(1) >= 3 && tally.count(1) == tally.count(2), "\(tally.values)")
  },
  "deathsCostTheirTaskOnlyAndWorkersAreReplaced": { arguments in
    try Pool.with(options(2, arguments), task: Introspection()) { pool in
      for (deed, end) in [
        (Introspection.Question.die, ProcessEnd.signal(SIGKILL)), (.crash, .signal(SIGABRT)), (.leave, .status(3)),
      ] {
        let handles = try [.parent, deed, .parent].map { try pool.applyAsync($0) }
        checkEqual(try handles[0].get(), [Int(getpid())])
        checkEqual(failure { _ = try handles[1].get() }.cause, .workerEnded(end))
        checkEqual(try handles[2].get(), [Int(getpid())])
      }
      for _ in 0..<10 {
        killWorker(0, of: pool)
        checkEqual(try pool.map([.parent, .parent, .parent], chunkSize: 1).count, 3)
      }
    }
  },
  "aSetUpThatThrowsIsAnError": { arguments in
    let tally = Tally()
    defer { tally.remove() }
    do {
      let task = Stumbling(tallyPath: tally.path, how: "throw", times: 100)
      try Pool.with(options(2, arguments), task: task) { _ = try $0.map(0..<10) }
      fail("no error")
    } catch PoolError.initializerFailed(_, let text) { checkEqual(text, "Refusal(number: 7)") }
    check(tally.values.count <= 6, "\(tally.values.count) starts")
  },
  "setUpsThatHangOrDieAreTriedAgain": { arguments in
    for how in ["hang", "die"] {
      let tally = Tally()
      defer { tally.remove() }
      var options = try options(1, arguments)
      options.terminationGraceSeconds = 0.01
      options.startTimeoutSeconds = 3
      try Pool.with(options, task: Stumbling(tallyPath: tally.path, how: how, times: 1)) { pool in
        checkEqual(try pool.map([1, 2]), [1, 2])
      }
      checkEqual(tally.values.count, 2, "starts")
    }
  },
  "setUpsThatAlwaysDieEndInAnError": { arguments in
    let tally = Tally()
    defer { tally.remove() }
    do {
      let task = Stumbling(tallyPath: tally.path, how: "die", times: 100)
      try Pool.with(options(2, arguments), task: task) { _ = try $0.map(0..<10) }
      fail("no error")
    } catch PoolError.workersKeepEnding(_, .signal(SIGKILL)) {}
  },
  "workersAreWhereTheyArePut": { arguments in
    var options = try options(2, arguments)
    options.placement = .processors([[0]])
    try Pool.with(options, task: Introspection()) { pool in
      checkEqual(try pool.map([.processors, .processors], chunkSize: 1), [[0], [0]])
    }
    options.placement = .none
    try Pool.with(options, task: Introspection()) { checkEqual(try $0.apply(.processors), allowedProcessors()) }
  },
  "workersHaveThePresentWorkingDirectory": { arguments in
    let options = try options(1, arguments)
    unsafe check(chdir("/proc/self") == 0 && chdir("/usr") == 0, "chdir")
    try Pool.with(options, task: Introspection()) { checkEqual(try $0.apply(.folder), [workingFolderNumber()]) }
  },
  "workersMayHavePoolsOfTheirOwn": { arguments in
    try Pool.with(options(2, arguments), task: Introspection()) { pool in
      checkEqual(try pool.map([.ownPool, .ownPool], chunkSize: 1), [[10, 20], [10, 20]])
    }
  },
  "workersMayHaveThreadsAndChildren": { arguments in
    try Pool.with(options(2, arguments), task: Introspection()) { pool in
      checkEqual(try pool.map([.threads, .child, .threads, .child], chunkSize: 2), [[], [0], [], [0]])
    }
  },
  "workersCanBeTerminatedWhereSignalsWereBlocked": { arguments in
    // As in a program started from a thread of a dispatch queue.
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
    var options = try options(2, arguments)
    options.terminationGraceSeconds = 1e6
    let pool = try Pool(options, task: Sleeping())
    _ = try pool.mapAsync(0..<10)
    pool.terminate()
  },
  "poolsOfAnyMethodLeaveNothing": { arguments in
    var options = try options(2, arguments)
    options.maxTasksPerChild = 3
    let (descriptors, mappings, before) = (openDescriptorCount(), sharedMappingCount(), children())
    checkEqual(before.count, arguments[0] == "fork" ? 0 : 1, "children")
    for round in 0..<40 {
      let pool = try Pool(options, task: Introspection())
      if round % 4 == 0 { checkEqual(try pool.map([.parent]).count, 1) }
      if round % 4 == 1 { killWorker(0, of: pool) }
      if round % 4 == 2 { _ = failure { _ = try pool.apply(.die) } }
      if round % 4 == 3 {
        pool.close()
        try pool.join()
      }
    }
    checkEqual(openDescriptorCount(), descriptors, "open descriptors")
    checkEqual(sharedMappingCount(), mappings, "shared mappings")
    checkEqual(children(), before, "children")
  },
  // Works until it is killed; prints the process ids of its children.
  "busyOnTasks": { arguments in
    let pool = try Pool(options(3, arguments), task: Sleeping())
    print(children().map { String($0) }.joined(separator: " "))
    fflush(nil)
    _ = try pool.map(0..<100, chunkSize: 1)
  },
]

/// Options with the start method that the first argument names, after preparing this process for it.
func options(_ workers: Int, _ arguments: [String]) throws -> PoolOptions {
  let methods: [String: StartMethod] = ["fork": .fork, "forkServer": .forkServer, "spawn": .spawn]
  guard let name = arguments.first, let method = methods[name] else { fail("a start method, not \(arguments)") }
  if method != .fork { try ProcPool.bootstrap() }
  var options = PoolOptions(workers: workers)
  options.startMethod = method
  return options
}

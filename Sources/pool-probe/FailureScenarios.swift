internal import Glibc
import ProcPool

struct Refusal: Error {
  var number: Int
}

/// Kills or ends the process that runs it.
private func die(_ how: String) {
  switch how {
  case "kill": kill(getpid(), SIGKILL)
  case "segfault": kill(getpid(), SIGSEGV)
  case "trap": fatalError("on purpose")
  case "exit": exit(3)
  default: exit(0)
  }
}

let failureScenarios: [String: Scenario] = [
  "aThrowNamesIndexRankPidAndText": { _ in
    let pool = try Pool(options(2)) { (n: Int) throws -> Int in
      if n == 5 { throw Refusal(number: n) }
      return n
    }
    let seen = failure { _ = try pool.map(0..<8, chunkSize: 1) }
    checkEqual(seen.index, 5)
    checkEqual(seen.cause, .threw(type: "Refusal", text: "Refusal(number: 5)"))
    check(pool.workerPIDs.contains(seen.pid) && (0..<2).contains(seen.rank), "\(seen)")
  },
  "aThrowEndsItsChunkAndNoOther": { _ in
    let tally = Tally()
    defer { tally.remove() }
    let pool = try Pool(options(1)) { (n: Int) throws -> Int in
      tally.add(n)
      if n == 5 { throw Refusal(number: n) }
      return n
    }
    checkEqual(failure { _ = try pool.map(0..<16) }.index, 5)
    checkEqual(tally.values.sorted(), [0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15])
  },
  "unorderedOutcomesGoOnAfterAThrowInTheirChunk": { _ in
    let pool = try Pool(options(2)) { (n: Int) throws -> Int in
      if n == 2 { throw Refusal(number: n) }
      return n
    }
    let results = try pool.imapUnordered(0..<6, chunkSize: 3)
    var values: [Int] = []
    while let outcome = try results.next() { if case .success(let value) = outcome.result { values.append(value) } }
    checkEqual(values.sorted(), [0, 1, 3, 4, 5])
  },
  "aMegabyteOfErrorTextArrivesWhole": { _ in
    let pool = try Pool(options(2)) { (n: Int) throws -> Int in
      throw Message(description: String(repeating: "x", count: 1 << 20) + String(n))
    }
    let results = try pool.imapUnordered(0..<4)
    while let outcome = try results.next() {
      guard case .failure(let failure) = outcome.result, case .threw(_, let text) = failure.cause else {
        fail("no throw")
      }
      check(text.count == 1 << 20 + 1 && text.hasSuffix(String(outcome.index)), "\(text.count) characters")
    }
  },
  // The argument is the way to die: kill, segfault, trap, exit or leave.
  "aDeathFailsItsTaskOnly": { arguments in
    let how = arguments[0]
    let pool = try Pool(options(2)) { (n: Int) -> Int in
      if n == 3 { die(how) }
      return n
    }
    for chunkSize in [1, 4, 8] {
      let results = try pool.imapUnordered(0..<8, chunkSize: .fixed(chunkSize))
      var values: [Int] = []
      while let outcome = try results.next() {
        switch outcome.result {
        case .success(let value): values.append(value)
        case .failure(let failure):
          checkEqual(failure.index, 3)
          checkEqual(failure.attempts, 1)
          checkEqual(failure.cause, .workerEnded(expectedEnd(how)))
        }
      }
      checkEqual(values.sorted(), [0, 1, 2, 4, 5, 6, 7])
    }
    checkEqual(failure { _ = try pool.map(0..<8) }.index, 3)
    checkEqual(try pool.map([0, 1, 2]), [0, 1, 2])
  },
  "finishedTasksOfADeadWorkerAreNeitherLostNorRunAgain": { _ in
    let tally = Tally()
    defer { tally.remove() }
    let pool = try Pool(options(1, retries: 2)) { (n: Int) -> Int in
      tally.add(n)
      if n % 10 == 7 && tally.count(n) == 1 { kill(getpid(), SIGKILL) }
      return n
    }
    checkEqual(try pool.map(0..<100, chunkSize: 50), Array(0..<100))
    for n in 0..<100 { checkEqual(tally.count(n), n % 10 == 7 ? 2 : 1, "runs of task \(n)") }
  },
  "retriesRunATaskAgainAndThenGiveUp": { _ in
    let pool = try Pool(options(2, retries: 2)) { (n: Int) -> Int in
      if n == 1 { die("kill") }
      return n
    }
    let seen = failure { _ = try pool.map(0..<6, chunkSize: 2) }
    checkEqual(seen.index, 1)
    checkEqual(seen.attempts, 3)
  },
  "killedIdleWorkersAreReplaced": { _ in
    let pool = try Pool(options(2)) { (n: Int) in n }
    for round in 0..<10 {
      for rank in 0..<2 { killWorker(rank, of: pool) }
      checkEqual(try pool.map(0..<20, chunkSize: 1), Array(0..<20), "round \(round)")
    }
  },
  "aFailingInitializerIsAnErrorNotAForkStorm": { _ in
    let tally = Tally()
    defer { tally.remove() }
    do {
      let pool = try Pool(
        options(3),
        initializer: { rank in
          tally.add(rank)
          throw Refusal(number: rank)
        }
      ) { (n: Int) in n }
      _ = try pool.map(0..<3)
      fail("no error")
    } catch PoolError.initializerFailed(_, let text) {
      check(text.hasPrefix("Refusal"), text)
    }
    check(tally.values.count <= 3, "\(tally.values.count) forks")
  },
  "workersThatDieAtTheirStartEndInAnError": { _ in
    let tally = Tally()
    defer { tally.remove() }
    do {
      let pool = try Pool(
        options(2),
        initializer: { rank in
          tally.add(rank)
          die("kill")
        }
      ) { (n: Int) in n }
      _ = try pool.map(0..<3)
      fail("no error")
    } catch PoolError.workersKeepEnding(_, let last) {
      checkEqual(last, .signal(SIGKILL))
    }
    check(tally.values.count <= 12, "\(tally.values.count) forks")
  },
  "aWorkerThatDoesNotStartInTimeIsReplaced": { _ in
    let tally = Tally()
    defer { tally.remove() }
    var options = options(1)
    options.startTimeoutSeconds = 0.2
    let pool = try Pool(
      options,
      initializer: { rank in
        tally.add(rank)
        if tally.values.count < 3 { pause(seconds: 60) }
      }
    ) { (n: Int) in n }
    checkEqual(try pool.map(0..<3), [0, 1, 2])
  },
  // A limit on processes does not bind root; a limit on descriptors binds every user.
  "aReplacementThatCannotBeMadeIsMadeWhenItCan": { _ in
    var limit = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    let pool = try Pool(options(2, retries: 1)) { (n: Int) -> Int in
      if n == 0 { pause(seconds: 0.3) }
      return n
    }
    checkEqual(try pool.map([1, 2]), [1, 2])
    var narrow = limit
    narrow.rlim_cur = 7  // what `poll` needs for two workers; all are in use once worker 1 is gone
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &narrow)
    while unsafe open("/dev/null", O_RDONLY) >= 0 {}
    let results = try pool.imapUnordered(0..<40)
    killWorker(1, of: pool)
    var values: [Int] = []
    while let outcome = try results.next() { values.append(try outcome.result.get()) }
    checkEqual(values.sorted(), Array(0..<40), "the other worker did it all")
    check(pool.workerPIDs.contains(nil), "a replacement without descriptors")
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    while pool.workerPIDs.contains(nil) { checkEqual(try pool.map([0]), [0]) }
  },
  "aForkFromAThreadedProcessIsRefused": { _ in
    var thread = pthread_t()
    unsafe pthread_create(
      &thread, nil,
      { _ in
        pause()
        return nil
      }, nil)
    do {
      _ = try Pool(options(1)) { (n: Int) in n }
      fail("no error")
    } catch PoolError.threadsPresent(let count) {
      checkEqual(count, 2)
    }
  },
]

private struct Message: Error, CustomStringConvertible {
  var description: String
}

private func expectedEnd(_ how: String) -> ProcessEnd {
  switch how {
  case "kill": .signal(SIGKILL)
  case "segfault": .signal(SIGSEGV)
  case "trap": .signal(SIGILL)
  case "exit": .status(3)
  default: .status(0)
  }
}

internal import Glibc
import ProcPool

let handleScenarios: [String: Scenario] = [
  // The argument is a number of handles to hold at once. Some are cancelled, and a stream is released.
  "outstandingHandlesAreToldApart": { arguments in
    let count = Int(arguments.first ?? "") ?? 40_000
    let numbers = try Pool(options(2)) { (n: Int) in n }
    let texts = try Pool(options(2)) { (n: Int) in "text \(n)" }
    let numberHandles = try (0..<count).map { try numbers.applyAsync($0) }
    let textHandles = try (0..<count).map { try texts.applyAsync($0) }
    for index in stride(from: 10, to: count, by: 10_000) {
      numberHandles[index].cancel()
      textHandles[index].cancel()
    }
    do { _ = try numbers.imap(0..<100).next() }
    for (index, handle) in numberHandles.enumerated() where index % 10_000 != 10 { checkEqual(try handle.get(), index) }
    for (index, handle) in textHandles.enumerated() where index % 10_000 != 10 {
      checkEqual(try handle.get(), "text \(index)")
    }
  },
  "applyGivesOneResult": { _ in
    let pool = try Pool(options(2)) { (n: Int) in n + 1 }
    checkEqual(try pool.apply(1), 2)
    let several = try Pool(options(2)) { (a: Int, b: String) in "\(a)\(b)" }
    checkEqual(try several.apply(1, "x"), "1x")
    checkEqual(try several.applyAsync(2, "y").get(), "2y")
  },
  "aHandleGivesTheSameValueAgain": { _ in
    let pool = try Pool(options(2)) { (n: Int) in n * 2 }
    let handle = try pool.applyAsync(21)
    checkEqual(try handle.get(), 42)
    checkEqual(try handle.get(), 42)
    check(try handle.ready() && handle.successful(), "ready and successful")
  },
  "getTimesOutAndTheCallGoesOn": { _ in
    let tally = Tally()
    defer { tally.remove() }
    let pool = try Pool(options(1)) { (n: Int) -> Int in
      while tally.count(7) == 0 { pause(seconds: 0.001) }
      return n
    }
    let handle = try pool.applyAsync(5)
    for timeout: Double in [0.05, 0, -1] {
      do {
        _ = try handle.get(timeout: timeout)
        fail("a value")
      } catch PoolError.timedOut {}
    }
    check(!handle.ready(), "ready")
    handle.wait(timeout: 0.01)
    tally.add(7)
    checkEqual(try handle.get(timeout: 60), 5)
  },
  "successfulIsAnErrorBeforeTheEndAndFalseAfterAFailure": { _ in
    let tally = Tally()
    defer { tally.remove() }
    let pool = try Pool(options(1)) { (n: Int) throws -> Int in
      while tally.count(7) == 0 { pause(seconds: 0.001) }
      throw Refusal(number: n)
    }
    let handle = try pool.applyAsync(5)
    do {
      _ = try handle.successful()
      fail("an answer")
    } catch PoolError.notReady {}
    tally.add(7)
    handle.wait()
    check(try !handle.successful(), "successful")
  },
  "callbacksRunOnceAndNeverBoth": { _ in
    let pool = try Pool(options(2)) { (n: Int) throws -> Int in
      if n < 0 { throw Refusal(number: n) }
      return n
    }
    var values: [[Int]] = []
    var errors: [PoolError] = []
    let callbacks = AsyncResult<[Int]>.Callbacks(onValue: { values.append($0) }, onError: { errors.append($0) })
    let good = try pool.mapAsync([1, 2, 3], callbacks: callbacks)
    _ = try good.get()
    _ = try good.get()
    checkEqual(values, [[1, 2, 3]])
    check(errors.isEmpty, "\(errors)")
    let bad = try pool.mapAsync([1, -2, 3], callbacks: callbacks)
    bad.wait()
    bad.wait()
    checkEqual(values.count, 1)
    checkEqual(errors.count, 1)
    checkEqual(try pool.mapAsync([], callbacks: callbacks).get(), [])
    checkEqual(values.count, 1, "calls for an empty input")
  },
  "aCallbackThatThrowsFailsItsHandleOnly": { _ in
    let pool = try Pool(options(2)) { (n: Int) in n }
    let handle = try pool.applyAsync(1, callbacks: .init(onValue: { _ in throw Refusal(number: 9) }))
    do {
      _ = try handle.get()
      fail("a value")
    } catch PoolError.callbackFailed(let text) {
      check(text.contains("Refusal(number: 9)"), text)
    }
    checkEqual(try pool.apply(2), 2)
  },
  "aCallbackMayUseItsPool": { _ in
    let pool = try Pool(options(2)) { (n: Int) in n + 1 }
    var seen = 0
    let handle = try pool.applyAsync(1, callbacks: .init(onValue: { seen = try pool.apply($0) }))
    checkEqual(try handle.get(), 2)
    checkEqual(seen, 3)
  },
  "handlesAdvanceInAnyWaitOfTheirPool": { _ in
    let pool = try Pool(options(2)) { (n: Int) in n }
    let handles = try (0..<100).map { try pool.applyAsync($0) }
    checkEqual(try pool.map(0..<10), Array(0..<10))
    for (index, handle) in handles.enumerated().reversed() { checkEqual(try handle.get(), index) }
  },
  "anUnheldHandleStillCallsBack": { _ in
    let pool = try Pool(options(1)) { (n: Int) in n }
    var seen: [Int] = []
    for n in 0..<5 { _ = try pool.applyAsync(n, callbacks: .init(onValue: { seen.append($0) })) }
    pool.close()
    try pool.join()
    checkEqual(seen, [0, 1, 2, 3, 4])
  },
  "aDeathFailsItsHandleOnly": { _ in
    let pool = try Pool(options(2)) { (n: Int) -> Int in
      if n == 3 { kill(getpid(), SIGKILL) }
      return n
    }
    let handles = try (0..<8).map { try pool.applyAsync($0) }
    for (index, handle) in handles.enumerated() where index != 3 { checkEqual(try handle.get(), index) }
    checkEqual(failure { _ = try handles[3].get() }.cause, .workerEnded(.signal(SIGKILL)))
    check(!pool.workerPIDs.contains(nil), "a worker is missing")
  },
  "cancelledTasksNeverRunOrEndAtOnce": { _ in
    let tally = Tally()
    defer { tally.remove() }
    let pool = try Pool(options(1)) { (n: Int) -> Int in
      tally.add(n)
      while n == 1 { pause(seconds: 600) }
      return n
    }
    let running = try pool.applyAsync(1)
    let queued = try (2..<6).map { try pool.applyAsync($0) }
    while tally.values.isEmpty { _ = running.ready() }
    let pid = pool.workerPIDs[0]
    check(queued[1].cancel() && queued[2].cancel(), "cancel of what waits")
    check(running.cancel(), "cancel of what runs")
    check(!running.cancel(), "cancel of what is cancelled")
    for handle in [running, queued[1], queued[2]] {
      do {
        _ = try handle.get(timeout: 60)
        fail("a value")
      } catch PoolError.cancelled {}
    }
    checkEqual(try queued[0].get(), 2)
    checkEqual(try queued[3].get(), 5)
    checkEqual(tally.values, [1, 2, 5], "what ran")
    check(pool.workerPIDs[0] != pid, "the worker was replaced")
    check(!queued[0].cancel(), "cancel of what has ended")
  },
  "aHandlePendingAtTerminateEnds": { _ in
    let pool = try Pool(options(1)) { (n: Int) -> Int in
      if n > 0 { pause(seconds: 600) }
      return n
    }
    let done = try pool.applyAsync(0)
    done.wait()
    var errorCount = 0
    let pending = try pool.applyAsync(1, callbacks: .init(onError: { _ in errorCount += 1 }))
    pool.terminate()
    do {
      _ = try pending.get()
      fail("a value")
    } catch PoolError.terminated {}
    checkEqual(errorCount, 1)
    checkEqual(try done.get(), 0)
  },
  "progressCountsEveryTaskOnce": { _ in
    let pool = try Pool(options(2)) { (n: Int) in n }
    var seen: [Int] = []
    _ = try pool.map(0..<50, chunkSize: 3) { ended, total in
      checkEqual(total, 50)
      seen.append(ended)
    }
    check(seen.last == 50 && zip(seen, seen.dropFirst()).allSatisfy { $0 < $1 }, "\(seen)")
  },
]

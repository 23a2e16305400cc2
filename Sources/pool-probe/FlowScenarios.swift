internal import Glibc
import ProcPool

let flowScenarios: [String: Scenario] = [
  "imapKeepsTheOrderOfItsItems": { _ in
    let pool = try Pool(options(4)) { (n: Int) -> Int in
      pause(seconds: Double(20 - n) * 0.002)
      return n
    }
    for chunkSize in [1, 3] {
      checkEqual(try values(of: pool.imap(0..<20, chunkSize: .fixed(chunkSize))), Array(0..<20))
    }
    let several = try Pool(options(2)) { (a: Int, b: Int) in a * b }
    checkEqual(try values(of: several.istarmap([(2, 3), (4, 5)])), [6, 20])
    checkEqual(try several.starmapAsync([(2, 3), (4, 5)], chunkSize: 1).get(), [6, 20])
  },
  "anErrorTakesItsPlaceInImapAndTheStreamGoesOn": { _ in
    let pool = try Pool(options(2)) { (n: Int) throws -> Int in
      if n == 2 { throw Refusal(number: n) }
      return n
    }
    for chunkSize in [1, 2, 6] {
      let results = try pool.imap(0..<6, chunkSize: .fixed(chunkSize))
      var seen: [Int] = []
      for _ in 0..<6 {
        do {
          seen.append(try results.next() ?? -1)
        } catch PoolError.taskFailed(let failure) {
          seen.append(-100 - failure.index)
        }
      }
      checkEqual(seen, [0, 1, -102, 3, 4, 5])
      check(try results.next() == nil, "an end")
    }
  },
  "nextTimesOutAndThenGivesTheSameResult": { _ in
    let tally = Tally()
    defer { tally.remove() }
    let pool = try Pool(options(1)) { (n: Int) -> Int in
      while tally.count(7) == 0 { pause(seconds: 0.001) }
      return n
    }
    let results = try pool.imap([5, 6])
    do {
      _ = try results.next(timeout: 0.02)
      fail("a value")
    } catch PoolError.timedOut {}
    tally.add(7)
    checkEqual(try results.next(), 5)
    checkEqual(try results.next(timeout: 60), 6)
  },
  "aProducerThatThrowsEndsTheStreamBehindItsResults": { _ in
    let pool = try Pool(options(2)) { (n: Int) in n }
    var next = 0
    let results = try pool.imap {
      if next == 3 { throw Refusal(number: 3) }
      next += 1
      return next - 1
    }
    checkEqual(try [results.next(), results.next(), results.next()], [0, 1, 2])
    do {
      _ = try results.next()
      fail("a value")
    } catch PoolError.inputFailed(let error) {
      checkEqual((error as? Refusal)?.number, 3)
    }
    check(try results.next() == nil, "an end")
    checkEqual(try pool.map([1]), [1])
  },
  "imapReadsNoFurtherThanItsWindow": { _ in
    var taken = 0
    let source = sequence(first: 0) { $0 + 1 }.lazy.map { (n: Int) -> Int in
      taken += 1
      return n
    }
    let pool = try Pool(options(2)) { (n: Int) in n }
    let results = try pool.imap(source, window: 7)
    for count in 0..<50 {
      checkEqual(try results.next(), count)
      check(taken <= count + 1 + 7, "\(taken) taken after \(count + 1)")
    }
  },
  "argumentsWithoutMeaningAreRefusedBeforeAnythingRuns": { _ in
    let tally = Tally()
    defer { tally.remove() }
    let pool = try Pool(options(1)) { (n: Int) -> Int in
      tally.add(n)
      return n
    }
    var taken = 0
    let source = sequence(first: 0) { $0 + 1 }.lazy.map { (n: Int) -> Int in
      taken += 1
      return n
    }
    for size in [0, -1] {
      expectInvalid { _ = try pool.map([1, 2, 3], chunkSize: .fixed(size)) }
      expectInvalid { _ = try pool.imap(source, chunkSize: .fixed(size)) }
      expectInvalid { _ = try pool.imapUnordered(source, chunkSize: .fixed(size)) }
      expectInvalid { _ = try pool.imap(source, window: size) }
      expectInvalid { _ = try pool.apply(1, timeout: Double(size)) }
      expectInvalid { _ = try Pool(options(size)) { (n: Int) in n } }
      var recycling = options(1)
      recycling.maxTasksPerChild = size
      expectInvalid { _ = try Pool(recycling) { (n: Int) in n } }
    }
    checkEqual(taken, 0)
    checkEqual(tally.values, [])
    checkEqual(try pool.map([1]), [1])
  },
  "aChunkLargerThanTheInputGoesToOneWorker": { _ in
    let pool = try Pool(options(3)) { (n: Int) in getpid() }
    checkEqual(Set(try pool.map(0..<10, chunkSize: 1000)).count, 1)
  },
  "allOtherChunksRunBeforeMapThrows": { _ in
    let tally = Tally()
    defer { tally.remove() }
    let pool = try Pool(options(2)) { (n: Int) throws -> Int in
      if n == 0 { throw Refusal(number: 0) }
      pause(seconds: 0.02)
      tally.add(n)
      return n
    }
    checkEqual(failure { _ = try pool.map(0..<8, chunkSize: 1) }.index, 0)
    checkEqual(tally.values.sorted(), Array(1..<8))
  },
  "aClosedPoolRefusesEveryCall": { _ in
    let pool = try Pool(options(1)) { (n: Int) in n }
    let several = try Pool(options(1)) { (a: Int, b: Int) in a + b }
    pool.close()
    several.close()
    expectNotRunning { _ = try pool.map([1]) }
    expectNotRunning { _ = try pool.mapAsync([1]) }
    expectNotRunning { _ = try pool.apply(1) }
    expectNotRunning { _ = try pool.applyAsync(1) }
    expectNotRunning { _ = try pool.imap([1]) }
    expectNotRunning { _ = try pool.imapUnordered([1]) }
    expectNotRunning { _ = try several.starmap([(1, 2)]) }
    expectNotRunning { _ = try several.starmapAsync([(1, 2)]) }
    expectNotRunning { _ = try several.istarmap([(1, 2)]) }
    try pool.join()
    try several.join()
  },
  "joinWaitsForWhatIsUnderWay": { _ in
    let pool = try Pool(options(2)) { (n: Int) -> Int in
      pause(seconds: 0.02)
      return n
    }
    let handles = try (0..<8).map { try pool.applyAsync($0) }
    pool.close()
    try pool.join()
    check(!hasChild(), "a child is left")
    for (index, handle) in handles.enumerated() { checkEqual(try handle.get(timeout: 0), index) }
  },
  "joinDoesNotWaitForAnUnreadStream": { _ in
    let pool = try Pool(options(2)) { (n: Int) in n }
    let results = try pool.imap(0..<1000, window: 4)
    checkEqual(try results.next(), 0)
    pool.close()
    try pool.join()
    var seen = 0
    do {
      while let value = try results.next() { seen = value }
      fail("an end, as if these were all")
    } catch PoolError.notRunning {}
    check((1...4).contains(seen), "results of the window, the last \(seen)")
  },
  "whatIsFreeBeginsWhenACallIsMade": { _ in
    let tally = Tally()
    defer { tally.remove() }
    let pool = try Pool(options(1)) { (n: Int) -> Int in
      tally.add(n)
      return n
    }
    checkEqual(try pool.apply(1), 1)
    let handle = try pool.applyAsync(2)
    while tally.values.count < 2 { pause(seconds: 0.001) }  // nothing waits on the pool
    checkEqual(try handle.get(), 2)
  },
  "adaptiveChunksGiveEveryResult": { _ in
    let pool = try Pool(options(2)) { (n: Int) -> Int in
      if n % 1000 == 0 { pause(seconds: 0.002) }
      return n
    }
    checkEqual(try pool.map(0..<50_000, chunkSize: .adaptive), Array(0..<50_000))
    checkEqual(try values(of: pool.imap(0..<20_000, chunkSize: .adaptive)), Array(0..<20_000))
  },
]

private func values<Input, Output>(of results: OrderedResults<Input, Output>) throws -> [Output] {
  var values: [Output] = []
  while let value = try results.next() { values.append(value) }
  return values
}

private func expectInvalid(_ body: () throws -> Void) {
  do {
    try body()
    fail("no error")
  } catch PoolError.invalidArgument {
  } catch {
    fail("expected an invalid argument, saw \(error)")
  }
}

private func expectNotRunning(_ body: () throws -> Void) {
  do {
    try body()
    fail("no error")
  } catch PoolError.notRunning {
  } catch {
    fail("expected a pool that is not running, saw \(error)")
  }
}

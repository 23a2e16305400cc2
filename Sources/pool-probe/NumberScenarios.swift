internal import Glibc
import ProcPool

/// Every number that a caller can pass, at its extremes: it is refused with a sentence or works as meant; nothing
/// traps.
let numberScenarios: [String: Scenario] = [
  "numbersOfOptionsMayBeAnything": { _ in
    for number in [Int.min, -1, 0, Int.max] {
      try refusesOrWorks(expecting: false) { $0.workers = number }
      try refusesOrWorks(expecting: number > 0) { $0.maxTasksPerChild = number }
      try refusesOrWorks(expecting: number > 0) { $0.maxMemoryPerChild = number }
      try refusesOrWorks(expecting: true) { $0.retries = number }
      try refusesOrWorks(expecting: true) { $0.placement = .processors([[number]]) }
    }
    for seconds in [-Double.infinity, -1, 0, .leastNonzeroMagnitude, 1e300, .greatestFiniteMagnitude, .infinity, .nan] {
      try refusesOrWorks(expecting: true) { $0.terminationGraceSeconds = seconds }
      try refusesOrWorks(expecting: true) { $0.leaveTimeoutSeconds = seconds }
      if seconds >= 1 { try refusesOrWorks(expecting: true) { $0.startTimeoutSeconds = seconds } }
    }
  },
  "numbersOfCallsMayBeAnything": { _ in
    let pool = try Pool(options(2)) { (n: Int) in n }
    for size in [Int.min, -1, 0, 1 << 31, 1 << 40, Int.max] {
      let isMeant = size > 0
      try expect(isMeant) { checkEqual(try pool.map(0..<9, chunkSize: .fixed(size)), Array(0..<9)) }
      try expect(isMeant) { checkEqual(try count(pool.imap(0..<9, chunkSize: .fixed(size))), 9) }
      try expect(isMeant) { checkEqual(try count(pool.imap(0..<9, window: size)), 9) }
      try expect(isMeant) { checkEqual(try count(pool.imap(0..<9, chunkSize: .fixed(size), window: size)), 9) }
    }
    for seconds in [-Double.infinity, -1, 0, .leastNonzeroMagnitude, 1e300, .greatestFiniteMagnitude, .infinity, .nan] {
      try expect(seconds > 0) {
        let handle = try pool.applyAsync(7, timeout: seconds)
        if seconds >= 1 { checkEqual(try handle.get(), 7) }
      }
      let handle = try pool.applyAsync(7)
      handle.wait(timeout: seconds)
      if seconds > 1 { checkEqual(try handle.get(timeout: seconds), 7) }
      let stream = try pool.imap(0..<1)
      do { checkEqual(try stream.next(timeout: seconds), 0) } catch PoolError.timedOut {}
    }
    for ranks in [Int.min..<0, 0..<0, -1..<1, 0..<3, 1..<Int.max, Int.max - 1..<Int.max] {
      try expect(false) { _ = try pool.map([1], ranks: ranks) }
    }
  },
  "numbersOfSharedMemoryMayBeAnything": { _ in
    for count in [1 << 50, Int.max / 2, Int.max] {
      expectNoMemory { _ = try SharedArray<Int>(count: count) }
      expectNoMemory { _ = try SharedArena(slotCount: count, slotByteCount: 64) }
      expectNoMemory { _ = try SharedArena(slotCount: 2, slotByteCount: count) }
      expectNoMemory { _ = try SharedQueue<Int>(slotCount: count, slotByteCount: 64) }
      expectNoMemory { _ = try SharedQueue<Int>(slotCount: 2, slotByteCount: count) }
    }
    let queue = try SharedQueue<Int>(slotCount: 1, slotByteCount: 8)
    for seconds in [-Double.infinity, -1, 0, .leastNonzeroMagnitude, .nan] {
      do {
        _ = try queue.take(timeoutSeconds: seconds)
        fail("a message")
      } catch SharedQueueError.timedOut {}
    }
    let child = Child {
      if let slot = try queue.tryReserve() { slot.publish(byteCount: 0, header: 7) }
    }
    if let message = try queue.take(timeoutSeconds: .infinity) { checkEqual(message.header, 7) }
    child.join()
  },
]

/// Runs a small map with options that a caller might choose.
private func refusesOrWorks(expecting isMeant: Bool, _ change: (inout PoolOptions) -> Void) throws {
  var options = options(2)
  change(&options)
  try expect(isMeant) {
    try Pool.with(options, body: { (n: Int) in n }) { pool in
      checkEqual(try pool.map(0..<9), Array(0..<9))
      pool.close()
      // A worker with no time at all to leave is stopped.
      try pool.join()
    }
  }
}

/// Runs code that must work or be refused as an invalid argument.
private func expect(_ isMeant: Bool, _ body: () throws -> Void) throws {
  do {
    try body()
    check(isMeant, "an argument without meaning was taken")
  } catch PoolError.invalidArgument(let text) {
    check(!isMeant, "refused: \(text)")
  } catch PoolError.taskFailed(let failure) {
    guard case .timedOut = failure.cause else { throw failure }
  }
}

private func expectNoMemory(_ body: () throws -> Void) {
  do {
    try body()
    fail("more memory than there is")
  } catch PoolError.systemCall(_, let number) {
    checkEqual(number, ENOMEM, "error number")
  } catch {
    fail("\(error)")
  }
}

private func count(_ results: OrderedResults<Int, Int>) throws -> Int {
  var count = 0
  while try results.next() != nil { count += 1 }
  return count
}

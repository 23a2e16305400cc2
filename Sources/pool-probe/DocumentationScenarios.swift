internal import Foundation
internal import Glibc
import ProcPool

/// The code of the documentation, as it stands there. `DocumentationTests` compares the lines, and each scenario checks
/// that they do what the text around them says.
let documentationScenarios: [String: Scenario] = [
  "theFirstPoolPrintsSquares": { _ in
    try Pool.with(PoolOptions(workers: 4), body: { (n: Int) in n * n }) { pool in
      print(try pool.map([1, 2, 3]))  // [1, 4, 9]
    }
    checkEqual(printed.lines, ["[1, 4, 9]"])
  },
  "theFirstStreamPrintsOutcomesAsTheyArrive": { _ in
    let paths = ["/proc/self/status", "/no/such/file"]
    let roots = try Pool.map([1.0, 4.0, 9.0], PoolOptions(workers: 2)) {
      $0.squareRoot()
    }
    checkEqual(roots, [1, 2, 3])
    let body = { (path: String) in try checksum(of: path) }
    try Pool.with(PoolOptions(workers: 4), body: body) { pool in
      // Any sequence: it is read no further than a window ahead.
      let outcomes = try pool.imapUnordered(paths, timeout: 10)
      while let outcome = try outcomes.next() {
        print(outcome.index, outcome.result)
      }
    }
    checkEqual(printed.lines.count, 2)
  },
  "thePoolsOfTheReadMeGiveRootsAndOutcomes": { _ in
    let paths = ["/proc/self/status", "/no/such/file"]
    let roots = try Pool.map([1.0, 4.0, 9.0], PoolOptions(workers: 2)) { $0.squareRoot() }

    try Pool.with(PoolOptions(workers: 4), body: { (path: String) in try checksum(of: path) }) { pool in
      let outcomes = try pool.imapUnordered(paths, timeout: 10)  // any sequence, read no further than a window
      while let outcome = try outcomes.next() { print(outcome.index, outcome.result) }
    }
    checkEqual(roots, [1, 2, 3])
    check(printed.lines.contains { $0.hasPrefix("0 success") }, "\(printed.lines)")
    check(printed.lines.contains { $0.hasPrefix("1 failure") }, "\(printed.lines)")
  },
  "aFailureIsCaughtWithItsIndexAndCause": { _ in
    let paths = ["/proc/self/status", "/no/such/file"]
    let pool = try Pool(PoolOptions(workers: 2)) { (path: String) in try checksum(of: path) }
    do {
      _ = try pool.map(paths)
    } catch PoolError.taskFailed(let failure) {
      print(failure.index, failure.cause, failure.output)
    }
    check(printed.lines.first?.hasPrefix("1 threw") == true, "\(printed.lines)")
  },
  "retriesAndEndsOfWorkersAreToldAsTheArticleSays": { _ in
    var options = PoolOptions(workers: 4)
    options.retries = 2  // a task may run three times before it fails
    options.onWorkerEnd = { end in print("worker", end.rank, end.end) }
    let pool = try Pool(options) { (n: Int) -> Int in
      if n == 2 { kill(getpid(), SIGKILL) }
      return n
    }
    checkEqual(failure { _ = try pool.map([1, 2, 3]) }.attempts, 3)
    checkEqual(printed.lines.count { $0.hasSuffix("was killed by SIGKILL (9)") }, 3)
  },
  "aConfinedPoolReadsWhatTheArticleNames": { _ in
    var sandbox = Sandbox()
    sandbox.readable = [.path("/usr/share")]
    sandbox.memoryByteCount = 1 << 30
    var options = PoolOptions(workers: 4)
    options.maxResultByteCount = 1 << 20
    options.decodesErrors = false
    let pool = try Pool(options, initializer: { _ in sandbox.enter() }) { (path: String) in
      try checksum(of: path)
    }
    check(try pool.apply("/usr/share/common-licenses/GPL-3") > 0, "a place of the system")
    guard Sandbox.available.contains(.places) else { return }
    guard case .threw = failure(of: { _ = try pool.apply("/etc/passwd") }).cause else { fail("it was read") }
  },
  "theScalingTaskRunsInTheForkServersWorkers": { _ in
    try ProcPool.bootstrap()  // first in main, before any thread
    var options = PoolOptions(workers: 4)
    options.startMethod = .forkServer
    try Pool.with(options, task: Scaling(factor: 3)) { pool in
      print(try pool.map([1, 2, 3]))  // [3, 6, 9]
    }
    checkEqual(printed.lines, ["[3, 6, 9]"])
  },
  "anImageIsInvertedInItsSlot": { _ in
    let image: [UInt8] = [0, 1, 254, 255]
    let arena = try SharedArena(slotCount: 8, slotByteCount: 6 << 20)
    let pool = try Pool(PoolOptions(workers: 2)) { (slot: SharedSlot) in
      arena.withMutableBytes(of: slot) { bytes in invert(&bytes) }
      return slot.byteCount
    }
    if let slot = arena.acquire(byteCount: image.count) {
      defer { arena.release(slot) }
      arena.withMutableBytes(of: slot) { bytes in fill(&bytes, with: image) }
      _ = try pool.apply(slot)
      arena.withBytes(of: slot) { bytes in show(bytes) }
    }
    checkEqual(printed.lines, ["[255, 254, 1, 0]"])
    checkEqual(arena.freeCount, 8)
  },
  "sharedNumbersAndArraysCollectResults": { _ in
    let counts = try SharedArray<Int>(count: 100)
    let total = try SharedNumber()
    _ = try Pool.map(Array(0..<100), PoolOptions(workers: 4)) { index in
      counts[index] = index * index
      return total.update { $0 + 1 }
    }
    print(counts[9], total.value)  // 81 100
    checkEqual(printed.lines, ["81 100"])
  },
  "aMessagePassesThroughTheQueueOfTheArticle": { _ in
    let queue = try SharedQueue<Int>(slotCount: 16, slotByteCount: 1 << 20)
    var slot = try queue.reserve(timeoutSeconds: 10)
    slot.withMutableBytes { bytes in bytes.storeBytes(of: 7, as: UInt8.self) }
    slot.publish(byteCount: 1, header: 42)
    if let message = try queue.take(timeoutSeconds: 10) {
      print(message.header, message.byteCount)  // 42 1
      message.release()
    }
    checkEqual(printed.lines, ["42 1"])
  },
  "aDeadWorkersSlotComesBackInOnWorkerEnd": { _ in
    let queue = try SharedQueue<Int>(slotCount: 1, slotByteCount: 1)
    var options = PoolOptions(workers: 4)
    options.onWorkerEnd = { end in queue.reclaim(deadPID: end.pid) }
    let pool = try Pool(options) { (n: Int) throws -> Int in
      let slot = try queue.reserve()
      if n == 0 { kill(getpid(), SIGKILL) }
      slot.publish(byteCount: 0, header: n)
      return n
    }
    checkEqual(failure { _ = try pool.apply(0) }.cause, .workerEnded(.signal(SIGKILL)))
    checkEqual(try pool.apply(1), 1)
  },
]

/// Keeps what the parent prints. With the same type as Swift's function, it takes that one's place in this file.
private func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
  printed.lines.append(items.map { "\($0)" }.joined(separator: separator))
}

/// Unchecked `Sendable`, as only the main thread prints. Each scenario has its own process, so starts without lines.
private final class Printed: @unchecked Sendable {
  var lines: [String] = []
}

private let printed = Printed()

private func checksum(of path: String) throws -> UInt64 {
  try Data(contentsOf: URL(filePath: path)).reduce(0) { ($0 &* 31) &+ UInt64($1) }
}

private func invert(_ bytes: inout MutableRawSpan) {
  for index in 0..<bytes.byteCount {
    let byte = unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    bytes.storeBytes(of: ~byte, toByteOffset: index, as: UInt8.self)
  }
}

private func fill(_ bytes: inout MutableRawSpan, with values: [UInt8]) {
  for (index, value) in values.enumerated() { bytes.storeBytes(of: value, toByteOffset: index, as: UInt8.self) }
}

private func show(_ bytes: RawSpan) {
  print((0..<bytes.byteCount).map { unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) })
}

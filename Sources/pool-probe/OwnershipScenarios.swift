internal import Glibc
import ProcPool

/// Which process owns a pool, and what copies of the pool may do in others.
let ownershipScenarios: [String: Scenario] = [
  "aPoolThatIsLetGoLeavesNoWorkerWhateverIsStillHeld": { _ in
    var ended: AsyncResult<Int>?
    var pending: AsyncResult<Int>?
    var stream: OrderedResults<Int, Int>?
    do {
      let pool = try Pool(options(2)) { (n: Int) -> Int in
        if n < 0 { pause(seconds: 600) }
        return n
      }
      ended = try pool.applyAsync(1)
      checkEqual(try ended?.get(), 1)
      pending = try pool.applyAsync(-1)
      _ = try pool.applyAsync(-1, callbacks: .init(onError: { _ in }))
      stream = try pool.imap(0...)
    }
    check(!hasChild(), "a worker is left")
    checkEqual(try ended?.get(), 1)
    do {
      _ = try pending?.get()
      fail("a value")
    } catch PoolError.terminated {}
    do {
      while try stream?.next() != nil {}
      fail("the stream has an end")
    } catch PoolError.terminated {}
  },
  "aForkOfTheParentMayDoNothingWithItsPool": { _ in
    let pool = try Pool(options(2)) { (n: Int) -> Int in
      pause(seconds: 0.05)
      return n
    }
    let handle = try pool.mapAsync(0..<8, chunkSize: 1)
    let stream = try pool.imap(0..<4)
    let results =
      [
        { _ = try pool.map([1]) }, { _ = try pool.applyAsync(1) }, { _ = try handle.get() }, { _ = try stream.next() },
        {
          pool.close()
          try pool.join()
        },
      ] as [() throws -> Void]
    let child = Child {
      for use in results {
        do {
          try use()
          fail("a copy was used")
        } catch PoolError.wrongProcess {}
      }
      check(!handle.ready() && !handle.cancel(), "a handle of a copy")
      pool.terminate()
    }
    child.join()
    checkEqual(try handle.get(), Array(0..<8))
    checkEqual(try (0..<4).map { _ in try stream.next() ?? -1 }, Array(0..<4))
  },
  "aForkOfTheParentThatLeavesTheScopeOfItsPoolEndsNothing": { _ in
    let parent = getpid()
    var child: pid_t = 0
    try Pool.with(options(2), body: { (n: Int) in n }) { pool in
      checkEqual(try pool.map([1, 2]), [1, 2])
      let workers = pool.workerPIDs
      child = fork()
      if child == 0 { return }
      check(waitpid(child, nil, 0) == child, "waitpid")
      checkEqual(try pool.map([3, 4]), [3, 4])
      checkEqual(pool.workerPIDs, workers, "workers")
    }
    if getpid() != parent { _exit(0) }
  },
  // A child that a body forks and that returns from the body, by a value, by an error or in the initializer, is no
  // worker.
  "aForkInABodyThatComesBackFromItEndsThere": { _ in
    let pool = try Pool(options(2), initializer: { _ in _ = fork() }) { (n: Int) throws -> Int in
      let child = fork()
      if n % 5 == 4 && child == 0 { throw Refusal(number: n) }
      if n % 2 == 0 { waitpid(child, nil, 0) }
      return child == 0 ? -n - 1 : n
    }
    for _ in 0..<20 { checkEqual(try pool.map(0..<50), Array(0..<50)) }
  },
  // In a child, numbers of descriptors are reused.
  "aWorkerThatLetsGoOfAnInheritedPoolKeepsItsOwn": { _ in
    var inherited: Pool<Int, Int>? = try Pool(options(3)) { (n: Int) in n }
    let pool = try Pool(options(1)) { (n: Int) throws -> Int in
      let own = try Pool(options(2)) { (m: Int) in m * m }
      inherited = nil
      let sum = try own.map(0..<n).reduce(0, +)
      own.terminate()
      return sum
    }
    checkEqual(try pool.map([3, 4, 5], chunkSize: 1), [5, 14, 30])
    checkEqual(try inherited?.map([1]), [1])
  },
  "aBootstrappedProgramMayBootstrapInAForkedWorker": { _ in
    try bootstrap()
    let pool = try Pool(options(2)) { (n: Int) throws -> Int in
      try bootstrap()
      var options = options(2)
      options.startMethod = .forkServer
      return try Pool.with(options, task: Doubling()) { pool in try pool.map(0..<n).reduce(0, +) }
    }
    checkEqual(try pool.map([3, 4], chunkSize: 1), [6, 12])
  },
  "aCallbackThatWaitsForItsOwnCallIsToldSo": { _ in
    let pool = try Pool(options(1)) { (n: Int) in n }
    var handle: AsyncResult<Int>?
    var seen: (any Error)?
    handle = try pool.applyAsync(
      7,
      callbacks: .init(onValue: { _ in
        handle?.wait()
        do { _ = try handle?.get() } catch { seen = error }
      }))
    checkEqual(try handle?.get(), 7)
    guard case .waitsForItself? = seen as? PoolError else { fail("\(String(describing: seen))") }
  },
  "aProducerThatReadsItsOwnStreamIsToldSo": { _ in
    let pool = try Pool(options(2)) { (n: Int) in n }
    var stream: OrderedResults<Int, Int>?
    var count = 0
    stream = try pool.imap(window: 4) {
      count += 1
      return count < 5 ? count : try stream?.next()
    }
    for n in 1..<5 { checkEqual(try stream?.next(), n) }
    do {
      _ = try stream?.next()
      fail("a value")
    } catch PoolError.waitsForItself {}
    checkEqual(try stream?.next(), nil)
  },
]

/// Doubles a number.
struct Doubling: PoolTask {
  func run(_ n: Int) -> Int { 2 * n }
}

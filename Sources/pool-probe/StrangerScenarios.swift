internal import Glibc
import ProcPool

/// Workers that do to their pool what no worker should.
let strangerScenarios: [String: Scenario] = [
  // The arguments are a seed and seconds. Workers write random words, bytes and stretches over the memory they share
  // with the parent, at any time. The parent lives, every task ends, and the pool goes on with new workers.
  "aWorkerThatWritesOverWhatItSharesCostsItsTasksOnly": { arguments in
    let seed = UInt64(arguments.first ?? "") ?? 1
    let seconds = Int64(arguments.dropFirst().first ?? "") ?? 2
    let deadline = ContinuousClock.now + .seconds(seconds)
    var random = Generator(state: seed)
    var (rounds, deaths, failures) = (0, 0, 0)
    while ContinuousClock.now < deadline {
      rounds += 1
      var options = options(2)
      options.terminationGraceSeconds = 0.05
      options.onWorkerEnd = { _ in deaths += 1 }
      let round = random.next()
      try Pool.with(
        options,
        body: { (n: Int) -> [UInt8] in
          var random = Generator(state: round &+ UInt64(n))
          if n % 3 == 0 { scribble(&random) }
          return [UInt8](repeating: UInt8(truncatingIfNeeded: n), count: Int(random.next() % 3000))
        }
      ) { pool in
        let results = try pool.imapUnordered(0..<60, chunkSize: .fixed(1 + Int(random.next() % 5)), timeout: 0.5)
        var ended = 0
        do {
          while let outcome = try results.next(timeout: 30) {
            ended += 1
            if case .failure = outcome.result { failures += 1 }
          }
          checkEqual(ended, 60, "tasks that ended")
        } catch PoolError.workersKeepEnding {} catch PoolError.initializerFailed {}
      }
    }
    check(!hasChild(), "a child is left")
    print("\(rounds) rounds, \(deaths) workers ended, \(failures) tasks failed")
  },
  // Files that the body opens get the numbers of those it closed.
  "aBodyThatClosesWhatIsNotItsOwnEndsItsWorker": { _ in
    var ends: [WorkerEnd] = []
    var options = options(2)
    options.onWorkerEnd = { ends.append($0) }
    let files = (0..<40).map { _ in temporaryFile() }
    let pool = try Pool(options) { (n: Int) -> Int in
      if n != 3 { return n }
      let copies = files.map { dup($0) }
      let first = copies.min() ?? 0
      closefrom(3)
      // Like a body that assumes all descriptor numbers are free.
      for _ in 3..<first + 40 { _ = temporaryFile() }
      return n
    }
    checkEqual(try pool.map(0..<40, chunkSize: 1), Array(0..<40))
    checkEqual(try pool.map(0..<40, chunkSize: 1), Array(0..<40))
    while ends.count < 2 { _ = try pool.apply(0) }
    checkEqual(ends.map(\.end), [.status(70), .status(70)], "ends")
    check(ends.allSatisfy { $0.output.contains("descriptors") }, "\(ends)")
    check(files.allSatisfy { lseek($0, 0, SEEK_END) == 0 }, "the pool wrote into a file")
  },
  "theMainThreadOfAWorkerThatLeavesEndsItsTask": { _ in
    let pool = try Pool(options(2)) { (n: Int) -> Int in
      if n == 3 {
        startThread { while true { pause(seconds: 600) } }
        pthread_exit(nil)
      }
      return n
    }
    let failure = failure { _ = try pool.mapAsync(0..<8, chunkSize: 1).get(timeout: 30) }
    checkEqual(failure.index, 3)
    checkEqual(failure.cause, .workerEnded(.status(0)))
    checkEqual(try pool.map(0..<2), [0, 1])
  },
  // The whole program is stopped, as by Ctrl-Z: that time counts against no task.
  "aLimitDoesNotCountTheTimeInWhichTheProgramWasStopped": { _ in
    let ends = pipeEnds()
    let program = Program(output: ends.writing) {
      setpgid(0, 0)
      let pool = try Pool(options(2)) { (n: Int) -> Int in
        if n == 0 { print("begun") }
        pause(seconds: 0.6)
        return n
      }
      checkEqual(try pool.mapAsync(0..<2, chunkSize: 1, timeout: 1).get(), [0, 1])
    }
    close(ends.writing)
    var byte: UInt8 = 0
    check(unsafe read(ends.reading, &byte, 1) == 1, "nothing begins")
    kill(-program.pid, SIGTSTP)
    kill(-program.pid, SIGSTOP)
    pause(seconds: 1.5)
    kill(-program.pid, SIGCONT)
    checkEqual(program.wait(), 0, program.errors)
  },
  "aWorkerThatStaysStoppedIsEndedAtItsLimit": { _ in
    let pool = try Pool(options(1)) { (n: Int) -> Int in
      if n == 1 { raise(SIGSTOP) }
      return n
    }
    let failure = failure { _ = try pool.mapAsync([1], timeout: 0.2).get(timeout: 30) }
    checkEqual(failure.cause, .timedOut(seconds: 0.2))
  },
  // The kernel does not keep the status of a child whose parent ignores SIGCHLD.
  "whereSIGCHLDIsIgnoredADeathIsToldAsStatusZero": { _ in
    signal(SIGCHLD, SIG_IGN)
    let pool = try Pool(options(2)) { (n: Int) -> Int in
      if n == 1 { kill(getpid(), SIGKILL) }
      return n
    }
    let failure = failure { _ = try pool.map(0..<4, chunkSize: 1) }
    checkEqual(failure.cause, .workerEnded(.status(0)))
  },
  "aReplacementIsRefusedWhereThreadsCameAfterThePool": { _ in
    let pool = try Pool(options(1)) { (n: Int) in n }
    checkEqual(try pool.map([1]), [1])
    startThread { while true { pause(seconds: 600) } }
    checkEqual(try pool.map([2]), [2])
    killWorker(0, of: pool)
    do {
      _ = try pool.map([3])
      fail("a worker was forked beside a thread")
    } catch PoolError.threadsPresent(let count) {
      checkEqual(count, 2)
    }
  },
  // A message is built whole before it is sent, and assembled whole before it is decoded.
  "aLargePayloadNeedsTwiceItsSize": { _ in
    let byteCount = 128 << 20
    let pool = try Pool(options(1)) { (bytes: [UInt8]) in bytes.count }
    let bytes = [UInt8](repeating: 1, count: byteCount)
    checkEqual(try pool.apply(bytes), byteCount)
    let peak = pool.insights.total.peakMemoryByteCount
    check(peak < 2 * byteCount + byteCount + 64 << 20, "a worker took \(peak >> 20) MiB")
  },
]

/// Writes at random over this process's shared memory.
private func scribble(_ random: inout Generator) {
  let regions = unsafe sharedRegions()
  guard let region = unsafe regions.randomElement(using: &random) else { return }
  for _ in 0..<1 + random.next() % 20 {
    // Mostly in the control words, which are few beside the bytes of replies.
    let isBehind = random.next() % 4 != 0
    let count = region.count
    let start = isBehind ? min(262_144, count / 2) : 0
    let offset = start + Int(random.next() % UInt64(count - start))
    let length = min(count - offset, [1, 8, 8, 64, 4096][Int(random.next() % 5)])
    for place in offset..<offset + length { unsafe region[place] = UInt8(truncatingIfNeeded: random.next()) }
  }
}

/// The shared mappings of this process.
private func sharedRegions() -> [UnsafeMutableRawBufferPointer] {
  let descriptor = unsafe open("/proc/self/maps", O_RDONLY)
  defer { close(descriptor) }
  return unsafe readAll(descriptor).split(separator: "\n").filter { $0.contains(" rw-s ") }.compactMap { line in
    let ends = line.split(separator: " ")[0].split(separator: "-").compactMap { UInt(String($0), radix: 16) }
    guard ends.count == 2, let start = unsafe UnsafeMutableRawPointer(bitPattern: ends[0]) else { return nil }
    return unsafe UnsafeMutableRawBufferPointer(start: start, count: Int(ends[1] - ends[0]))
  }
}

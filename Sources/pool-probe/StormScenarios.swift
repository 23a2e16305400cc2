internal import CProcPool
internal import Glibc
import ProcPool

/// Cases that could fork without end, or leave processes behind.
let stormScenarios: [String: Scenario] = [
  "whatAWorkerInheritsIsNotItsOwnMemory": { _ in
    let inherited = [UInt8](repeating: 1, count: 400 << 20)
    for limit in [100 << 20, 1] {
      var options = options(2)
      options.maxMemoryPerChild = limit
      let pool = try Pool(options) { (n: Int) -> Int32 in
        pause(seconds: inherited[n] == 1 ? 0.01 : 0)
        return getpid()
      }
      let pids = Set(try pool.map(0..<20, chunkSize: 1))
      check(pids.count <= (limit > 1 ? 2 : 20), "\(pids.count) processes for 20 tasks")
    }
  },
  "aProgramWithoutStandardStreamsHasItsPool": { _ in
    for closed in [[0], [1], [2], [0, 1], [0, 1, 2]] as [[Int32]] {
      let report = temporaryFile()
      let program = Program {
        for descriptor in closed { close(descriptor) }
        var processCount = 0
        let pool = try Pool(options(2)) { (n: Int) in getpid() }
        for _ in 0..<100 { processCount = Set(try pool.map(0..<8, chunkSize: 1)).union([getpid()]).count - 1 }
        check((3..<64).allSatisfy { fcntl($0, F_GETFD) != -1 || errno == EBADF }, "descriptors")
        for descriptor in closed { check(fcntl(descriptor, F_GETFD) < 0, "descriptor \(descriptor) is the pool's") }
        let count = pool.insights.total.processCount
        pool.terminate()
        var byte = UInt8(processCount <= 2 && count == 2 ? 1 : 0)
        _ = unsafe pwrite(report, &byte, 1, 0)
        _exit(0)
      }
      checkEqual(program.wait(), 0, "without \(closed): \(program.errors)")
      checkEqual(contents(of: report), "\u{1}", "without \(closed), two processes")
    }
  },
  // A task finishes now and then, so the ends are not in a row.
  "workersThatLeaveBetweenTasksEndInAnErrorOfThePool": { _ in
    let pool = try Pool(options(3, retries: 1000), initializer: { _ in leaveSoon() }) { (n: Int) in n }
    do {
      for n in 0..<10_000 {
        checkEqual(try pool.apply(n), n)
        pause(seconds: 0.006)
      }
      fail("no error")
    } catch PoolError.workersKeepEnding(let count, _) {
      check(count < 200, "\(count) processes")
    }
  },
  "aWorkerThatWaitsForRoomEndsWithItsParent": { _ in
    let ends = pipeEnds()
    let program = Program(errors: ends.writing) {
      let pool = try Pool(
        options(2),
        initializer: { _ in
          check(setuid(65_534) == 0, "setuid")  // cancels the signal that reports the parent's death
        }
      ) { (n: Int) in [UInt8](repeating: 0, count: n) }
      _ = try pool.map([1, 1], chunkSize: 1)
      _ = try pool.mapAsync(Array(repeating: 1 << 20, count: 4), chunkSize: 1)
      pause(seconds: 0.2)  // both have filled their rings
      kill(getpid(), SIGKILL)
    }
    close(ends.writing)
    program.wait()
    _ = readAll(ends.reading)  // until every process has closed the other end
  },
  "aWorkerThatWaitsForRoomEndsWhenItsParentBecomesAnotherProgram": { _ in
    let ends = pipeEnds()
    let program = Program(output: ends.writing) {
      let pool = try Pool(options(2)) { (n: Int) in [UInt8](repeating: 0, count: n) }
      _ = try pool.map([1, 1], chunkSize: 1)
      _ = try pool.mapAsync(Array(repeating: 1 << 20, count: 4), chunkSize: 1)
      pause(seconds: 0.2)  // both have filled their rings
      let words = ["sh", "-c", "exec >&-; while test -e /proc/$PPID; do sleep 0.1; done"]
      var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
      unsafe execv("/bin/sh", &arguments)
      _exit(1)
    }
    close(ends.writing)
    _ = readAll(ends.reading)
    kill(program.pid, SIGKILL)
    program.wait()
  },
  // Handlers interrupt every wait: each worker that ends raises a signal.
  "theGraceOfTerminateIsNotEndedByASignal": { _ in
    signal(SIGCHLD) { _ in }
    let marks = Tally()
    defer { marks.remove() }
    var options = options(3)
    options.terminationGraceSeconds = 20
    let pool = try Pool(
      options,
      initializer: { rank in
        unsafe gracePath = strdup(marks.path)
        unsafe graceRank = rank
        signal(SIGTERM) { _ in endSlowly() }
      }
    ) { (n: Int) in n }
    for rank in 0..<3 { _ = try pool.apply(rank, ranks: rank..<rank + 1) }
    pool.terminate()
    checkEqual(marks.values.sorted(), [0, 1, 2], "workers that had their time")
  },
  // Run under strace, which makes `pidfd_open` fail as an old kernel does.
  "withoutPidfdOpenAPoolIsRefused": { _ in
    do {
      _ = try Pool(options(2)) { (n: Int) in n }
      fail("a pool")
    } catch PoolError.systemCall("pidfd_open", let number) {
      checkEqual(number, ENOSYS)
    }
    check(!hasChild(), "a worker is left")
  },
  "memoryForLargePayloadsIsGivenBack": { _ in
    let pool = try Pool(options(1)) { (bytes: [UInt8]) in bytes }
    let before = residentByteCount()
    for _ in 0..<2 { checkEqual(try pool.apply([UInt8](repeating: 3, count: 100 << 20)).count, 100 << 20) }
    let growth = residentByteCount() - before
    check(growth < 64 << 20, "\(growth >> 20) MiB are kept")
    checkEqual(try pool.apply([1]), [1])
  },
]

// A signal handler has no context; set once, in a worker of one thread, before the handler is installed.
nonisolated(unsafe) private var gracePath: UnsafeMutablePointer<CChar>?
nonisolated(unsafe) private var graceRank = 0

/// In a handler of SIGTERM: exits after a while; the rank that `terminate` waits for first takes longest.
private func endSlowly() {
  let rank = unsafe graceRank
  usleep(UInt32(100_000 * (3 - rank)))
  guard let path = unsafe gracePath else { _exit(1) }
  let descriptor = unsafe open(path, O_WRONLY | O_APPEND)
  var byte = UInt8(rank)
  _ = unsafe write(descriptor, &byte, 1)
  _exit(0)
}

/// Makes this process exit a moment after it has become ready.
private func leaveSoon() {
  signal(SIGALRM) { _ in _exit(9) }
  // The probe may have been started with it blocked.
  var mask = sigset_t()
  unsafe sigaddset(&mask, SIGALRM)
  unsafe pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  ualarm(3000, 0)
}

/// Resident memory of this process.
private func residentByteCount() -> Int {
  let descriptor = unsafe open("/proc/self/statm", O_RDONLY)
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 256)
  let count = unsafe read(descriptor, &bytes, bytes.count)
  let fields = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
  return (Int(fields[1]) ?? 0) * 4096
}

internal import CProcPool
internal import Glibc
import ProcPool

/// Two folders and a file in each; a sandbox is open for the first.
private struct Folders {
  let inside: String
  let outside: String

  init() {
    func folder() -> String {
      var template = Array("/tmp/pool-probe-XXXXXX".utf8CString)
      check(unsafe mkdtemp(&template) != nil, "mkdtemp")
      let path = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      close(unsafe open("\(path)/file", O_CREAT | O_WRONLY, 0o600))
      return path
    }
    (inside, outside) = (folder(), folder())
  }

  func remove() {
    for folder in [inside, outside] {
      for name in ["file", "new", "made"] { unsafe unlink("\(folder)/\(name)") }
      unsafe rmdir("\(folder)/folder")
      unsafe rmdir(folder)
    }
  }
}

/// Something that a body tries.
private typealias Attempt = @Sendable () -> Bool

/// Runs each attempt in a confined worker.
/// - Returns: the error number of each; 0 if it succeeded.
private func errors(_ sandbox: Sandbox, _ attempts: [Attempt]) throws -> [Int32] {
  let pool = try Pool(options(1), initializer: { _ in sandbox.enter() }) { (index: Int) -> Int32 in
    errno = 0
    return attempts[index]() ? 0 : errno
  }
  return try pool.map(attempts.indices, chunkSize: 1)
}

/// Runs each attempt in a confined worker of its own, between tasks that do no harm.
/// - Returns: how each task with an attempt ended; all others must have given their value.
private func ends(_ sandbox: Sandbox, _ attempts: [Attempt]) throws -> [TaskFailure.Cause?] {
  var ends: [TaskFailure.Cause?] = Array(repeating: nil, count: attempts.count)
  let pool = try Pool(options(2), initializer: { _ in sandbox.enter() }) { (n: Int) -> Int in
    if n % 2 == 1 { _ = attempts[n / 2]() }
    return n
  }
  let outcomes = try pool.imapUnordered(0..<2 * attempts.count, timeout: 5)
  while let outcome = try outcomes.next() {
    switch outcome.result {
    case .success(let n): checkEqual(n, outcome.index)
    case .failure(let failure):
      check(failure.index % 2 == 1, "a harmless task failed: \(failure)")
      ends[failure.index / 2] = failure.cause
    }
  }
  return ends
}

/// Whether a file can be opened.
private func opens(_ path: String, _ flags: Int32) -> Bool {
  let descriptor = unsafe open(path, flags | O_CLOEXEC, 0o600)
  if descriptor >= 0 { close(descriptor) }
  return descriptor >= 0
}

/// A function that Swift does not import, as `ptrace` is variadic and `process_vm_writev` is declared for GNU only. Six
/// words, of which a function takes those that it has.
private func call(_ name: String, _ words: (Int, Int, Int, Int, Int, Int)) -> Int {
  typealias Function = @convention(c) (Int, Int, Int, Int, Int, Int) -> Int
  guard let symbol = unsafe dlsym(nil, name) else { fail("no \(name)") }
  let function = unsafe unsafeBitCast(symbol, to: Function.self)
  return function(words.0, words.1, words.2, words.3, words.4, words.5)
}

/// The kernel's numbers of limits.
private enum Resource {
  static let (core, memory) = (4, 9)
}

/// The hard limit of a resource.
private func limit(_ resource: Int) -> rlim_t {
  var limit = rlimit()
  let result = unsafe withUnsafeMutablePointer(to: &limit) {
    call("getrlimit", (resource, Int(bitPattern: $0), 0, 0, 0, 0))
  }
  check(result == 0, "getrlimit")
  return limit.rlim_max
}

private func raiseLimit(_ resource: Int) -> Bool {
  var limit = rlimit(rlim_cur: .max, rlim_max: .max)
  return unsafe withUnsafeMutablePointer(to: &limit) {
    Int32(truncatingIfNeeded: call("setrlimit", (resource, Int(bitPattern: $0), 0, 0, 0, 0))) == 0
  }
}

/// What only code in the wrong hands does.
private let intrusions: [String: Attempt] = [
  "runs a program": {
    var arguments: [UnsafeMutablePointer<CChar>?] = unsafe [strdup("/bin/true"), nil]
    return unsafe execv("/bin/true", &arguments) == 0
  },
  "signals its parent": { kill(getppid(), 0) == 0 },
  "signals all processes": { kill(-1, 0) == 0 },
  // PTRACE_ATTACH
  "traces its parent": { call("ptrace", (16, Int(getppid()), 0, 0, 0, 0)) == 0 },
  "writes into its parent": {
    var word = 0
    return unsafe withUnsafeMutablePointer(to: &word) { pointer in
      unsafe withUnsafeTemporaryAllocation(of: iovec.self, capacity: 1) { part in
        unsafe part[0] = iovec(iov_base: pointer, iov_len: 8)
        let address = Int(bitPattern: part.baseAddress)
        return call("process_vm_writev", (Int(getppid()), address, 1, address, 1, 0)) >= 0
      }
    }
  },
]

let sandboxScenarios: [String: Scenario] = [
  "aConfinedWorkerUsesItsPlacesAndNoOthers": { _ in
    let folders = Folders()
    defer { folders.remove() }
    var sandbox = Sandbox()
    sandbox.writable = [.path(folders.inside)]
    let (inside, outside) = (folders.inside, folders.outside)
    let allowed = try errors(
      sandbox,
      [
        { opens("\(inside)/file", O_RDONLY) }, { opens("\(inside)/new", O_CREAT | O_EXCL | O_WRONLY) },
        { unsafe rename("\(inside)/new", "\(inside)/made") == 0 }, { unsafe mkdir("\(inside)/folder", 0o700) == 0 },
        { unsafe unlink("\(inside)/made") == 0 }, { opens("/usr", O_RDONLY) }, { opens("/dev/null", O_WRONLY) },
      ])
    checkEqual(allowed, Array(repeating: 0, count: allowed.count), "what is allowed")
    let refused = try errors(
      sandbox,
      [
        { opens("\(outside)/file", O_RDONLY) }, { opens("\(outside)/new", O_CREAT | O_WRONLY) },
        { opens(outside, O_RDONLY | O_DIRECTORY) }, { unsafe unlink("\(outside)/file") == 0 },
        { unsafe rename("\(inside)/file", "\(outside)/made") == 0 }, { opens("/etc/passwd", O_RDONLY) },
        { opens("\(inside)/../..\(outside)/file", O_RDONLY) }, { opens("/proc/1/environ", O_RDONLY) },
      ])
    check(refused.allSatisfy { [EACCES, EXDEV].contains($0) }, "what is refused: \(refused)")
    sandbox = Sandbox()
    sandbox.readable = [.path(inside)]
    let reading = try errors(
      sandbox, [{ opens("\(inside)/file", O_RDONLY) }, { opens("\(inside)/file", O_WRONLY) }])
    checkEqual(reading, [0, EACCES], "a place to read")
  },
  "aConfinedWorkerReachesNobody": { _ in
    let errors = try errors(
      Sandbox(),
      [
        { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) >= 0 },
        { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) >= 0 },
        { cprocpool_fork() >= 0 },
        {
          unsafe mmap(nil, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED
        },
        { raiseLimit(Resource.memory) },
      ])
    checkEqual(errors, Array(repeating: EPERM, count: errors.count))
    var sandbox = Sandbox()
    sandbox.allowsNetwork = true
    let client = try errorsOfClient(sandbox)
    checkEqual(client, [0, EPERM], "a client")
  },
  "anIntrusionEndsItsWorkerAndCostsItsTaskOnly": { _ in
    let names = intrusions.keys.sorted()
    let ends = try ends(Sandbox(), names.compactMap { intrusions[$0] })
    for (name, end) in zip(names, ends) { checkEqual(end, .workerEnded(.signal(SIGSYS)), name) }
  },
  "aConfinedWorkerTakesItsShareOfMemory": { _ in
    var sandbox = Sandbox()
    sandbox.memoryByteCount = 256 << 20
    let pool = try Pool(options(1), initializer: { _ in sandbox.enter() }) { (mebibytes: Int) -> [Int] in
      // Not `malloc`, which the compiler leaves out where nobody looks at the memory.
      let memory = unsafe mmap(nil, mebibytes << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      guard unsafe memory != MAP_FAILED else { return [0, Sandbox.isLimitReached ? 1 : 0] }
      unsafe munmap(memory, mebibytes << 20)
      return [1, Sandbox.isLimitReached ? 1 : 0]
    }
    checkEqual(try pool.map([16, 1024, 64], chunkSize: 1), [[1, 1], [0, 1], [1, 1]])
  },
  "aConfinedWorkerMayLoadALibraryAndStartAThread": { _ in
    let errors = try errors(
      Sandbox(),
      [
        { unsafe dlopen("libresolv.so.2", RTLD_NOW) != nil || dlopen("libanl.so.1", RTLD_NOW) != nil },
        { pthread_join(startThread {}, nil) == 0 },
      ])
    checkEqual(errors, [0, 0])
  },
  "aConfinedWorkerThatCrashesTellsItsSignalAndLeavesNoCore": { _ in
    let ends = try ends(Sandbox(), [{ raise(SIGSEGV) == 0 }, { abort() }, { while true {} }])
    checkEqual(
      ends, [.workerEnded(.signal(SIGSEGV)), .workerEnded(.signal(SIGABRT)), .timedOut(seconds: 5)], "ends")
    checkEqual(try errors(Sandbox(), [{ limit(Resource.core) <= 1 }]), [0], "the limit of core files")
  },
  "aResultLongerThanAnyMayBeEndsItsWorker": { _ in
    var options = options(1)
    options.maxResultByteCount = 1 << 20
    let pool = try Pool(options) { (byteCount: Int) in [UInt8](repeating: 1, count: byteCount) }
    checkEqual(try pool.apply(1000).count, 1000)
    let failure = failure { _ = try pool.apply(64 << 20) }
    checkEqual(failure.cause, .workerEnded(.signal(SIGKILL)))
    check(failure.output.contains("replies"), failure.output)
    checkEqual(try pool.apply(1000).count, 1000)
  },
  "anErrorWhoseTypeMayNotBeLookedUpArrivesAsText": { _ in
    var options = options(1)
    options.decodesErrors = false
    let pool = try Pool(options) { (n: Int) throws -> Int in throw Detailed(number: n, words: ["a"]) }
    let failure = failure { _ = try pool.apply(7) }
    check(failure.error == nil, "its type was looked up")
    checkEqual(failure.cause, .threw(type: "Detailed", text: "Detailed(number: 7, words: [\"a\"])"))
  },
  // It seems to be idle, so that tasks are sent to it and taken back again and again.
  "aWorkerThatStandsStillBetweenTwoTasksIsEnded": { _ in
    var ends: [WorkerEnd] = []
    var options = options(2)
    options.onWorkerEnd = { ends.append($0) }
    let pool = try Pool(options) { (n: Int) -> Int in
      pause(seconds: 0.002)
      return n
    }
    checkEqual(try pool.map(0..<8, chunkSize: 1), Array(0..<8))
    let stopped = pool.workerPIDs[0]
    if let stopped { kill(stopped, SIGSTOP) }
    checkEqual(try pool.map(0..<2000, chunkSize: 1, timeout: 0.2), Array(0..<2000))
    checkEqual(ends.map(\.pid), stopped.map { [$0] } ?? [])
  },
  "theTimeInAQueueIsNoTimeOfATask": { _ in
    let queue = try SharedQueue<Int>(slotCount: 1, slotByteCount: 8)
    let pool = try Pool(options(2)) { (n: Int) -> Int in
      if n == 0 {
        for _ in 0..<3 { try queue.send(n) }
      } else {
        pause(seconds: 1.2)
        for _ in 0..<3 { try queue.take()?.release() }
      }
      return n
    }
    let waiting = try pool.applyAsync(0, timeout: 0.5, ranks: 0..<1)
    let slow = try pool.applyAsync(1, timeout: 30, ranks: 1..<2)
    checkEqual([try waiting.get(), try slow.get()], [0, 1])
  },
]

/// What a client may do, and what it may not.
private func errorsOfClient(_ sandbox: Sandbox) throws -> [Int32] {
  try errors(sandbox, [{ socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) >= 0 }, { cprocpool_fork() >= 0 }])
}

extension SharedQueue<Int> {
  fileprivate func send(_ number: Int) throws {
    let reservation = try reserve()
    reservation.publish(byteCount: 0, header: number)
  }
}

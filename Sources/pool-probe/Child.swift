internal import CProcPool
internal import Glibc
import ProcPool

/// A forked process that runs one function and exits: a worker without a pool.
struct Child {
  let pid: pid_t

  init(_ body: () throws -> Void) {
    pid = cprocpool_fork()
    if pid == 0 {
      do { try body() } catch { fail("a child threw \(error)") }
      _exit(0)
    }
    check(pid > 0, "fork")
  }

  func kill() { Glibc.kill(pid, SIGKILL) }

  /// Waits until it ends or stops, and returns the wait status.
  func wait() -> Int32 {
    var status: Int32 = 0
    check(unsafe waitpid(pid, &status, 0) == pid, "waitpid")
    return status
  }

  /// Waits for its end, which must be an exit with status 0.
  func join() { checkEqual(wait(), 0, "wait status of a child") }

  /// Waits for its death by SIGKILL.
  func joinKilled() { checkEqual(wait(), SIGKILL, "wait status of a killed child") }

  /// Waits until it sleeps in the kernel.
  func awaitSleep() {
    while state != "S" { sched_yield() }
  }

  /// Waits until it sleeps in the kernel or has ended.
  func awaitSleepOrEnd() {
    while !["S", "Z"].contains(state) { sched_yield() }
  }

  /// The kernel's letter for its state: R runs, S sleeps.
  private var state: Character? {
    let descriptor = unsafe open("/proc/\(pid)/stat", O_RDONLY)
    check(descriptor >= 0, "a child without an entry in /proc")
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = unsafe read(descriptor, &bytes, bytes.count)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    return text.split(separator: ")").last?.first { $0 != " " }
  }
}

/// Single-steps a child, so that it can be killed or held after any of its instructions.
///
/// `ptrace` is variadic, so Swift does not import it. It takes no floating-point arguments, so it can be called like
/// any other function.
struct Stepper {
  private typealias Call = @convention(c) (CLong, CLong, CLong, CLong) -> CLong
  private let call: Call

  /// Sends a message first: work that a process does only once would add thousands of instructions to each child.
  init() throws {
    guard let symbol = unsafe dlsym(nil, "ptrace") else { fail("no ptrace") }
    call = unsafe unsafeBitCast(symbol, to: Call.self)
    let queue = try StampQueue(slotCount: 1, slotByteCount: 256)
    try queue.send(Stamp(producer: 0, number: 1))
    try queue.take()?.release()
  }

  /// In the child: stops until the parent resumes it.
  func stopHere() {
    check(call(0, 0, 0, 0) == 0, "this machine does not permit PTRACE_TRACEME, which the scenario needs")
    raise(SIGSTOP)
  }

  /// Lets a stopped child execute `count` instructions; then it is stopped again.
  /// - Returns: false if it ended before that.
  func run(_ child: Child, for count: Int) -> Bool {
    checkEqual(child.wait() & 0xFF, 0x7F, "a stopped child")
    for _ in 0..<count {
      check(call(9, CLong(child.pid), 0, 0) == 0, "PTRACE_SINGLESTEP")
      let status = child.wait()
      if status & 0x7F == 0 { return false }
      checkEqual(status & 0xFF, 0x7F, "a stopped child")
    }
    return true
  }

  /// Lets a child execute `count` instructions and kills it.
  /// - Returns: false if it ended before that.
  func kill(_ child: Child, after count: Int) -> Bool {
    guard run(child, for: count) else { return false }
    child.kill()
    child.joinKilled()
    return true
  }

  /// Resumes a stopped child.
  func resume(_ child: Child) { check(call(7, CLong(child.pid), 0, 0) == 0, "PTRACE_CONT") }
}

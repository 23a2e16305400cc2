internal import Glibc

/// Runs `body` in another thread.
@discardableResult
func startThread(_ body: @escaping @Sendable () -> Void) -> pthread_t {
  let box = unsafe Unmanaged.passRetained(ThreadBody(run: body))
  var thread = pthread_t()
  let result = unsafe pthread_create(
    &thread, nil,
    { argument in
      _ = unsafe argument.map { unsafe Unmanaged<ThreadBody>.fromOpaque($0).takeRetainedValue().run() }
      return nil
    }, box.toOpaque())
  checkEqual(result, 0, "pthread_create")
  return thread
}

private final class ThreadBody {
  let run: @Sendable () -> Void

  init(run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Allocates, locks and has the runtime look up types for as long as the process lives: what a fork must not meet.
func keepBusy(_ seed: Int) {
  var number = seed
  while true {
    number += 1
    let table = Dictionary(uniqueKeysWithValues: (0..<50).map { ("\(number) \($0)", [$0]) })
    check((table as Any) is any Collection, "a collection")
    check(nested(number % 40, [number]).count > 0, "a description")
  }
}

/// Makes the runtime build a type per depth.
private func nested<Value>(_ depth: Int, _ value: Value) -> String {
  depth == 0 ? String(describing: Value.self) : nested(depth - 1, Lone(value: value))
}

private struct Lone<Value> { var value: Value }

/// A counter under a lock whose owner the kernel looks up by its thread id: two threads that wait for each other need that
/// the C library knows its own.
@safe
private final class Counter: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private(set) var value = 0

  init() {
    unsafe mutex = .allocate(capacity: 1)
    var attributes = pthread_mutexattr_t()
    unsafe pthread_mutexattr_init(&attributes)
    unsafe checkEqual(
      pthread_mutexattr_setprotocol(&attributes, Int32(PTHREAD_PRIO_INHERIT)), 0, "a priority-inheriting lock")
    unsafe pthread_mutex_init(mutex, &attributes)
  }

  func add(_ count: Int) {
    for _ in 0..<count {
      unsafe checkEqual(pthread_mutex_lock(mutex), 0, "lock")
      value += 1
      unsafe checkEqual(pthread_mutex_unlock(mutex), 0, "unlock")
    }
  }
}

/// Two threads count to 100,000 each.
func contendForPriorityInheritingLock() -> Int {
  let counter = Counter()
  let thread = startThread { counter.add(100_000) }
  counter.add(100_000)
  checkEqual(pthread_join(thread, nil), 0, "pthread_join")
  return counter.value
}

/// The wait status of another program.
func runProgram(_ path: String) -> Int {
  var pid = pid_t()
  var arguments = unsafe [strdup(path), nil]
  unsafe checkEqual(posix_spawn(&pid, path, nil, nil, &arguments, nil), 0, "posix_spawn")
  var status: Int32 = -1
  unsafe check(waitpid(pid, &status, 0) == pid, "waitpid")
  return Int(status)
}

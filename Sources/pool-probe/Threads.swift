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

/// Allocates, locks and makes the runtime look up types for as long as the process lives: what a fork must not
/// interrupt.
func keepBusy(_ seed: Int) {
  var number = seed
  while true {
    number += 1
    let table = Dictionary(uniqueKeysWithValues: (0..<50).map { ("\(number) \($0)", [$0]) })
    check((table as Any) is any Collection, "a collection")
    check(nested(number % 40, [number]).count > 0, "a description")
  }
}

/// Makes the runtime instantiate a type per level.
private func nested<Value>(_ depth: Int, _ value: Value) -> String {
  depth == 0 ? String(describing: Value.self) : nested(depth - 1, Lone(value: value))
}

private struct Lone<Value> { var value: Value }

/// A lock whose owner the kernel finds by its thread id. Unchecked `Sendable`, as it exists to be shared.
///
/// Invariant: `mutex` is allocated and initialised once and never freed.
@safe
private final class PriorityInheritingLock: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  init() {
    unsafe mutex = .allocate(capacity: 1)
    var attributes = pthread_mutexattr_t()
    unsafe pthread_mutexattr_init(&attributes)
    let result = unsafe pthread_mutexattr_setprotocol(&attributes, Int32(PTHREAD_PRIO_INHERIT))
    checkEqual(result, 0, "a priority-inheriting lock")
    unsafe pthread_mutex_init(mutex, &attributes)
  }

  /// Whether a thread waits for it in the kernel, which marks the word by its sign.
  var isAwaited: Bool { unsafe mutex.pointee.__data.__lock < 0 }

  func lock() { checkEqual(unsafe pthread_mutex_lock(mutex), 0, "lock") }
  func unlock() { checkEqual(unsafe pthread_mutex_unlock(mutex), 0, "unlock") }
}

/// Hands such a lock to a thread that waits for it. That works only if the C library knows the thread ids of this
/// process.
func handOverPriorityInheritingLock() {
  let lock = PriorityInheritingLock()
  lock.lock()
  let thread = startThread {
    lock.lock()
    lock.unlock()
  }
  while !lock.isAwaited { sched_yield() }
  lock.unlock()
  checkEqual(pthread_join(thread, nil), 0, "pthread_join")
}

/// Runs another program and returns its wait status.
func runProgram(_ path: String) -> Int {
  var pid = pid_t()
  var arguments = unsafe [strdup(path), nil]
  unsafe checkEqual(posix_spawn(&pid, path, nil, nil, &arguments, nil), 0, "posix_spawn")
  var status: Int32 = -1
  unsafe check(waitpid(pid, &status, 0) == pid, "waitpid")
  return Int(status)
}

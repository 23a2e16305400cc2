internal import CProcPool
internal import Glibc

/// What tells a process, in its environment, that it was started as a worker: its own id, so that no program which it may
/// start takes itself for it, its parent's id, the rank and the descriptors.
struct WorkerMarker {
  private static let name = "PROCPOOL_WORKER"

  var rank: Int
  var descriptors: WorkerOrder.Descriptors

  /// Whether this process was started as a worker and has not become one.
  static var isPresent: Bool { numbers() != nil }

  /// Removes the marker from the environment, where it is this process's.
  static func take() -> WorkerMarker? {
    let found = numbers()
    unsafe unsetenv(name)
    guard let found, let descriptors = WorkerOrder.Descriptors(found[3...].map { Int32(clamping: $0) }) else {
      return nil
    }
    cprocpool_die_with_parent(pid_t(clamping: found[1]))
    return WorkerMarker(rank: found[2], descriptors: descriptors)
  }

  private static func numbers() -> [Int]? {
    guard let text = unsafe getenv(name).map({ unsafe String(cString: $0) }) else { return nil }
    let numbers = text.split(separator: " ").compactMap { Int($0) }
    return numbers.count > 3 && numbers[0] == Int(getpid()) ? numbers : nil
  }

  /// Becomes the worker.
  func carryOut() -> Never {
    for number in descriptors.numbers { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
    descriptors.run(TaskFile.code(in: descriptors.task), rank: rank)
  }

  /// Runs the program of this process anew, with the same arguments, so that its main takes the same way to
  /// `bootstrap()`.
  /// - Returns: the error number, if that fails.
  func execute() -> Int32 {
    var kept = descriptors
    kept.folder = -1
    for number in kept.numbers { _ = fcntl(number, F_SETFD, 0) }
    let numbers = [Int(getpid()), Int(getppid()), rank] + kept.numbers.map { Int($0) }
    unsafe setenv(Self.name, numbers.map { String($0) }.joined(separator: " "), 1)
    unsafe execv("/proc/self/exe", CommandLine.unsafeArgv)
    return errno
  }
}

internal import Glibc
import ProcPool

/// A scenario; its arguments follow its name on the command line.
typealias Scenario = @Sendable ([String]) throws -> Void

let allScenarios: [String: Scenario] = [
  resultScenarios, failureScenarios, endingScenarios, handleScenarios, flowScenarios, limitScenarios, insightScenarios,
  outputScenarios, conservingScenarios, ownershipScenarios, stormScenarios, strangerScenarios, numberScenarios,
  hostileScenarios, sandboxScenarios,
  startMethodScenarios, forkServerScenarios, sharedMemoryScenarios, sharedQueueScenarios, queueDeathScenarios,
  queueStepScenarios, claimStepScenarios, documentationScenarios,
]
.reduce(into: [:]) { $0.merge($1) { first, _ in first } }

func fail(_ text: String) -> Never {
  var line = text + "\n"
  line.withUTF8 { _ = unsafe write(2, $0.baseAddress, $0.count) }
  exit(1)
}

func check(_ condition: Bool, _ text: @autoclosure () -> String) {
  if !condition { fail(text()) }
}

func checkEqual<Value: Equatable>(_ seen: Value, _ expected: Value, _ what: String = "value") {
  check(seen == expected, "\(what): expected \(expected), saw \(seen)")
}

/// The task failure that `body` must throw.
func failure(of body: () throws -> Void) -> TaskFailure {
  do {
    try body()
  } catch PoolError.taskFailed(let failure) {
    return failure
  } catch {
    fail("expected a task to fail, saw \(error)")
  }
  fail("expected a task to fail")
}

/// A file to which several processes append single bytes: a record of what ran, and how often.
struct Tally {
  let path: String

  /// Opens the file of another tally.
  init(path: String) { self.path = path }

  init() {
    var template = Array("/tmp/pool-probe-XXXXXX\0".utf8CString.dropLast())
    let descriptor = unsafe mkstemp(&template)
    check(descriptor >= 0, "mkstemp")
    close(descriptor)
    path = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func add(_ value: Int) {
    let descriptor = unsafe open(path, O_WRONLY | O_APPEND)
    var byte = UInt8(value)
    check(unsafe write(descriptor, &byte, 1) == 1, "write")
    close(descriptor)
  }

  /// The values so far, in order.
  var values: [Int] {
    let descriptor = unsafe open(path, O_RDONLY)
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 100_000)
    let count = unsafe read(descriptor, &bytes, bytes.count)
    return bytes.prefix(max(0, count)).map { Int($0) }
  }

  func count(_ value: Int) -> Int { values.count { $0 == value } }

  func remove() { unsafe unlink(path) }
}

/// Kills the worker of a rank, if there is one.
func killWorker<Input, Output>(_ rank: Int, of pool: Pool<Input, Output>) {
  if let pid = pool.workerPIDs[rank] { kill(pid, SIGKILL) }
}

/// How many descriptors this process has open.
func openDescriptorCount() -> Int {
  (0..<4096).count { fcntl($0, F_GETFD) >= 0 }
}

/// How many of this process's mappings are shared.
func sharedMappingCount() -> Int {
  let descriptor = unsafe open("/proc/self/maps", O_RDONLY)
  defer { close(descriptor) }
  var text: [UInt8] = []
  var bytes = [UInt8](repeating: 0, count: 65_536)
  while case let count = unsafe read(descriptor, &bytes, bytes.count), count > 0 { text += bytes.prefix(count) }
  return String(decoding: text, as: UTF8.self).split(separator: "\n").count { $0.contains(" rw-s ") }
}

/// The children of this process, zombies included.
func children() -> Set<pid_t> {
  guard let folder = unsafe opendir("/proc") else { fail("no /proc") }
  defer { unsafe closedir(folder) }
  var found: Set<pid_t> = []
  while let entry = unsafe readdir(folder) {
    let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) {
      unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    if let pid = pid_t(name), parent(of: pid) == getpid() { found.insert(pid) }
  }
  return found
}

/// The parent of a process; `nil` if the process is gone.
private func parent(of pid: pid_t) -> pid_t? {
  let descriptor = unsafe open("/proc/\(pid)/stat", O_RDONLY)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 512)
  let count = unsafe read(descriptor, &bytes, bytes.count)
  let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
  return fields.count > 1 ? pid_t(fields[1]) : nil
}

/// Whether this process has a child, zombies included.
func hasChild() -> Bool {
  var information = unsafe siginfo_t()
  return unsafe waitid(P_ALL, 0, &information, WEXITED | WNOHANG | WNOWAIT) == 0
}

func pause(seconds: Double) { usleep(useconds_t(seconds * 1e6)) }

func options(_ workers: Int, retries: Int = 0) -> PoolOptions {
  var options = PoolOptions(workers: workers)
  options.retries = retries
  return options
}

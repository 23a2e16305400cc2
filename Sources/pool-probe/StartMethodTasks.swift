internal import CProcPool
internal import Glibc
import ProcPool

// Tasks that the scenarios of start methods give to their workers: types that can be named, with state that travels.

/// State that is copied as memory.
struct Scaling: PoolTask {
  var factor: Int

  func run(_ n: Int) -> Int { n * factor }
}

/// State that is encoded, and a generic type.
struct Lookup<Value: Codable>: PoolTask {
  var values: [String: Value]

  func run(_ key: String) throws -> Value {
    guard let value = values[key] else { throw Refusal(number: 0) }
    return value
  }
}

/// Counts its tasks and returns its rank; records each start and end of a worker.
struct Counting: PoolTask {
  var tallyPath: String
  var rank = -1
  var count = 0

  mutating func setUp(rank: Int) {
    self.rank = rank
    Tally(path: tallyPath).add(1)
  }

  mutating func run(_ unused: Int) -> [Int] {
    count += 1
    return [rank, count, Int(getpid())]
  }

  func tearDown(rank: Int) { Tally(path: tallyPath).add(2) }
}

/// Questions that a worker answers about itself, and things that it does to itself.
struct Introspection: PoolTask {
  enum Question: Codable {
    case die, crash, descriptors, processors, folder, parent, ownPool, leave, threads, child
  }

  func run(_ question: Question) throws -> [Int] {
    switch question {
    case .die: kill(getpid(), SIGKILL)
    case .crash: abort()
    case .leave: exit(3)
    case .descriptors: return (0..<4096).filter { fcntl(Int32($0), F_GETFD) >= 0 }
    case .processors: return allowedProcessors()
    case .folder: return [workingFolderNumber()]
    case .parent: return [Int(getppid())]
    case .threads: handOverPriorityInheritingLock()
    case .child: return [runProgram("/bin/true")]
    case .ownPool: return try Pool.map([1, 2], options(2)) { $0 * 10 }
    }
    return []
  }
}

/// The inode of the working directory.
func workingFolderNumber() -> Int {
  var status = stat()
  return unsafe stat(".", &status) == 0 ? Int(status.st_ino) : -1
}

/// Processors that this process may use.
func allowedProcessors() -> [Int] {
  var numbers = [Int32](repeating: 0, count: 1024)
  let count = unsafe Int(cprocpool_allowed_processors(&numbers, 1024))
  return numbers.prefix(max(0, count)).map { Int($0) }
}

/// An initializer that throws, dies or hangs the first few times.
struct Stumbling: PoolTask {
  var tallyPath: String
  var how: String
  var times: Int

  func setUp(rank: Int) throws {
    let tally = Tally(path: tallyPath)
    tally.add(1)
    guard tally.values.count <= times else { return }
    switch how {
    case "throw": throw Refusal(number: 7)
    case "hang": pause(seconds: 600)
    default: kill(getpid(), SIGKILL)
    }
  }

  func run(_ n: Int) -> Int { n }
}

/// Works until it is stopped.
struct Sleeping: PoolTask {
  func run(_ n: Int) -> Int {
    pause(seconds: 600)
    return n
  }
}

/// A type without a name outside this file.
private struct Nameless: PoolTask {
  func run(_ n: Int) -> Int { n }
}

/// Tries to make a pool with a task that no worker could find.
func makeNamelessPool(_ options: PoolOptions) throws { _ = try Pool(options, task: Nameless()) }

internal import CProcPool
internal import Glibc

/// What the fork server needs to start a worker that inherits nothing from its pool: a few numbers, and descriptors,
/// which travel beside them.
struct SpawnRequest {
  var rank: Int
  /// Whether it runs the program again.
  var isSpawned: Bool
  /// Processors to bind it to; empty: any.
  var processors: [Int]
  var descriptors: Descriptors

  /// The descriptors that a worker needs.
  struct Descriptors {
    /// The reading end for its chunks, and the doorbell: open for its life.
    var requests, doorbell: Int32
    /// Memory files, mapped once and closed.
    var ring, task: Int32
    /// Standard error of the pool's process, which may have been redirected since `bootstrap()`.
    var standardError: Int32
    /// The working directory; -1 if there is none.
    var folder: Int32

    /// In the order in which they are sent. The folder is last because it may be missing.
    var numbers: [Int32] { [requests, doorbell, ring, task, standardError] + (folder < 0 ? [] : [folder]) }

    init?(_ numbers: some RandomAccessCollection<Int32>) {
      let numbers = Array(numbers)
      guard numbers.count >= 5 else { return nil }
      (requests, doorbell, ring) = (numbers[0], numbers[1], numbers[2])
      (task, standardError) = (numbers[3], numbers[4])
      folder = numbers.count > 5 ? numbers[5] : -1
    }
  }

  /// Begins the message; the processors follow.
  struct Header: BitwiseCopyable {
    var rank: Int32
    var isSpawned: Bool
    var processorCount: Int32
  }

  /// Appends the numbers as a message.
  func append(to buffer: inout ByteBuffer) {
    // CPU_SETSIZE is 1024. Binding to higher numbers has no effect, and the message must fit into one packet.
    let known = Set(processors).filter { (0..<1024).contains($0) }
    let header = Header(rank: Int32(rank), isSpawned: isSpawned, processorCount: Int32(known.count))
    buffer.append(memoryOf: header)
    for number in known { buffer.append(memoryOf: Int32(number)) }
  }

  /// Reads a message that `append` wrote.
  init?(from buffer: inout ByteBuffer, _ descriptors: Descriptors) {
    guard let header: Header = buffer.header({ 4 * Int($0.processorCount) }) else { return nil }
    buffer.consume(MemoryLayout<Header>.size)
    (rank, isSpawned, processors) = (Int(header.rank), header.isSpawned, [])
    self.descriptors = descriptors
    for _ in 0..<header.processorCount {
      processors.append(Int(buffer.front(as: Int32.self)))
      buffer.consume(4)
    }
  }

  init(rank: Int, isSpawned: Bool, processors: [Int], _ descriptors: Descriptors) {
    (self.rank, self.isSpawned, self.processors) = (rank, isSpawned, processors)
    self.descriptors = descriptors
  }

  // MARK: In the worker

  /// Becomes the worker: in this process, or by running the program again.
  consuming func becomeWorker() -> Never {
    dup2(descriptors.standardError, STDERR_FILENO)
    close(descriptors.standardError)
    descriptors.standardError = STDERR_FILENO
    if !processors.isEmpty { _ = bindToProcessors(processors) }
    if descriptors.folder >= 0 {
      _ = fchdir(descriptors.folder)
      close(descriptors.folder)
    }
    guard isSpawned else { run(TaskFile.code(in: descriptors.task)) }
    let error = WorkerMarker(rank: rank, descriptors: descriptors).exec()
    run(WorkerCode(failingWith: PoolError.systemCall("execv", errno: error)))
  }

  private func run(_ code: WorkerCode) -> Never {
    descriptors.run(code, rank: rank)
  }
}

extension SpawnRequest.Descriptors {
  /// Runs the life of a worker that has these descriptors.
  func run(_ code: WorkerCode, rank: Int) -> Never {
    do {
      let ring = try ReplyRing(memory: self.ring)
      for number in [self.ring, task] { close(number) }
      // So that a process which this worker forks for a pool of its own closes them.
      for number in [requests, doorbell] { OpenDescriptors.insert(number) }
      WorkerLoop(requests: requests, ring: ring, doorbell: doorbell, body: code.body)
        .run {
          try code.initializer(rank)
        } finalizer: {
          code.finalizer(rank)
        }
    } catch {
      // There is no memory to map the ring, and so nothing to report the error through.
      _exit(1)
    }
  }
}

/// An environment variable that tells a process it was started as a worker. It holds the process's own id, so that
/// programs the worker starts do not take themselves for it, then its parent's id, the rank and the descriptors.
struct WorkerMarker {
  private static let name = "PROCPOOL_WORKER"

  var rank: Int
  var descriptors: SpawnRequest.Descriptors

  /// Whether this process was started as a worker and has not yet become one.
  static var isPresent: Bool { numbers() != nil }

  /// Removes the marker from the environment and returns it, if it is this process's.
  static func take() -> WorkerMarker? {
    let found = numbers()
    // In any case: programs that this one starts must not see it.
    unsafe unsetenv(name)
    guard let found, let descriptors = SpawnRequest.Descriptors(found[3...].map { Int32(clamping: $0) }) else {
      return nil
    }
    cprocpool_obey_parent(pid_t(clamping: found[1]))
    return WorkerMarker(rank: found[2], descriptors: descriptors)
  }

  private static func numbers() -> [Int]? {
    guard let text = unsafe getenv(name).map({ unsafe String(cString: $0) }) else { return nil }
    let numbers = text.split(separator: " ").compactMap { Int($0) }
    return numbers.count > 3 && numbers[0] == Int(getpid()) ? numbers : nil
  }

  /// Becomes the worker.
  func becomeWorker() -> Never {
    for number in descriptors.numbers where number > STDERR_FILENO { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
    descriptors.run(TaskFile.code(in: descriptors.task), rank: rank)
  }

  /// Runs this program again, with the same arguments, so that its `main` takes the same path to `bootstrap()`.
  /// - Returns: the error number if that fails.
  func exec() -> Int32 {
    var kept = descriptors
    // The working directory is set already.
    kept.folder = -1
    // They are close-on-exec, and must survive this one.
    for number in kept.numbers { _ = fcntl(number, F_SETFD, 0) }
    let numbers = [Int(getpid()), Int(getppid()), rank] + kept.numbers.map { Int($0) }
    unsafe setenv(Self.name, numbers.map { String($0) }.joined(separator: " "), 1)
    // This link works even if the file has been renamed or replaced since.
    unsafe execv("/proc/self/exe", CommandLine.unsafeArgv)
    return errno
  }
}

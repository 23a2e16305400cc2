internal import CProcPool
internal import Glibc

/// What makes a worker of a process that inherits nothing of its pool: its numbers, and descriptors that travel apart from
/// them.
struct WorkerOrder {
  var rank: Int
  /// Whether it is to run the program anew.
  var isSpawned: Bool
  /// Processors to stay on; empty: any.
  var processors: [Int]
  var descriptors: Descriptors

  /// What a worker needs open.
  struct Descriptors {
    /// Where its chunks come from, and what it rings at: open for its life.
    var requests, doorbell: Int32
    /// Memory, mapped once.
    var ring, task: Int32
    /// Standard error of the pool's process, where it has one: it may have become another since `bootstrap()`.
    var standardError: Int32
    /// The working directory, -1 where the pool's process has none.
    var folder: Int32

    /// In the order in which they are sent; the last one may be missing.
    var numbers: [Int32] { [requests, doorbell, ring, task, standardError] + (folder < 0 ? [] : [folder]) }

    init?(_ numbers: some RandomAccessCollection<Int32>) {
      let numbers = Array(numbers)
      guard numbers.count >= 5 else { return nil }
      (requests, doorbell, ring) = (numbers[0], numbers[1], numbers[2])
      (task, standardError) = (numbers[3], numbers[4])
      folder = numbers.count > 5 ? numbers[5] : -1
    }
  }

  /// Begins the message of an order; the processors follow.
  struct Header: BitwiseCopyable {
    var rank: Int32
    var isSpawned: Bool
    var processorCount: Int32
  }

  /// The numbers as a message.
  func append(to buffer: inout ByteBuffer) {
    // More than the kernel counts would only make the message long; to bind to those others has no effect.
    let known = Set(processors).filter { (0..<1024).contains($0) }
    let header = Header(rank: Int32(rank), isSpawned: isSpawned, processorCount: Int32(known.count))
    buffer.append(memoryOf: header)
    for number in known { buffer.append(memoryOf: Int32(number)) }
  }

  /// Reads a message of `append`.
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

  /// Becomes the worker, in this program or in one that runs anew.
  consuming func carryOut() -> Never {
    dup2(descriptors.standardError, STDERR_FILENO)
    close(descriptors.standardError)
    descriptors.standardError = STDERR_FILENO
    if !processors.isEmpty { _ = bindToProcessors(processors) }
    if descriptors.folder >= 0 {
      _ = fchdir(descriptors.folder)
      close(descriptors.folder)
    }
    guard isSpawned else { run(TaskFile.code(in: descriptors.task)) }
    let error = WorkerMarker(rank: rank, descriptors: descriptors).execute()
    run(WorkerCode(failingWith: PoolError.systemCall("execv", errno: error)))
  }

  private func run(_ code: WorkerCode) -> Never {
    descriptors.run(code, rank: rank)
  }
}

extension WorkerOrder.Descriptors {
  /// The life of a worker that has these descriptors.
  func run(_ code: WorkerCode, rank: Int) -> Never {
    do {
      let ring = try ReplyRing(memory: self.ring)
      for number in [self.ring, task] { close(number) }
      // A process that this worker forks must not hold them.
      for number in [requests, doorbell] { OpenDescriptors.insert(number) }
      WorkerLoop(requests: requests, ring: ring, doorbell: doorbell, body: code.body)
        .run {
          try code.initializer(rank)
        } finalizer: {
          code.finalizer(rank)
        }
    } catch {
      // Nothing to say it with: no memory to map the ring.
      _exit(1)
    }
  }
}

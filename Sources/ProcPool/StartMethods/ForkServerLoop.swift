internal import CProcPool
internal import Glibc
internal import Synchronization

/// The life of the fork server: takes orders and makes a worker for each, until the program that it serves closes the
/// socket or ends. It has one thread for ever, and no children: workers are its siblings.
struct ForkServerLoop: ~Copyable {
  private let socket: Int32
  /// Whose children the workers are.
  private let program: pid_t
  /// Where the program looks for the worker that a server made which did not live to answer.
  private let memory: SharedMapping

  /// - Parameter socket: open for the life of the process.
  init(socket: Int32, program: pid_t, memory: consuming SharedMapping) {
    self.socket = socket
    self.program = program
    self.memory = memory
  }

  /// What the server says to an order.
  struct Answer: BitwiseCopyable {
    /// The worker, negative if there is none.
    var pid: Int32
    /// Why there is none.
    var errorNumber: Int32
  }

  func run() -> Never {
    while serveOne() {}
    _exit(0)
  }

  /// - Returns: whether there was an order.
  private func serveOne() -> Bool {
    var message = ByteBuffer(capacity: 8192)
    var numbers = [Int32](repeating: -1, count: Int(CPROCPOOL_MAX_DESCRIPTORS))
    var count: Int32 = 0
    guard message.receive(from: socket, &numbers, &count) > 0 else { return false }
    let received = numbers.prefix(Int(count))
    defer { for number in received { close(number) } }
    // The kernel drops those that this process may not have as well.
    guard let descriptors = WorkerOrder.Descriptors(received), let order = WorkerOrder(from: &message, descriptors)
    else { return answer(Answer(pid: -1, errorNumber: EMFILE)) }
    let pid = unsafe cprocpool_fork_sibling(program, memory.base.assumingMemoryBound(to: Int32.self))
    let error = errno
    if pid == 0 {
      close(socket)
      order.carryOut()
    }
    return answer(Answer(pid: pid, errorNumber: error))
  }

  private func answer(_ answer: Answer) -> Bool {
    var answer = answer
    return unsafe cprocpool_send(socket, &answer, MemoryLayout<Answer>.size, nil, 0) > 0
  }
}

extension ByteBuffer {
  /// Receives one message into the free memory, and the descriptors beside it.
  fileprivate mutating func receive(from socket: Int32, _ descriptors: inout [Int32], _ count: inout Int32) -> Int {
    var bytes = [UInt8](repeating: 0, count: 8192)
    let received = retryingOnInterrupt { unsafe cprocpool_receive(socket, &bytes, bytes.count, &descriptors, &count) }
    if received > 0 { unsafe append(bytes.span.bytes.extracting(first: received)) }
    return received
  }
}

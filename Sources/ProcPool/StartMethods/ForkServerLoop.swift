internal import CProcPool
internal import Glibc
internal import Synchronization

/// The life of the fork server: starts a worker per request until the program closes the socket or ends. It never has a
/// second thread, and has no children: the workers are its siblings.
struct ForkServerLoop: ~Copyable {
  private let socket: Int32
  /// The parent of the workers.
  private let program: pid_t
  /// Where the kernel writes the id of each new worker, for the program to find if this server dies.
  private let memory: SharedMapping

  /// - Parameter socket: open for the life of the process.
  init(socket: Int32, program: pid_t, memory: consuming SharedMapping) {
    self.socket = socket
    self.program = program
    self.memory = memory
  }

  /// The reply to a request.
  struct Answer: BitwiseCopyable {
    /// The worker; negative if there is none.
    var pid: Int32
    /// Why there is none.
    var errorNumber: Int32
  }

  func run() -> Never {
    while serveOne() {}
    _exit(0)
  }

  /// - Returns: false at the end of the socket.
  private func serveOne() -> Bool {
    var message = ByteBuffer(capacity: 8192)
    var numbers = [Int32](repeating: -1, count: Int(CPROCPOOL_MAX_DESCRIPTORS))
    var count: Int32 = 0
    guard message.receive(from: socket, &numbers, &count) > 0 else { return false }
    let received = numbers.prefix(Int(count))
    defer { for number in received { close(number) } }
    // Too few have arrived: the kernel silently drops descriptors that exceed this process's limit.
    guard let descriptors = SpawnRequest.Descriptors(received), let request = SpawnRequest(from: &message, descriptors)
    else { return answer(Answer(pid: -1, errorNumber: EMFILE)) }
    let pid = unsafe cprocpool_fork_sibling(program, memory.pointer(at: 0, to: Int32.self))
    let error = errno
    if pid == 0 {
      close(socket)
      request.becomeWorker()
    }
    return answer(Answer(pid: pid, errorNumber: error))
  }

  private func answer(_ answer: Answer) -> Bool {
    var answer = answer
    return unsafe cprocpool_send(socket, &answer, MemoryLayout<Answer>.size, nil, 0) > 0
  }
}

extension ByteBuffer {
  /// Receives one message and the descriptors that travel with it. 8 KiB: a request for 1024 processors has 4 KiB and
  /// more.
  fileprivate mutating func receive(from socket: Int32, _ descriptors: inout [Int32], _ count: inout Int32) -> Int {
    var bytes = [UInt8](repeating: 0, count: 8192)
    let received = retryingOnInterrupt { unsafe cprocpool_receive(socket, &bytes, bytes.count, &descriptors, &count) }
    if received > 0 { unsafe append(bytes.span.bytes.extracting(first: received)) }
    return received
  }
}

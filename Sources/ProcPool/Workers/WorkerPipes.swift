internal import CProcPool
internal import Glibc

/// How workers wake their parent while it sleeps: one pipe for the whole pool.
///
/// Writing to it never blocks, and its bytes carry no information, so a worker that dies while writing does no harm. It
/// is a pipe rather than an eventfd because a pipe can tell two more things: its identity, if a body has closed it and
/// another file has its number (`DescriptorWatch`); and that the parent is gone, since the parent alone has the reading
/// end.
final class Doorbell {
  private let pipe: Pipe

  init() throws(PoolError) {
    pipe = try Pipe()
    cprocpool_set_nonblocking(pipe.reading.number)
    cprocpool_set_nonblocking(pipe.writingNumber)
  }

  /// Readable once a worker has rung.
  var descriptor: Int32 { pipe.reading.number }

  /// The end that workers ring at.
  var workersEnd: Int32 { pipe.writingNumber }

  /// Consumes the rings so far.
  func drain() {
    var bytes: [256 of UInt8] = .init(repeating: 0)
    var span = bytes.mutableSpan
    unsafe span.withUnsafeMutableBufferPointer { buffer in
      while unsafe read(descriptor, buffer.baseAddress, buffer.count) == buffer.count {}
    }
  }
}

/// The doorbell as a worker has it: the writing end of the pipe.
struct DoorbellEnd {
  private let descriptor: Int32

  /// - Parameter descriptor: open for the life of the process, unless a body closes it.
  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Wakes the parent. A worker that cannot exits, which wakes the parent too; its finished replies are in its ring.
  func ring() {
    var byte: UInt8 = 1
    if retryingOnInterrupt({ unsafe write(descriptor, &byte, 1) }) == 1 { return }
    if errno == EAGAIN { return }  // a full pipe wakes the parent just as well
    // EBADF: a body closed it. EPIPE: the parent has no reading end any more.
    (errno == EBADF ? WorkerExit.descriptorsClosed : .orphaned).leave()
  }

  /// Exits if the pipe has no reader any more: the parent has died or become another program, and the kernel did not
  /// kill this process with it, as after a change of user.
  func leaveIfOrphaned() {
    var entry = pollfd(fd: descriptor, events: 0, revents: 0)
    guard unsafe poll(&entry, 1, 0) > 0, entry.revents & Int16(POLLERR) != 0 else { return }
    WorkerExit.orphaned.leave()
  }
}

/// What a worker owes its parent while it waits outside the pool's own code, in a `SharedQueue` say.
enum WaitingWorker {
  /// Invariant: both are set once, before the first task, while the process has one thread.
  nonisolated(unsafe) static var doorbell: DoorbellEnd?
  nonisolated(unsafe) static var ring: ReplyRing?
  /// How long a worker may wait between two calls of `goOn`: short beside any limit on the time of a task.
  static let sliceNanoseconds: UInt64 = 100_000_000

  /// Exits a worker whose parent is gone; otherwise lets the time of its task begin again, which is not that of whoever
  /// keeps it waiting. In any other process it does nothing.
  static func goOn() {
    unsafe doorbell?.leaveIfOrphaned()
    unsafe ring?.noteBegin(at: monotonicNanoseconds())
  }
}

/// The worker's end of the pipe that carries its chunks.
struct RequestPipe {
  private let descriptor: Int32
  private let doorbell: DoorbellEnd
  /// How often a worker checks for its parent while the kernel would not kill it with its parent. Usually the pipe's
  /// end of file tells, but a fork of the parent may hold a copy of the writing end.
  private static let lookMilliseconds: Int32 = 1000

  init(descriptor: Int32, doorbell: DoorbellEnd) { (self.descriptor, self.doorbell) = (descriptor, doorbell) }

  /// Waits for bytes and appends them.
  /// - Parameter isLooking: whether to check for the parent now and then, at the cost of a system call.
  /// - Returns: false when the parent has closed the pipe.
  func fill(_ buffer: inout ByteBuffer, isLooking: Bool) -> Bool {
    if isLooking {
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      while unsafe poll(&entry, 1, Self.lookMilliseconds) <= 0 { doorbell.leaveIfOrphaned() }
    }
    let count = buffer.fill(from: descriptor)
    if count < 0 && errno == EBADF { WorkerExit.descriptorsClosed.leave() }
    return count > 0
  }
}

/// Checks that a worker still has what a body could take from it: its descriptors, and the signal that kills it with
/// its parent.
///
/// A body may close descriptors that are not its own and open others. The pool's descriptors have high numbers, so a
/// file opened afterwards does not get one of them, and using a closed one fails with EBADF. Only with a thousand more
/// open might it get one. That takes a while, so checking once a millisecond is enough, where two system calls do not
/// count.
final class DescriptorWatch {
  private let descriptors: [Int32]
  private let identities: [DescriptorIdentity?]
  private var lookTime: UInt64 = 0
  /// Whether the kernel kills this process with its parent. A change of user cancels that.
  private(set) var diesWithParent = true
  private static let lookNanoseconds: UInt64 = 1_000_000

  init(descriptors: [Int32]) {
    self.descriptors = descriptors
    identities = descriptors.map { DescriptorIdentity($0) }
  }

  /// Exits if they are gone. To be called before a descriptor is used.
  func check(at now: UInt64) { if now &- lookTime > Self.lookNanoseconds { look(at: now) } }

  private func look(at now: UInt64) {
    lookTime = now
    diesWithParent = cprocpool_dies_with_parent()
    for (descriptor, identity) in zip(descriptors, identities) where DescriptorIdentity(descriptor) != identity {
      WorkerExit.descriptorsClosed.leave()
    }
  }
}

/// Why a worker exits in the middle of its life; the raw value is its exit status.
enum WorkerExit: Int32 {
  /// Its parent is gone, so the status does not matter.
  case orphaned = 0
  /// A body closed the pool's descriptors, and whatever has their numbers now must not be written to.
  case descriptorsClosed = 70  // EX_SOFTWARE

  func leave() -> Never {
    if self == .descriptorsClosed {
      unsafe cprocpool_append_stderr_tail("a task closed descriptors that belong to its pool, so this worker ends\n")
    }
    cprocpool_flush_output()
    _exit(rawValue)
  }
}

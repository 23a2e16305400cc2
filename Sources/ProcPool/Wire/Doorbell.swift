internal import CProcPool
internal import Glibc

/// What workers wake their parent by while it waits: one pipe for all of a pool.
///
/// Writing to it never blocks, and what is written says nothing, so a worker that dies at it leaves nothing behind. It is a
/// pipe and not an event counter for two things that only a pipe tells: which one it is, where a body has closed it and
/// something else has its number (`DescriptorWatch`); and that nobody is left to read from it, since the parent alone has the reading end.
final class Doorbell {
  private let pipe: Pipe

  init() throws(PoolError) {
    pipe = try Pipe()
    cprocpool_set_nonblocking(pipe.reading.number)
    cprocpool_set_nonblocking(pipe.writingNumber)
  }

  /// Readable once it has been rung.
  var descriptor: Int32 { pipe.reading.number }

  /// What workers ring by.
  var workersEnd: Int32 { pipe.writingNumber }

  /// Takes note that it has been rung.
  func silence() {
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

  /// - Parameter descriptor: open for the life of the process, unless a body closes what is not its own.
  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Wakes the parent. A worker that cannot leaves, which wakes it; what it had finished is found in its ring.
  func ring() {
    var byte: UInt8 = 1
    if retryingOnInterrupt({ unsafe write(descriptor, &byte, 1) }) == 1 { return }
    if errno == EAGAIN { return }  // a full pipe wakes the parent as well
    (errno == EBADF ? WorkerExit.descriptorsClosed : .orphaned).leave()
  }

  /// Leaves, where nobody would hear it ring: the parent has died or become another program, and the signal that tells of
  /// that did not come, as after a change of user.
  func leaveIfOrphaned() {
    var entry = pollfd(fd: descriptor, events: 0, revents: 0)
    guard unsafe poll(&entry, 1, 0) > 0, entry.revents & Int16(POLLERR) != 0 else { return }
    WorkerExit.orphaned.leave()
  }
}

/// Where waits of a worker that are not the pool's own look whether there still is a parent.
enum OrphanWatch {
  /// Set once, before the first task, in a process that has one thread then.
  nonisolated(unsafe) static var doorbell: DoorbellEnd?

  /// Leaves a worker whose parent has ended; in any other process nothing.
  static func leaveIfOrphaned() { unsafe doorbell?.leaveIfOrphaned() }
}

internal import CProcPool
internal import Glibc

/// The end of a pipe that a worker's chunks arrive on.
struct RequestPipe {
  private let descriptor: Int32
  private let identity: DescriptorIdentity?
  private let doorbell: DoorbellEnd
  /// The process that the worker works for; one that dies is replaced by another parent.
  private let parent = getppid()
  /// So long nobody looks whether there still is a parent: its end closes the pipe, unless a fork of it holds a copy.
  private static let lookMilliseconds: Int32 = 5000

  init(descriptor: Int32, doorbell: DoorbellEnd) {
    (self.descriptor, self.doorbell) = (descriptor, doorbell)
    identity = DescriptorIdentity(descriptor)
  }

  /// Waits for bytes and appends those that there are.
  /// - Returns: false once the parent has closed the pipe.
  func fill(_ buffer: inout ByteBuffer) -> Bool {
    // A body may have closed the pipe: what it opened under this number is not to be read, let alone believed.
    guard DescriptorIdentity(descriptor) == identity else { WorkerExit.descriptorsClosed.leave() }
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while unsafe poll(&entry, 1, Self.lookMilliseconds) <= 0 {
      if getppid() != parent { WorkerExit.orphaned.leave() }
      doorbell.leaveIfOrphaned()
    }
    return buffer.fill(from: descriptor) > 0
  }
}

/// Where waits of a worker that are not the pool's own look whether there still is a parent.
enum OrphanWatch {
  /// Set once, before the first task, in a process that has one thread then.
  nonisolated(unsafe) static var doorbell: DoorbellEnd?

  /// Leaves a worker whose parent has ended; in any other process nothing.
  static func leaveIfOrphaned() { unsafe doorbell?.leaveIfOrphaned() }
}

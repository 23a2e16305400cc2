internal import CProcPool
internal import Glibc

/// The end of a pipe that a worker's chunks arrive on.
struct RequestPipe {
  private let descriptor: Int32
  private let doorbell: DoorbellEnd
  /// So long nobody looks whether there still is a parent, where its end is not told by a signal: it closes the pipe, unless a
  /// fork of it holds a copy.
  private static let lookMilliseconds: Int32 = 1000

  init(descriptor: Int32, doorbell: DoorbellEnd) { (self.descriptor, self.doorbell) = (descriptor, doorbell) }

  /// Waits for bytes and appends those that there are.
  /// - Parameter isLooking: whether to look for the parent now and then, at the price of a system call.
  /// - Returns: false once the parent has closed the pipe.
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

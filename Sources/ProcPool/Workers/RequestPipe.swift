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

/// What a worker holds that a body could take from it: its descriptors, and the signal that ends it with its parent.
///
/// A body may close descriptors that are not its own, and open others. The pool's have high numbers, so that what is opened
/// then is not taken for them: using them is an error. Only after a thousand more are open might one have such a number. That
/// takes a while, so it is enough to look at them when a while has passed, where two system calls are nothing beside it.
final class WorkerBelongings {
  private let descriptors: [Int32]
  private let identities: [DescriptorIdentity?]
  private var lookTime: UInt64 = 0
  /// Whether the process ends with its parent whatever it waits for.
  private(set) var diesWithParent = true
  private static let lookNanoseconds: UInt64 = 1_000_000

  init(descriptors: [Int32]) {
    self.descriptors = descriptors
    identities = descriptors.map { DescriptorIdentity($0) }
  }

  /// Leaves where they are no longer there. To be asked before a descriptor is used.
  func check(at now: UInt64) { if now &- lookTime > Self.lookNanoseconds { look(at: now) } }

  private func look(at now: UInt64) {
    lookTime = now
    diesWithParent = cprocpool_dies_with_parent()
    for (descriptor, identity) in zip(descriptors, identities) where DescriptorIdentity(descriptor) != identity {
      WorkerExit.descriptorsClosed.leave()
    }
  }
}

/// Where waits of a worker that are not the pool's own look whether there still is a parent.
enum OrphanWatch {
  /// Set once, before the first task, in a process that has one thread then.
  nonisolated(unsafe) static var doorbell: DoorbellEnd?

  /// Leaves a worker whose parent has ended; in any other process nothing.
  static func leaveIfOrphaned() { unsafe doorbell?.leaveIfOrphaned() }
}

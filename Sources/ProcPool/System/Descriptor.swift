internal import CProcPool
internal import Glibc
internal import Synchronization

/// The descriptors that belong to the pools of this process. A forked child closes all of them but its own: if a
/// sibling held a copy of the parent's end of a pipe, no end of file would ever be seen.
enum OpenDescriptors {
  /// Locked because several threads may have pools. No fork copies it locked: a process that forks has one thread.
  private static let numbers = Mutex<Set<Int32>>([])

  static func insert(_ number: Int32) { numbers.withLock { _ = $0.insert(number) } }

  static func remove(_ number: Int32) { numbers.withLock { _ = $0.remove(number) } }

  /// In a worker: gives a descriptor that it keeps a high number; see `DescriptorWatch`.
  static func moveUp(_ number: Int32) -> Int32 {
    remove(number)
    let moved = cprocpool_move_up(number)
    insert(moved)
    return moved
  }

  static func closeAll(but kept: [Int32]) {
    numbers.withLock { numbers in
      for number in numbers where !kept.contains(number) { close(number) }
      numbers.formIntersection(kept)
    }
  }
}

/// The owner of one open descriptor.
struct Descriptor: ~Copyable {
  let number: Int32
  private let owner = ProcessIdentity.current

  init(owning number: Int32) {
    self.number = number
    OpenDescriptors.insert(number)
  }

  /// A copy in a child closes nothing: the child has closed that number already, and another file may have it by now.
  deinit {
    guard owner.isCurrent else { return }
    OpenDescriptors.remove(number)
    close(number)
  }
}

/// A pipe, close-on-exec, whose writing end may be closed first.
struct Pipe: ~Copyable {
  let reading: Descriptor
  private var writing: Descriptor?
  /// The writing end's descriptor; -1 once it is closed.
  private(set) var writingNumber: Int32

  init() throws(PoolError) {
    var ends: [Int32] = [-1, -1]
    guard unsafe cprocpool_pipe(&ends) == 0 else { throw .systemCall("pipe2", errno: errno) }
    reading = Descriptor(owning: ends[0])
    writing = Descriptor(owning: ends[1])
    writingNumber = ends[1]
  }

  mutating func closeWriting() {
    writing = nil
    writingNumber = -1
  }
}

/// Device and inode of what a descriptor refers to. If a body closes a descriptor that is not its own, the number goes
/// to the next file that is opened, and only these tell the difference.
struct DescriptorIdentity: Equatable {
  private var device: UInt64 = 0
  private var inode: UInt64 = 0

  /// `nil` if it is not open.
  init?(_ descriptor: Int32) {
    var identity: [2 of UInt64] = [0, 0]
    var span = identity.mutableSpan
    let isOpen = unsafe span.withUnsafeMutableBufferPointer { unsafe cprocpool_identity(descriptor, $0.baseAddress) }
    guard isOpen else { return nil }
    (device, inode) = (identity[0], identity[1])
  }
}

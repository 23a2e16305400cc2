internal import CProcPool
internal import Glibc
internal import Synchronization

/// Descriptors that belong to the pools of this process. A forked child closes all of them but its own: a copy of a
/// parent's end, held by a sibling, would keep an end of file from being seen.
enum OpenDescriptors {
  /// Pools of several threads use it. No fork finds it locked: whoever forks has one thread.
  private static let numbers = Mutex<Set<Int32>>([])

  static func insert(_ number: Int32) { numbers.withLock { _ = $0.insert(number) } }

  static func remove(_ number: Int32) { numbers.withLock { _ = $0.remove(number) } }

  /// In a worker: gives a descriptor that it keeps a high number.
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

  /// A copy in a child closes nothing: its number has been closed after the fork and may be another descriptor by now.
  deinit {
    guard owner.isCurrent else { return }
    OpenDescriptors.remove(number)
    close(number)
  }
}

/// A pipe, close-on-exec, whose writing end may be closed before the rest.
struct Pipe: ~Copyable {
  let reading: Descriptor
  private var writing: Descriptor?
  /// The descriptor of the writing end; -1 once it is closed.
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

/// What a descriptor stood for when it was looked at last. A body may close descriptors that are not its own, and the number
/// is then given to whatever is opened next.
struct DescriptorIdentity: Equatable {
  private var device: UInt64 = 0
  private var inode: UInt64 = 0

  /// `nil` where it is not open.
  init?(_ descriptor: Int32) {
    var identity: [2 of UInt64] = [0, 0]
    var span = identity.mutableSpan
    let isOpen = unsafe span.withUnsafeMutableBufferPointer { unsafe cprocpool_identity(descriptor, $0.baseAddress) }
    guard isOpen else { return nil }
    (device, inode) = (identity[0], identity[1])
  }
}

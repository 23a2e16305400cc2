internal import CProcPool
internal import Glibc
internal import Synchronization

/// How the workers of a pool wake their parent: one descriptor for all, and a flag in shared memory that says whether
/// there is any need to, so that a worker that answers a sleeping parent pays for one system call and all others none.
/// Beside it, which calls are given up.
///
/// Writing to it never blocks and changes nothing but a number, so a worker that dies at it leaves nothing behind.
@safe
final class Doorbell {
  private let mapping: SharedMapping
  private let isParentAsleep: UnsafeMutablePointer<Atomic<UInt32>>
  /// A bit per call, by its number modulo their count: far more than are ever under way.
  private let givenUp: UnsafeMutablePointer<Atomic<UInt64>>
  private let owner: Descriptor

  /// In the parent of workers that do not inherit the mapping, what they are given instead.
  private let memory: MemoryFile?

  private static let wordCount = 512
  private static let byteCount = 64 + 8 * wordCount

  /// Parent.
  /// - Parameter isInherited: whether its workers are forks of this process.
  convenience init(isInherited: Bool) throws(PoolError) {
    let number = cprocpool_eventfd()
    guard number >= 0 else { throw .systemCall("eventfd", errno: errno) }
    try self.init(Descriptor(owning: number), isInherited ? nil : MemoryFile(byteCount: Self.byteCount), nil)
  }

  /// Worker that inherits nothing.
  /// - Parameter memory: the parent's `memoryDescriptor`, which may be closed behind this.
  convenience init(memory: Int32, descriptor: Int32) throws(PoolError) {
    try self.init(Descriptor(owning: descriptor), nil, memory)
  }

  private init(_ owner: consuming Descriptor, _ memory: MemoryFile?, _ given: Int32?) throws(PoolError) {
    mapping = try SharedMapping(byteCount: Self.byteCount, descriptor: given ?? memory?.descriptor.number)
    unsafe givenUp = mapping.word(at: 64)
    unsafe isParentAsleep = mapping.base.bindMemory(to: Atomic<UInt32>.self, capacity: 1)
    self.owner = owner
    self.memory = memory
  }

  /// Readable once it has rung.
  var descriptor: Int32 { owner.number }

  /// Parent: stands for the memory; -1 where workers inherit it.
  var memoryDescriptor: Int32 { memory?.descriptor.number ?? -1 }

  /// Parent: from now on workers ring. What they published before must be looked for after this.
  func beginSleep() { unsafe isParentAsleep.pointee.store(1, ordering: .sequentiallyConsistent) }

  /// Parent: it is awake and looks for itself.
  func endSleep() { unsafe isParentAsleep.pointee.store(0, ordering: .relaxed) }

  /// Parent: takes note that it has rung.
  func silence() {
    var count: UInt64 = 0
    _ = unsafe read(descriptor, &count, 8)
  }

  /// Worker: wakes the parent, if it sleeps and nobody else has woken it.
  func ring() {
    guard unsafe isParentAsleep.pointee.load(ordering: .sequentiallyConsistent) == 1,
      unsafe isParentAsleep.pointee.exchange(0, ordering: .sequentiallyConsistent) == 1
    else { return }
    var one: UInt64 = 1
    // A worker that cannot wake its parent leaves, which wakes it; what it had finished is found in its ring.
    if retryingOnInterrupt({ unsafe write(descriptor, &one, 8) }) != 8 { _exit(1) }
  }

  // MARK: Calls that are given up

  /// Parent: says whether tasks of a call are still to be begun.
  func setGivenUp(_ call: CallID, _ isGivenUp: Bool) {
    let (word, bit) = place(of: call)
    let old = unsafe givenUp[word].load(ordering: .relaxed)
    unsafe givenUp[word].store(isGivenUp ? old | bit : old & ~bit, ordering: .sequentiallyConsistent)
  }

  /// Worker: whether a call is given up. Asked after the begin of a task is noted: so either the worker sees that the
  /// call is given up, or the parent sees that the task has begun.
  @safe
  struct GivenUpBit {
    fileprivate let word: UnsafeMutablePointer<Atomic<UInt64>>
    fileprivate let bit: UInt64

    var isSet: Bool { unsafe word.pointee.load(ordering: .sequentiallyConsistent) & bit != 0 }
  }

  /// Worker: where it is said whether a call is given up.
  func givenUpBit(of call: CallID) -> GivenUpBit {
    let (word, bit) = place(of: call)
    return unsafe GivenUpBit(word: givenUp + word, bit: bit)
  }

  private func place(of call: CallID) -> (word: Int, bit: UInt64) {
    let index = Int(call.number) % (64 * Self.wordCount)
    return (index / 64, 1 << UInt64(index % 64))
  }
}

internal import CProcPool
internal import Glibc
internal import Synchronization

/// Memory that processes share: the owner of a mapping, and the only place that turns offsets into pointers.
///
/// Invariant: `base` points to `byteCount` mapped bytes until `deinit`. Each type that lies in a mapping owns it or is
/// owned beside it, and gets its words and bytes through `word`, `pointer` and `withBytes`, which check the bounds.
/// What may be written by whom, and when, is each type's own contract: see `ReplyRing`, `ClaimTable`, `SharedQueue` and
/// `SharedArray`.
@safe
package struct SharedMapping: ~Copyable {
  private let base: UnsafeMutableRawPointer
  let byteCount: Int
  private let owner = ProcessIdentity.current

  /// Maps zeroed memory that every child forked later shares with this process; or, with a descriptor, that file's
  /// memory.
  package init(byteCount: Int, descriptor: Int32? = nil) throws(PoolError) {
    guard let base = unsafe cprocpool_map_shared(byteCount, descriptor ?? -1) else {
      throw .systemCall("mmap", errno: errno)
    }
    unsafe self.base = base
    self.byteCount = byteCount
  }

  /// In a child, something else may be mapped at that address by now.
  deinit { if owner.isCurrent { unsafe munmap(base, byteCount) } }

  /// Processes forked from now on do not inherit it.
  func keepFromForks() { unsafe cprocpool_keep_from_forks(base, byteCount) }

  /// The word at `offset`, for processes to share. Its bytes must be zero or have been such a word before.
  func word<Value: AtomicRepresentable>(
    at offset: Int, _ type: Value.Type = UInt64.self
  ) -> UnsafeMutablePointer<Atomic<Value>> {
    unsafe pointer(at: offset, to: Atomic<Value>.self)
  }

  /// `count` values side by side from `offset` on.
  func pointer<Value: ~Copyable>(
    at offset: Int, to type: Value.Type, count: Int = 1
  ) -> UnsafeMutablePointer<Value> {
    precondition(offset >= 0 && offset % MemoryLayout<Value>.alignment == 0, "an aligned offset")
    precondition(offset + count * MemoryLayout<Value>.stride <= byteCount, "inside the mapping")
    return unsafe (base + offset).bindMemory(to: Value.self, capacity: count)
  }

  /// `count` bytes from `offset` on.
  package func bytes(at offset: Int, count: Int) -> UnsafeMutableRawBufferPointer {
    precondition(offset >= 0 && offset + count <= byteCount, "inside the mapping")
    return unsafe UnsafeMutableRawBufferPointer(start: base + offset, count: count)
  }
}

/// Memory for the public types of this folder.
///
/// It is an anonymous shared mapping: it has no name that could be left behind, no descriptor that a child could
/// inherit, and no file system with a size limit behind it, as /dev/shm has. All pages are allocated at once, so that a
/// shortage fails the program at its start and not hours later, in whichever process touches a page first.
extension SharedMapping {
  /// Maps `byteCount` zero bytes and allocates their pages.
  /// - Throws: `PoolError.systemCall`. A memory cgroup without room acts as configured, usually by SIGKILL.
  package static func populated(byteCount: Int) throws(PoolError) -> SharedMapping {
    // `mmap` refuses a length of 0.
    let mapping = try SharedMapping(byteCount: max(1, byteCount))
    try mapping.populate()
    return mapping
  }

  /// Allocates the pages that are missing and enters all of them into the page table of this process: about 1 ms for 6
  /// MB, half of what faulting them in one by one takes.
  func populate() throws(PoolError) {
    let result = unsafe madvise(base, byteCount, MADV_POPULATE_WRITE)
    // EINVAL: Linux before 5.14 does not know this advice. Pages are then allocated when they are touched.
    guard result != 0, errno != EINVAL else { return }
    throw .systemCall("madvise", errno: errno)
  }

  /// Calls `body` with the bytes of `range`.
  func withBytes<Result: ~Copyable, Failure: Error>(
    _ range: Range<Int>, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe UnsafeRawBufferPointer(bytes(at: range.lowerBound, count: range.count)).bytes)
  }

  /// Calls `body` with the bytes of `range`, for writing.
  func withMutableBytes<Result: ~Copyable, Failure: Error>(
    _ range: Range<Int>, _ body: (inout MutableRawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let memory = unsafe bytes(at: range.lowerBound, count: range.count)
    var bytes = unsafe memory.mutableBytes
    return try body(&bytes)
  }
}

/// The size of `count` parts of `each` bytes; if that overflows, a size that no machine can map.
func byteCount(_ count: Int, of each: Int) -> Int {
  let (product, isTooMuch) = count.multipliedReportingOverflow(by: each)
  return isTooMuch ? unmappable : min(product, unmappable)
}

/// More than any address space, and small enough to add to without an overflow.
private let unmappable = Int.max >> 2

/// Words that different processes write are this far apart, or each write would take the line from the others' caches.
let cacheLineByteCount = 64

/// `byteCount`, rounded up to whole cache lines.
func roundedToCacheLines(_ byteCount: Int) -> Int {
  (min(byteCount, unmappable) + cacheLineByteCount - 1) / cacheLineByteCount * cacheLineByteCount
}

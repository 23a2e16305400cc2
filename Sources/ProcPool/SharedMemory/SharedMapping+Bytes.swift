internal import Glibc

/// What the types of this folder need of the memory that they lie in.
///
/// The memory is an anonymous shared mapping: it has no name that could be left behind, no descriptor that a child could
/// inherit, and no file system with a size of its own, as /dev/shm has, behind it. All of its pages are made at once, so
/// that where there is no room the program fails at its start and not hours later, in whichever process happens to touch
/// a page first.
extension SharedMapping {
  /// Maps `byteCount` zero bytes with all of their pages.
  /// - Throws: `PoolError.systemCall`. A memory cgroup without room answers as it is set up to, as a rule by SIGKILL.
  static func populated(byteCount: Int) throws(PoolError) -> SharedMapping {
    let mapping = try SharedMapping(byteCount: max(1, byteCount))
    try mapping.populate()
    return mapping
  }

  /// Makes the pages that there are not yet, and enters all of them into the page table of this process: about 1 ms for
  /// 6 MB, instead of twice that at the first touch.
  func populate() throws(PoolError) {
    let result = unsafe madvise(base, byteCount, MADV_POPULATE_WRITE)
    // Linux before 5.14 does not know this advice: there, pages are made when they are touched.
    guard result != 0, errno != EINVAL else { return }
    throw .systemCall("madvise", errno: errno)
  }

  /// Calls `body` with the bytes of `range`.
  func withBytes<Result: ~Copyable, Failure: Error>(
    _ range: Range<Int>, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count).bytes)
  }

  /// Calls `body` with the bytes of `range`, to be written to.
  func withMutableBytes<Result: ~Copyable, Failure: Error>(
    _ range: Range<Int>, _ body: (inout MutableRawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let memory = unsafe UnsafeMutableRawBufferPointer(start: base + range.lowerBound, count: range.count)
    var bytes = unsafe memory.mutableBytes
    return try body(&bytes)
  }
}

/// A number of bytes of so many parts, each with as many; where no number says it, one that no machine has.
func byteCount(_ count: Int, of each: Int) -> Int {
  let (product, isTooMuch) = count.multipliedReportingOverflow(by: each)
  return isTooMuch ? unmappable : min(product, unmappable)
}

/// More than the address space of a process, and small enough for something to be added.
private let unmappable = Int.max >> 2

/// Distance of neighbours that are written to by different processes: a line of the processor's caches.
let cacheLineByteCount = 64

/// `byteCount`, rounded up to whole cache lines.
func roundedToCacheLines(_ byteCount: Int) -> Int {
  (min(byteCount, unmappable) + cacheLineByteCount - 1) / cacheLineByteCount * cacheLineByteCount
}

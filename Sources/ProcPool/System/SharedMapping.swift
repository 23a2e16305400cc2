internal import CProcPool
internal import Glibc
internal import Synchronization

/// Memory that processes share.
@safe
package struct SharedMapping: ~Copyable {
  let base: UnsafeMutableRawPointer
  let byteCount: Int
  private let owner = ProcessIdentity.current

  /// Zeroed memory that every child forked later shares with this process; with a descriptor, the memory that it stands for.
  package init(byteCount: Int, descriptor: Int32? = nil) throws(PoolError) {
    guard let base = unsafe cprocpool_map_shared(byteCount, descriptor ?? -1) else {
      throw .systemCall("mmap", errno: errno)
    }
    unsafe self.base = base
    self.byteCount = byteCount
  }

  /// In a child, something else may lie at that address.
  deinit { if owner.isCurrent { unsafe munmap(base, byteCount) } }

  /// Processes forked from now on do not have it.
  func keepFromForks() { unsafe cprocpool_keep_from_forks(base, byteCount) }

  /// The eight bytes at `offset` as a word that processes share.
  func word(at offset: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    precondition(offset % 8 == 0 && offset + 8 <= byteCount, "an aligned word inside the mapping")
    return unsafe (base + offset).bindMemory(to: Atomic<UInt64>.self, capacity: 1)
  }
}

internal import CProcPool
internal import Glibc

/// Memory that a descriptor stands for, so that a process which does not inherit it can be given it.
final class MemoryFile {
  let descriptor: Descriptor

  /// Zeroed memory of so many bytes.
  init(byteCount: Int = 0) throws(PoolError) {
    let number = cprocpool_memory_file()
    guard number >= 0 else { throw .systemCall("memfd_create", errno: errno) }
    descriptor = Descriptor(owning: number)
    guard ftruncate(number, off_t(byteCount)) == 0 else { throw .systemCall("ftruncate", errno: errno) }
  }

  /// Appends all of `bytes`.
  func write(_ bytes: consuming ByteBuffer) throws(PoolError) {
    var bytes = bytes
    while !bytes.isEmpty {
      guard bytes.drain(to: descriptor.number) > 0 else { throw .systemCall("write", errno: errno) }
    }
  }
}

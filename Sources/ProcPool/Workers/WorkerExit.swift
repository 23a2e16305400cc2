internal import CProcPool
internal import Glibc

/// Why a worker ends of itself in the middle of its life. The number is its exit status.
enum WorkerExit: Int32 {
  /// There is no parent any longer: nobody looks at the status.
  case orphaned = 0
  /// A body closed descriptors that are not its own, and what has their numbers now must not be written to.
  case descriptorsClosed = 70  // EX_SOFTWARE

  func leave() -> Never {
    if self == .descriptorsClosed {
      unsafe cprocpool_say_last("a task closed descriptors that belong to its pool, so this worker ends\n")
    }
    cprocpool_flush_output()
    _exit(rawValue)
  }
}

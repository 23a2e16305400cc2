internal import CProcPool

/// A process, told from every other of its line, forks that a program makes by itself included. What belongs to one process
/// remembers it: a copy in a child must neither use nor release it.
struct ProcessIdentity: Equatable {
  private let number: UInt64

  /// The calling process; a load, where `getpid` is a system call.
  static var current: ProcessIdentity { ProcessIdentity(number: cprocpool_process()) }

  var isCurrent: Bool { self == .current }
}

internal import CProcPool

/// A process, told from every other of its line, forks that a program makes by itself included. What belongs to one process
/// remembers it: a copy in a child must neither use nor release it.
struct ProcessIdentity: Equatable {
  private let number: UInt64

  /// The calling process; a load, where `getpid` is a system call.
  static var current: ProcessIdentity { ProcessIdentity(number: cprocpool_process()) }

  var isCurrent: Bool { self == .current }
}

/// Tells, for the price of a load, a process from those that are forked from it later.
@safe
struct ForkCheck {
  private let word: UnsafePointer<UInt64>?
  private let number = cprocpool_process()

  init() { unsafe word = cprocpool_process_word() }

  /// Whether this is still the process that made it.
  var isSame: Bool { unsafe word.map { unsafe $0.pointee == number } ?? (cprocpool_process() == number) }
}

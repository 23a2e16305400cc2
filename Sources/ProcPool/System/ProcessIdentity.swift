internal import CProcPool

/// The identity of a process: no process before or after it has the same, including forks that the program makes
/// itself. What belongs to one process remembers it, because a copy in a child must neither be used nor released.
struct ProcessIdentity: Equatable {
  private let number: UInt64

  /// The calling process. Costs a load, where `getpid` is a system call.
  static var current: ProcessIdentity { ProcessIdentity(number: cprocpool_process()) }

  var isCurrent: Bool { self == .current }
}

/// Tells, for the price of a load, a process from its later forks.
///
/// Invariant: `word` points into a page that is never unmapped. The kernel clears it in every fork, so it is read
/// each time.
@safe
struct ForkCheck {
  private let word: UnsafePointer<UInt64>?
  private let number = cprocpool_process()

  init() { unsafe word = cprocpool_process_word() }

  /// Whether this is still the process that made it.
  var isSame: Bool { unsafe word.map { unsafe $0.pointee == number } ?? (cprocpool_process() == number) }
}

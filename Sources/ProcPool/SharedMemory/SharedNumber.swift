internal import Synchronization

/// A number that a process shares with every child forked after it was made. Any of them may change it in one atomic
/// step, so a process that dies leaves it as it was before or after a change.
///
/// Unchecked `Sendable`, as the compiler cannot know that only an atomic word is shared. Invariant: `word` lies in
/// `mapping`, which lives as long as this object.
@safe
public final class SharedNumber: @unchecked Sendable {
  private let mapping: SharedMapping
  private let word: UnsafeMutablePointer<Atomic<UInt64>>

  /// Maps the number, which is 0. Make it before the processes that are to share it are forked.
  /// - Throws: `PoolError.systemCall` if there is no memory for it.
  public init() throws(PoolError) {
    mapping = try SharedMapping.populated(byteCount: MemoryLayout<UInt64>.stride)
    unsafe word = mapping.word(at: 0)
  }

  /// The current number.
  public var value: UInt64 { unsafe word.pointee.load(ordering: .sequentiallyConsistent) }

  /// Replaces the number with what `change` makes of it. `change` is called again if another process changed the number
  /// meanwhile.
  /// - Returns: the new number.
  @discardableResult
  public func update(_ change: (UInt64) -> UInt64) -> UInt64 {
    var old = value
    while true {
      let new = change(old)
      let (exchanged, original) = unsafe word.pointee.compareExchange(
        expected: old, desired: new, ordering: .sequentiallyConsistent)
      if exchanged { return new }
      old = original
    }
  }
}

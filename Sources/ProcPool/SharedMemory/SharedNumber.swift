internal import Synchronization

/// A number that a process shares with every child forked after it was made, and that any of them changes in one step: a
/// process that dies leaves it as it was before or after a change.
///
/// Unchecked `Sendable`, as the compiler cannot know that all that is shared is an atomic word.
@safe
public final class SharedNumber: @unchecked Sendable {
  private let mapping: SharedMapping
  private let word: UnsafeMutablePointer<Atomic<UInt64>>

  /// Maps the number, which is 0. Call it before the processes are forked that are to share it.
  /// - Throws: `PoolError.systemCall` where there is no memory for it.
  public init() throws(PoolError) {
    mapping = try SharedMapping.populated(byteCount: MemoryLayout<UInt64>.stride)
    unsafe word = mapping.word(at: 0)
  }

  /// The number as it is now.
  public var value: UInt64 { unsafe word.pointee.load(ordering: .sequentiallyConsistent) }

  /// Makes of the number what `change` makes of it; `change` is called again where another process came first.
  /// - Returns: what `change` gave last.
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

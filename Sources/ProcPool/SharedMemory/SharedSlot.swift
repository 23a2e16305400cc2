/// A slot of a `SharedArena`, as it is named in tasks and results. It is a number, not the memory.
public struct SharedSlot: Codable, Hashable, Sendable, BitwiseCopyable {
  /// Which slot of the arena, from 0.
  public let number: Int
  /// How many of its bytes, from the first, are in use.
  public var byteCount: Int

  init(number: Int, byteCount: Int) { (self.number, self.byteCount) = (number, byteCount) }
}

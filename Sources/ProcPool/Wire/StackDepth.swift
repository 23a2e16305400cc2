internal import CProcPool

/// Whether the calling thread's stack holds one more level of a value.
struct StackDepth {
  /// What is left for the errors, `deinit`s and whatever else runs at the deepest level.
  private static let reserve: UInt = 128 << 10

  private let lowest = UInt(cprocpool_stack_bottom()) + reserve

  var isExhausted: Bool { UInt(cprocpool_stack_position()) < lowest }
}

/// How far a study is.
public struct StudyProgress: Sendable {
  /// Repetitions of cells that have ended.
  public var done: Int
  /// Those that failed among them.
  public var failed: Int
  /// Repetitions of cells in all.
  public var total: Int
  /// The share of the time that is over, 0 to 1.
  public var share: Double
  /// Seconds that the rest will take; `nil` before anything is known.
  public var secondsLeft: Double?
  /// What is being done now.
  public var activity: String
}

/// Whoever wants to know how a study goes.
public struct StudyObserver {
  /// Called a few times a second.
  public var show: (StudyProgress) -> Void
  /// A sentence that must be read.
  public var say: (String) -> Void

  /// The given pair.
  public init(show: @escaping (StudyProgress) -> Void, say: @escaping (String) -> Void) {
    (self.show, self.say) = (show, say)
  }
}

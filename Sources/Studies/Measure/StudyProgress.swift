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

/// How far a study is and how long the rest of it will take: from configurations that have been measured where there are some,
/// and else from the pixels of a configuration and the cores that its ranks can use.
package struct StudyForecast {
  private let cores: Int
  private var remaining: [Configuration: Int]
  private var measured: [Configuration: [Double]] = [:]
  /// Seconds that went by for cells that have been measured since the study was begun or resumed.
  private var doneSeconds = 0.0
  private var doneWeight = 0.0

  /// - Parameter repetitions: how often each configuration is still to be run.
  package init(_ repetitions: [Configuration: Int], cores: Int) { (remaining, self.cores) = (repetitions, cores) }

  /// A configuration has ended after so many seconds, be it that it failed.
  package mutating func end(_ configuration: Configuration, seconds: Double) {
    remaining[configuration, default: 1] -= 1
    measured[configuration, default: []].append(seconds)
    doneSeconds += seconds
    doneWeight += weight(configuration)
  }

  /// Seconds that are left while a configuration has run for so many; `nil` before anything is known.
  package func secondsLeft(runningFor seconds: Double) -> Double? {
    guard doneWeight > 0 else { return nil }
    return max(0, remaining.map { Double($0.value) * expectedSeconds($0.key) }.reduce(0, +) - seconds)
  }

  /// The share of the work that is done, 0 to 1.
  package func share(runningFor seconds: Double) -> Double {
    guard let left = secondsLeft(runningFor: seconds) else { return 0 }
    let done = doneSeconds + seconds
    return done + left > 0 ? done / (done + left) : 1
  }

  private func expectedSeconds(_ configuration: Configuration) -> Double {
    if let seconds = measured[configuration] { return seconds.reduce(0, +) / Double(seconds.count) }
    return weight(configuration) * doneSeconds / doneWeight
  }

  /// Grows as the time of a configuration does.
  private func weight(_ configuration: Configuration) -> Double {
    let perCopy = Double(max(1, configuration.widthPixels * configuration.heightPixels)) + 10_000
    return perCopy * Double(configuration.images * configuration.copies) / Double(min(configuration.ranks, cores))
  }
}

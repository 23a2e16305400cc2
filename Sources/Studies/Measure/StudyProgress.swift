/// Progress of a study.
package struct StudyProgress: Sendable {
  /// Repetitions that have ended, failed ones included.
  package var done: Int
  /// Repetitions that have failed.
  package var failed: Int
  /// Repetitions of all cells.
  package var total: Int
  /// Elapsed share of the expected time, 0 to 1.
  package var share: Double
  /// Expected remaining seconds; `nil` until a repetition has ended.
  package var secondsLeft: Double?
  /// The current activity.
  package var activity: String
}

/// Callbacks on the progress of a study.
package struct StudyObserver {
  /// Called a few times a second.
  package var show: (StudyProgress) -> Void
  /// Called with a sentence that the user must see.
  package var say: (String) -> Void

  package init(show: @escaping (StudyProgress) -> Void, say: @escaping (String) -> Void) {
    (self.show, self.say) = (show, say)
  }
}

/// Estimates the progress and the remaining time of a study: from earlier measurements of a configuration, or else from
/// its pixels and the cores that its ranks can use.
package struct StudyForecast {
  private let cores: Int
  private var remaining: [Configuration: Int]
  private var measured: [Configuration: [Double]] = [:]
  /// Seconds spent on cells since the study was started or resumed.
  private var doneSeconds = 0.0
  private var doneWeight = 0.0

  /// - Parameter repetitions: remaining repetitions of each configuration.
  package init(_ repetitions: [Configuration: Int], cores: Int) { (remaining, self.cores) = (repetitions, cores) }

  /// Records that a configuration has ended after `seconds`, successfully or not.
  package mutating func end(_ configuration: Configuration, seconds: Double) {
    remaining[configuration, default: 1] -= 1
    measured[configuration, default: []].append(seconds)
    doneSeconds += seconds
    doneWeight += weight(configuration)
  }

  /// Expected remaining seconds when the current configuration has run for `seconds`; `nil` until one has ended.
  package func secondsLeft(runningFor seconds: Double) -> Double? {
    guard doneWeight > 0 else { return nil }
    return max(0, remaining.map { Double($0.value) * expectedSeconds($0.key) }.reduce(0, +) - seconds)
  }

  /// Elapsed share of the expected time, 0 to 1.
  package func share(runningFor seconds: Double) -> Double {
    guard let left = secondsLeft(runningFor: seconds) else { return 0 }
    let done = doneSeconds + seconds
    return done + left > 0 ? done / (done + left) : 1
  }

  private func expectedSeconds(_ configuration: Configuration) -> Double {
    if let seconds = measured[configuration] { return seconds.reduce(0, +) / Double(seconds.count) }
    return weight(configuration) * doneSeconds / doneWeight
  }

  /// Roughly proportional to the time of a configuration.
  private func weight(_ configuration: Configuration) -> Double {
    // A copy has a cost that does not depend on its size (draws, a file, messages): about 0.1 ms, the time of up to
    // 20,000 pixels of the default pipeline. A round number of that order will do until each cell has its own time.
    let perCopy = Double(max(1, configuration.widthPixels * configuration.heightPixels)) + 10_000
    return perCopy * Double(configuration.images * configuration.copies) / Double(min(configuration.ranks, cores))
  }
}

/// How far a study is and how long the rest of it will take: from cells that have been measured where there are some,
/// and else from the pixels of a cell and the cores that its ranks can use.
package struct StudyForecast {
  private let cores: Int
  private var remaining: [Cell: Int]
  private var measured: [Cell: [Double]] = [:]
  /// Seconds that went by for cells that have been measured since the study was begun or resumed.
  private var doneSeconds = 0.0
  private var doneWeight = 0.0

  /// - Parameter repetitions: how often each cell is still to be run.
  package init(_ repetitions: [Cell: Int], cores: Int) { (remaining, self.cores) = (repetitions, cores) }

  /// A cell has ended after so many seconds, be it that it failed.
  package mutating func end(_ cell: Cell, seconds: Double) {
    remaining[cell, default: 1] -= 1
    measured[cell, default: []].append(seconds)
    doneSeconds += seconds
    doneWeight += weight(cell)
  }

  /// Seconds that are left while a cell has run for so many; `nil` before anything is known.
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

  private func expectedSeconds(_ cell: Cell) -> Double {
    if let seconds = measured[cell] { return seconds.reduce(0, +) / Double(seconds.count) }
    return weight(cell) * doneSeconds / doneWeight
  }

  /// Grows as the time of a cell does.
  private func weight(_ cell: Cell) -> Double {
    let perCopy = Double(max(1, cell.widthPixels * cell.heightPixels)) + 10_000
    return perCopy * Double(cell.images * cell.copies) / Double(min(cell.ranks, cores))
  }
}

internal import Datasets
internal import Imaging
internal import Strategies

/// What became of the labels of a run.
struct LabelTally {
  private(set) var keptCount = 0
  /// By reason.
  private(set) var droppedCounts: [LossReason: Int] = [:]
  /// Copies that were not made because they would have lost an object.
  var omittedCount = 0
  /// Broken objects in label files.
  var faultCount = 0

  mutating func add(_ outcome: LabelOutcome) {
    keptCount += outcome.keptCount
    for loss in outcome.losses { droppedCounts[loss.reason, default: 0] += 1 }
  }

  var droppedCount: Int { droppedCounts.values.reduce(0, +) }
}

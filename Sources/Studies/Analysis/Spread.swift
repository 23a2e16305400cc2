internal import Imaging

/// The median of a few numbers, and how far they lie apart.
public struct Spread: Hashable, Sendable {
  /// The number in the middle, or the mean of the two there.
  public let median: Double
  /// The smallest.
  public let min: Double
  /// The largest.
  public let max: Double

  /// The spread of at least one number.
  public init(_ values: [Double]) {
    precondition(!values.isEmpty, "a median needs a number")
    let sorted = values.sorted()
    let middle = sorted.count / 2
    median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    (min, max) = (sorted[0], sorted[sorted.count - 1])
  }

  /// Whether the two ranges have a number in common, so that a difference of the medians may be chance.
  public func overlaps(_ other: Spread) -> Bool { min <= other.max && other.min <= max }

  /// "43.7 [43.1–44.9]", or the median alone where all are the same.
  package var text: String {
    let median = NumberText.significant(median)
    return min == max ? median : "\(median) [\(NumberText.significant(min))–\(NumberText.significant(max))]"
  }
}

extension [Double] {
  var median: Double { Spread(self).median }
}

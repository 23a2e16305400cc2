/// How values are spread: their number, extremes, mean and median.
package struct Distribution: Encodable, Hashable, Sendable {
  package let count: Int
  package let minimum, median, mean, maximum: Double

  /// `nil` if there are no values. The median of an even number is the mean of the two in the middle.
  package init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    count = sorted.count
    (minimum, maximum) = (sorted[0], sorted[sorted.count - 1])
    median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    mean = sorted.reduce(0, +) / Double(sorted.count)
  }
}

/// How many values lie between neighbouring edges.
package struct Histogram: Encodable, Hashable, Sendable {
  /// Ascending, one more than counts. A value on an edge belongs to the bin above.
  package let edges: [Double]
  package let counts: [Int]

  /// Values beyond the edges are counted in the first or last bin.
  package init(_ values: [Double], edges: [Double]) {
    precondition(edges.count >= 2, "a bin has two edges")
    self.edges = edges
    var counts = [Int](repeating: 0, count: edges.count - 1)
    for value in values { counts[Self.bin(of: value, edges)] += 1 }
    self.counts = counts
  }

  private static func bin(of value: Double, _ edges: [Double]) -> Int {
    var (low, high) = (0, edges.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if edges[middle] <= value { low = middle } else { high = middle }
    }
    return low
  }

  /// With about `count` bins of the same round width, from 0 or around the values.
  package init(_ values: [Double], binsAbout count: Int, fromZero: Bool = false, wholeNumbers: Bool = false) {
    let low = fromZero ? 0 : values.min() ?? 0
    let high = max(values.max() ?? 1, low)
    let width = Self.roundWidth(atLeast: (high - low) / Double(count), wholeNumbers: wholeNumbers)
    let first = (low / width).rounded(.down)
    let binCount = max(1, Int((high / width).rounded(.down) - first) + 1)
    self.init(values, edges: (0...binCount).map { (first + Double($0)) * width })
  }

  /// The least of 1, 2, 5, 10, … times a power of ten.
  private static func roundWidth(atLeast least: Double, wholeNumbers: Bool) -> Double {
    var power = wholeNumbers ? 1.0 : 1e-6
    while power < 1e12 {
      if let step = [1.0, 2, 5].first(where: { $0 * power >= least }) { return step * power }
      power *= 10
    }
    return power
  }

  /// With bins that grow by the same factor: edges from `low` to `high`, both powers of `base`.
  package init(_ values: [Double], logarithmic base: Double, from low: Int, to high: Int, perPower count: Int) {
    let root = Self.root(count, of: base)
    var edges: [Double] = []
    for power in low..<high {
      var edge = Self.power(base, power)
      for _ in 0..<count {
        edges.append(edge)
        edge *= root
      }
    }
    self.init(values, edges: edges + [Self.power(base, high)])
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    let power = (0..<abs(exponent)).reduce(1.0) { product, _ in product * base }
    return exponent < 0 ? 1 / power : power
  }

  /// For counts of 1, 2 and 4, by square roots alone, which are the same on every machine.
  private static func root(_ count: Int, of base: Double) -> Double {
    precondition([1, 2, 4].contains(count), "roots that are made of square roots")
    return count == 1 ? base : count == 2 ? base.squareRoot() : base.squareRoot().squareRoot()
  }
}

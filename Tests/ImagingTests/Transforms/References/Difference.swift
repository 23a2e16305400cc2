import Glibc

/// The difference between two arrays of pixels.
struct Difference: CustomStringConvertible {
  private(set) var largest = 0
  private(set) var decibels = Double.infinity
  private var values = 0
  private var differing = 0
  private var cases = 0

  init() {}

  init(_ first: [UInt8], _ second: [UInt8]) {
    precondition(first.count == second.count, "as many values")
    var squares = 0
    for (one, other) in zip(first, second) where one != other {
      let distance = abs(Int(one) - Int(other))
      (largest, differing, squares) = (max(largest, distance), differing + 1, squares + distance * distance)
    }
    (values, cases) = (first.count, 1)
    if squares > 0 { decibels = 10 * log10(255 * 255 * Double(values) / Double(squares)) }
  }

  /// Share of the values that differ.
  var share: Double { values == 0 ? 0 : Double(differing) / Double(values) }

  /// Merges another comparison: the worst of both, and the share over both.
  mutating func add(_ other: Difference) {
    (largest, decibels) = (max(largest, other.largest), min(decibels, other.decibels))
    (values, differing, cases) = (values + other.values, differing + other.differing, cases + other.cases)
  }

  var description: String {
    let percent = (share * 1e6).rounded() / 1e4
    return "\(cases) cases, largest \(largest), PSNR \((decibels * 10).rounded() / 10) dB, differing \(percent) %"
  }
}

internal import Imaging

/// Value noise: random values at integer coordinates, smoothly interpolated.
struct ValueNoise: Sendable {
  private let key: UInt64

  init(using random: inout RandomStream) {
    key = random.next()
  }

  /// In 0 ... 1, with features of size 1.
  func value(_ point: Point) -> Double {
    let (column, x) = Self.split(point.x)
    let (row, y) = Self.split(point.y)
    let top = corner(column, row) + (corner(column + 1, row) - corner(column, row)) * x
    let bottom = corner(column, row + 1) + (corner(column + 1, row + 1) - corner(column, row + 1)) * x
    return top + (bottom - top) * y
  }

  /// In 0 ... 1: `octaves` layers, each twice as fine and half as strong as the one before.
  func cloud(_ point: Point, octaves: Int) -> Double {
    var (sum, weight, total, at) = (0.0, 1.0, 0.0, point)
    for _ in 0..<octaves {
      sum += weight * value(at)
      total += weight
      weight /= 2
      at = at * 2 + Point(17.3, 31.7)
    }
    return sum / total
  }

  /// In −1 ... 1 per integer coordinate, independent of its neighbours.
  func grain(_ column: Int, _ row: Int) -> Double { corner(column, row) * 2 - 1 }

  /// The integer below, and the smoothed fraction.
  private static func split(_ coordinate: Double) -> (Int, Double) {
    let whole = Int(coordinate) - (coordinate < 0 ? 1 : 0)
    let rest = coordinate - Double(whole)
    return (whole, rest * rest * (3 - 2 * rest))
  }

  /// In 0 ..< 1 per integer coordinate. Multipliers of SplitMix64 (Steele, Lea and Flood; public domain).
  private func corner(_ column: Int, _ row: Int) -> Double {
    var bits = key ^ UInt64(bitPattern: Int64(column)) &* 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ UInt64(bitPattern: Int64(row))) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 29) &* 0x94D0_49BB_1331_11EB
    return Double((bits ^ bits >> 32) >> 11) * 0x1p-53
  }
}

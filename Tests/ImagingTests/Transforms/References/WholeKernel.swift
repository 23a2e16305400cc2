import Imaging

/// A square kernel whose weights are integers over one divisor, so that its exact result is known. The image is
/// reflected beyond its edge, as in OpenCV's `filter2D`: the edge itself is not repeated.
struct WholeKernel {
  private struct Cell { let x, y, weight: Int }

  private let cells: [Cell]
  private let divisor: Int

  /// From weights row by row; `nil` if there are none, or no divisor up to 1000 makes them integers.
  init?(_ weights: [Float]) {
    guard !weights.isEmpty, let divisor = Self.divisor(weights) else { return nil }
    let size = Int(Double(weights.count).squareRoot())
    precondition(size * size == weights.count && size % 2 == 1, "a square with a middle")
    self.divisor = divisor
    cells = weights.enumerated().filter { $0.element != 0 }.map { index, weight in
      let whole = Int((Double(weight) * Double(divisor)).rounded())
      return Cell(x: index % size - size / 2, y: index / size - size / 2, weight: whole)
    }
  }

  /// The smallest divisor. A weight is off by some units of its last place, 2e-7 of it; other weights are seldom so
  /// close.
  private static func divisor(_ weights: [Float]) -> Int? {
    (1...1000).first { divisor in
      weights.allSatisfy { weight in
        let product = Double(weight) * Double(divisor)
        return abs(product - product.rounded()) <= abs(product) * 2e-7
      }
    }
  }

  /// The bytes nearest to the exact results for `source`.
  func nearestBytes(_ source: borrowing PixelBuffer) -> NearestBytes {
    NearestBytes(
      sums(source).map { sum in
        let twice = 2 * min(max(sum, 0), 255 * divisor)
        let (upper, rest) = (twice + divisor).quotientAndRemainder(dividingBy: 2 * divisor)
        return UInt8(rest == 0 ? upper - 1 : upper)...UInt8(upper)
      })
  }

  /// The exact result for each byte, times the divisor.
  private func sums(_ source: borrowing PixelBuffer) -> [Int] {
    let (shape, bytes) = (source.shape, source.bytes)
    var sums = [Int](repeating: 0, count: bytes.count)
    for cell in cells {
      let columns = (0..<shape.width).map { reflected($0 + cell.x, shape.width) }
      for y in 0..<shape.height {
        let (from, to) = (reflected(y + cell.y, shape.height) * shape.width, y * shape.width * shape.channels)
        for i in 0..<shape.width * shape.channels {
          let (x, channel) = i.quotientAndRemainder(dividingBy: shape.channels)
          sums[to + i] += cell.weight * Int(bytes[(from + columns[x]) * shape.channels + channel])
        }
      }
    }
    return sums
  }

  private func reflected(_ place: Int, _ length: Int) -> Int {
    guard length > 1 else { return 0 }
    let period = 2 * length - 2
    let inside = (place % period + period) % period
    return min(inside, period - inside)
  }
}

/// The bytes nearest to exact values: two at a tie, halfway between two bytes, otherwise one.
struct NearestBytes {
  let ranges: [ClosedRange<UInt8>]

  init(_ ranges: [ClosedRange<UInt8>]) { self.ranges = ranges }

  /// `bytes`, with those of `others` at ties where both are nearest. What still differs from `others` is wrong.
  func settling(_ bytes: [UInt8], as others: [UInt8]) -> [UInt8] {
    precondition(bytes.count == ranges.count && others.count == ranges.count, "as many values")
    return ranges.indices.map { i in
      ranges[i].contains(bytes[i]) && ranges[i].contains(others[i]) ? others[i] : bytes[i]
    }
  }
}

internal import Imaging

/// A line of a fixed width in pixels, whole or dashed. Its corners are places, as `Vertex.isPlace` says.
struct Stroke {
  var width: Double
  var isDashed = false

  /// Round ends make a dash longer, and a gap shorter.
  private static let dash = 6.0
  private static let gap = 7.0

  /// Adds a closed line through `corners`.
  func add(_ corners: [Vertex], to coverage: inout Coverage) {
    var length = 0.0
    for index in corners.indices {
      let (start, end) = (corners[index], corners[index + 1 < corners.count ? index + 1 : 0])
      add(start, end, from: length, to: &coverage)
      let along = end - start
      length += (along * along).sum().squareRoot()
    }
  }

  /// - Parameter before: the length of the line before this part, which says where dashes begin.
  private func add(_ start: Vertex, _ end: Vertex, from before: Double, to coverage: inout Coverage) {
    guard let part = visible(start, end, in: coverage) else { return }
    let along = end - start
    let length = (along * along).sum().squareRoot()
    guard isDashed, length > 0 else {
      return coverage.addLine(from: start + along * part.low, to: start + along * part.high, width: width)
    }
    let period = Self.dash + Self.gap
    var number = ((before + part.low * length) / period).rounded(.down)
    while number * period < before + part.high * length {
      let low = max(part.low, (number * period - before) / length)
      let high = min(part.high, (number * period + Self.dash - before) / length)
      if low < high { coverage.addLine(from: start + along * low, to: start + along * high, width: width) }
      number += 1
    }
  }

  /// The shares of a line between which it may be seen: a line may be a million times longer than the canvas.
  private func visible(_ start: Vertex, _ end: Vertex, in coverage: Coverage) -> (low: Double, high: Double)? {
    let (margin, along) = (width + 1, end - start)
    let limit = Vertex(Double(coverage.width), Double(coverage.height))
    var (low, high) = (0.0, 1.0)
    for axis in 0..<2 {
      let (near, far) = (-margin - start[axis], limit[axis] + margin - start[axis])
      if along[axis] == 0 {
        if near > 0 || far < 0 { return nil }
      } else {
        let shares = [near / along[axis], far / along[axis]].sorted()
        (low, high) = (max(low, shares[0]), min(high, shares[1]))
      }
    }
    return low <= high ? (low, high) : nil
  }
}

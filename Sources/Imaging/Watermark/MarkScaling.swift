/// Scales in whole numbers, on the calling thread: OpenCV would start threads in a process that is going to fork.
extension PixelBuffer {
  /// Takes the pixels of `source`, scaled: means of areas where it shrinks, linear between pixels where it grows.
  mutating func scale(_ source: borrowing PixelBuffer, width: Int, height: Int) throws(ImagingError) {
    let (columns, rows) = (Taps(from: source.shape.width, to: width), Taps(from: source.shape.height, to: height))
    let narrow = columns.sums(of: source)
    try reshape(to: source.shape.sized(width, height))
    let stride = rowStride
    let total = UInt64(columns.total * rows.total)
    var sums = [UInt64](repeating: total / 2, count: stride)  // to round to nearest
    unsafe withBytes { pixels in
      for y in 0..<height {
        for (row, weight) in rows.taps(y) {
          for x in 0..<stride { sums[x] &+= UInt64(narrow[row &* stride &+ x]) &* weight }
        }
        for x in 0..<stride {
          unsafe pixels[y * stride + x] = UInt8(sums[x] / total)
          sums[x] = total / 2
        }
      }
    }
  }
}

/// Which pixels of a line make each pixel of its scaled line, and the weight of each. All weights of one add up to
/// `total`.
private struct Taps {
  let total: Int
  private let first: [Int]
  private let weights: [[UInt64]]

  init(from count: Int, to newCount: Int) {
    precondition(count > 0 && newCount > 0, "a line to scale and its result have pixels")
    let isGrowing = newCount > count
    let taps = (0..<newCount).map { isGrowing ? Self.between($0, count, newCount) : Self.area($0, count, newCount) }
    (first, weights) = (taps.map(\.first), taps.map(\.weights))
    total = isGrowing ? 2 * newCount : count
  }

  /// In units of 1/newCount of a pixel.
  private static func area(_ place: Int, _ count: Int, _ newCount: Int) -> (first: Int, weights: [UInt64]) {
    let (start, end) = (place * count, (place + 1) * count)
    let pixels = start / newCount...(end - 1) / newCount
    return (pixels.lowerBound, pixels.map { UInt64(min(end, ($0 + 1) * newCount) - max(start, $0 * newCount)) })
  }

  /// In units of 1/(2 newCount) of a pixel, from the centre of the first one.
  private static func between(_ place: Int, _ count: Int, _ newCount: Int) -> (first: Int, weights: [UInt64]) {
    let unit = 2 * newCount
    let position = min(max((2 * place + 1) * count - newCount, 0), (count - 1) * unit)
    let (first, rest) = position.quotientAndRemainder(dividingBy: unit)
    return (first, rest == 0 ? [UInt64(unit)] : [UInt64(unit - rest), UInt64(rest)])
  }

  func taps(_ place: Int) -> [(pixel: Int, weight: UInt64)] {
    weights[place].enumerated().map { (first[place] + $0.offset, $0.element) }
  }

  /// The weighted sums of every row, row by row: less than 2^32, since no side has more than 2^17 pixels.
  func sums(of source: borrowing PixelBuffer) -> [UInt32] {
    let (shape, channels) = (source.shape, source.shape.channels)
    var sums = [UInt32](repeating: 0, count: first.count * shape.height * channels)
    var index = 0
    unsafe source.withBytes { pixels in
      for row in 0..<shape.height {
        for place in first.indices {
          let start = (row * shape.width + first[place]) * channels
          for channel in 0..<channels {
            var sum: UInt32 = 0
            for (tap, weight) in weights[place].enumerated() {
              sum &+= unsafe UInt32(pixels[start &+ tap &* channels &+ channel]) &* UInt32(truncatingIfNeeded: weight)
            }
            sums[index] = sum
            index += 1
          }
        }
      }
    }
    return sums
  }
}

/// Scales in whole numbers, on the calling thread: OpenCV would start threads in a process that is going to fork.
extension PixelBuffer {
  /// Takes the pixels of `source`, scaled: means of areas where it shrinks, linear between pixels where it grows.
  mutating func scale(_ source: borrowing PixelBuffer, width: Int, height: Int) throws(ImagingError) {
    let (columns, rows) = (Taps(from: source.shape.width, to: width), Taps(from: source.shape.height, to: height))
    let (channels, sourceStride) = (source.shape.channels, source.rowStride)
    try reshape(to: source.shape.sized(width, height))
    let total = rows.total * columns.total
    // Rows first: whole rows are added at once, and few remain.
    var sums = [UInt32](repeating: 0, count: sourceStride)
    unsafe source.withBytes { input in
      unsafe withBytes { output in
        for y in 0..<height {
          for index in sums.indices { sums[index] = 0 }
          for tap in rows[y] {
            let start = tap.pixel * sourceStride
            unsafe Self.add(
              UnsafeRawBufferPointer(rebasing: input[start..<start + sourceStride]), tap.weight, to: &sums)
          }
          for x in 0..<width {
            for channel in 0..<channels {
              let mean = columns.sum(of: sums.span, x, channel: channel, of: channels).roundedQuotient(total)
              unsafe output[(y * width + x) * channels + channel] = mean
            }
          }
        }
      }
    }
  }

  private static func add(_ row: UnsafeRawBufferPointer, _ weight: UInt32, to sums: inout [UInt32]) {
    unsafe sums.withUnsafeMutableBufferPointer { sums in
      for index in 0..<row.count { unsafe sums[index] &+= UInt32(row[index]) &* weight }
    }
  }
}

/// Which pixels of a line make each pixel of its scaled line, and the weight of each. All weights of one add up to
/// `total`, at most 2^24, so that a sum of bytes fits into 32 bits.
private struct Taps {
  struct Tap {
    var pixel: Int
    var weight: UInt32
  }

  let total: Int
  /// Those of one scaled pixel after those of the one before.
  private var taps: [Tap] = []
  private var ends = [0]

  init(from count: Int, to newCount: Int) {
    precondition(count > 0 && newCount > 0, "a line to scale and its result have pixels")
    let isGrowing = newCount > count
    total = isGrowing ? 2 * newCount : count
    for place in 0..<newCount {
      if isGrowing { addNeighbors(of: place, count, newCount) } else { addArea(of: place, count, newCount) }
      ends.append(taps.count)
    }
  }

  subscript(place: Int) -> ArraySlice<Tap> { taps[ends[place]..<ends[place + 1]] }

  /// In units of 1/newCount of a pixel.
  private mutating func addArea(of place: Int, _ count: Int, _ newCount: Int) {
    let (start, end) = (place * count, (place + 1) * count)
    for pixel in start / newCount...(end - 1) / newCount {
      let weight = min(end, (pixel + 1) * newCount) - max(start, pixel * newCount)
      taps.append(Tap(pixel: pixel, weight: UInt32(weight)))
    }
  }

  /// In units of 1/(2 newCount) of a pixel, from the centre of the first one.
  private mutating func addNeighbors(of place: Int, _ count: Int, _ newCount: Int) {
    let unit = 2 * newCount
    let position = min(max((2 * place + 1) * count - newCount, 0), (count - 1) * unit)
    let (first, rest) = position.quotientAndRemainder(dividingBy: unit)
    taps.append(Tap(pixel: first, weight: UInt32(unit - rest)))
    if rest > 0 { taps.append(Tap(pixel: first + 1, weight: UInt32(rest))) }
  }

  /// The weighted sum of one channel at a place of the scaled line.
  func sum(of values: Span<UInt32>, _ place: Int, channel: Int, of channels: Int) -> UInt64 {
    var sum: UInt64 = 0
    for index in ends[place]..<ends[place + 1] {
      sum &+= UInt64(values[taps[index].pixel &* channels &+ channel]) &* UInt64(taps[index].weight)
    }
    return sum
  }
}

extension UInt64 {
  /// The quotient, which is at most 255. The divisor has fewer than 36 bits, so no quotient lies closer below a whole
  /// number than a `Double` can tell, and dividing those is several times as fast.
  @inline(__always)
  fileprivate func roundedQuotient(_ divisor: Int) -> UInt8 {
    UInt8(Double(self &+ UInt64(divisor / 2)) / Double(divisor))
  }
}

import Imaging

/// K-means as its definition says: every pixel against every centroid, in plain loops. Only the initial draws are
/// given.
struct ReferenceQuantizer {
  typealias Color = SIMD3<Int>

  let options: QuantizeOptions
  /// Row by row.
  let pixels: [Color]
  let width: Int

  init(_ options: QuantizeOptions, _ image: borrowing PixelBuffer) {
    self.options = options
    let (bytes, channels) = (image.bytes, image.shape.channels)
    pixels = stride(from: 0, to: bytes.count, by: channels).map { first in
      Color(Int(bytes[first]), Int(bytes[first + channels / 2]), Int(bytes[first + channels - 1]))
    }
    width = image.shape.width
  }

  /// The score of a centroid for a colour: the smaller, the nearer.
  private static func score(_ centroid: SIMD3<Double>, _ color: Color) -> Int {
    let rounded = ((centroid - 128) * 128).rounded(.toNearestOrEven)
    let scaled = Color(Int(rounded.x), Int(rounded.y), Int(rounded.z))
    let products = scaled &* (color &- 128)
    return ((scaled &* scaled).wrappedSum() & ~255) - 256 * products.wrappedSum()
  }

  static func nearest(_ color: Color, _ centroids: [SIMD3<Double>]) -> Int {
    let scores = centroids.map { score($0, color) }
    return scores.firstIndex(of: scores.min() ?? 0) ?? 0
  }

  struct Result {
    var centroids: [SIMD3<Double>]
    var labels: [Int]
    var inertia: Double
    var iterations: Int
    /// Of the image, channel by channel.
    var colors: [Color]
  }

  func result(from initial: [SIMD3<Double>]) -> Result {
    var (centroids, iterations) = (initial, 0)
    while iterations < options.iterations {
      iterations += 1
      let moved = means(labels(centroids), centroids)
      let moves = zip(moved, centroids).map { $0 - $1 }.map { ($0 * $0).sum().squareRoot() }
      centroids = moved
      if moves.allSatisfy({ $0 < options.tolerance }) { break }
    }
    let labels = labels(centroids)
    let inertia = zip(pixels, labels).reduce(0) { total, pixel in
      let way = SIMD3<Double>(pixel.0) - centroids[pixel.1]
      return total + (way * way).sum()
    }
    let palette = centroids.map { Color(truncatingIfNeeded: SIMD3<UInt8>($0.rounded(.toNearestOrEven))) }
    let colors = options.dither == .none ? labels.map { palette[$0] } : dithered(centroids, palette)
    return Result(
      centroids: centroids, labels: labels, inertia: inertia, iterations: iterations, colors: colors)
  }

  private func labels(_ centroids: [SIMD3<Double>]) -> [Int] { pixels.map { Self.nearest($0, centroids) } }

  private func means(_ labels: [Int], _ centroids: [SIMD3<Double>]) -> [SIMD3<Double>] {
    var sums = centroids.map { _ in (count: 0, color: Color()) }
    for (pixel, label) in zip(pixels, labels) {
      sums[label].count += 1
      sums[label].color &+= pixel
    }
    var farthest = options.empty == .reseed ? farthestColors(labels, centroids)[...] : []
    return sums.map { sum in
      guard sum.count == 0 else { return SIMD3<Double>(sum.color) / Double(sum.count) }
      return farthest.popFirst().map { SIMD3<Double>($0) } ?? .zero
    }
  }

  /// The different colours that are no centroids, the farthest first.
  private func farthestColors(_ labels: [Int], _ centroids: [SIMD3<Double>]) -> [Color] {
    let distances = zip(pixels, labels).map { pixel, label in
      let way = pixel &- 128
      return Self.score(centroids[label], pixel) / 256 + 64 * (way &* way).wrappedSum()
    }
    let byColor = Dictionary(zip(pixels, distances), uniquingKeysWith: { first, _ in first })
    let ordered = distinctColors.filter { (byColor[$0] ?? 0) > 0 }.enumerated().map { ($0.offset, $0.element) }
    return ordered.sorted { ((byColor[$1.1] ?? 0), $0.0) < ((byColor[$0.1] ?? 0), $1.0) }.map(\.1)
  }

  /// By cell of 8 × 8 × 8 colours along a Z-curve, and in each cell in the order of their first pixels.
  var distinctColors: [Color] {
    var known: Set<Color> = []
    let distinct = pixels.filter { known.insert($0).inserted }
    let numbered = distinct.enumerated().map { (cell: Self.cell($0.element), place: $0.offset, color: $0.element) }
    return numbered.sorted { ($0.cell, $0.place) < ($1.cell, $1.place) }.map(\.color)
  }

  /// The bits of R, G and B in turn, the highest first.
  private static func cell(_ color: Color) -> Int {
    stride(from: 7, through: 3, by: -1).reduce(0) { number, bit in
      [color.x, color.y, color.z].reduce(number) { $0 << 1 | ($1 >> bit & 1) }
    }
  }

  /// Floyd and Steinberg's error diffusion in sixteenths of a level, every other row from right to left.
  private func dithered(_ centroids: [SIMD3<Double>], _ palette: [Color]) -> [Color] {
    let height = pixels.count / width
    var given = [[Color]](repeating: [Color](repeating: Color(), count: width), count: height + 1)
    var colors = pixels
    for y in 0..<height {
      let ahead = y.isMultiple(of: 2) ? 1 : -1
      for x in ahead > 0 ? Array(0..<width) : Array((0..<width).reversed()) {
        let wanted = (pixels[y * width + x] &+ ((given[y][x] &+ 8) &>> 4)).clamped(
          lowerBound: Color(), upperBound: Color(repeating: 255))
        let found = palette[Self.nearest(wanted, centroids)]
        colors[y * width + x] = found
        for (dx, dy, share) in [(ahead, 0, 7), (-ahead, 1, 3), (0, 1, 5), (ahead, 1, 1)]
        where (0..<width).contains(x + dx) {
          given[y + dy][x + dx] &+= share &* (wanted &- found)
        }
      }
    }
    return colors
  }
}

internal import Imaging

/// How much of each pixel a shape covers, from 0 to 1. Shapes are joined: what several cover is covered once, so that a
/// translucent line is no darker where it meets itself.
///
/// Coordinates are pixels between corners, and may lie anywhere; those of areas are places, as `Vertex.isPlace` says.
struct Coverage {
  let width, height: Int
  /// Where anything is covered, so that small shapes on a large canvas are cheap.
  private(set) var touched: [Int] = []
  private var shares: [Float]

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    shares = [Float](repeating: 0, count: width * height)
  }

  /// - Parameter index: row × width + column.
  subscript(index: Int) -> Double { Double(shares[index]) }

  mutating func clear() {
    for index in touched { shares[index] = 0 }
    touched.removeAll(keepingCapacity: true)
  }

  private mutating func join(_ share: Double, column: Int, row: Int) {
    guard share > 0 else { return }
    let index = row * width + column
    if shares[index] == 0 { touched.append(index) }
    shares[index] = max(shares[index], Float(share))
  }

  /// The columns or rows from `low` to `high`.
  private static func pixels(_ low: Double, _ high: Double, of count: Int) -> Range<Int> {
    guard low <= high else { return 0..<0 }  // false for NaN, too
    let first = max(0, min(Double(count), low.rounded(.down)))
    let end = max(first, min(Double(count), high.rounded(.up)))
    return Int(first)..<Int(end)
  }
}

// MARK: Lines and circles

extension Coverage {
  /// A line with round ends.
  mutating func addLine(from start: Vertex, to end: Vertex, width lineWidth: Double) {
    let reach = lineWidth / 2 + 0.5
    let line = Line(start, end)
    guard line.isFinite else { return }
    for row in Self.pixels(min(start.y, end.y) - reach, max(start.y, end.y) + reach, of: height) {
      let columns = line.columns(row: row, reach: reach)
      for column in Self.pixels(columns.low, columns.high, of: width) {
        let distance = line.distance(to: Vertex(Double(column) + 0.5, Double(row) + 0.5))
        join(min(1, reach - distance), column: column, row: row)
      }
    }
  }

  /// The part of a circle outside `innerRadius`.
  mutating func addCircle(_ center: Vertex, radius: Double, innerRadius: Double = 0) {
    guard center.x.isFinite, center.y.isFinite else { return }
    for row in Self.pixels(center.y - radius - 1, center.y + radius + 1, of: height) {
      for column in Self.pixels(center.x - radius - 1, center.x + radius + 1, of: width) {
        let from = Vertex(Double(column) + 0.5, Double(row) + 0.5) - center
        let distance = (from * from).sum().squareRoot()
        let hole = innerRadius > 0 ? pixelCoverage(distance - innerRadius) : 1
        join(min(pixelCoverage(radius - distance), hole), column: column, row: row)
      }
    }
  }

  private struct Line {
    let start, end, along: Vertex
    private let squaredLength: Double

    init(_ start: Vertex, _ end: Vertex) {
      (self.start, self.end, along) = (start, end, end - start)
      squaredLength = (along * along).sum()
    }

    var isFinite: Bool { start.x.isFinite && start.y.isFinite && squaredLength.isFinite }

    func distance(to point: Vertex) -> Double {
      let from = point - start
      let share = squaredLength > 0 ? max(0, min(1, (from * along).sum() / squaredLength)) : 0
      let offset = from - along * share
      return (offset * offset).sum().squareRoot()
    }

    /// The columns in which a row may be closer to the line than `reach`.
    func columns(row: Int, reach: Double) -> (low: Double, high: Double) {
      let ends = (low: min(start.x, end.x) - reach, high: max(start.x, end.x) + reach)
      let length = squaredLength.squareRoot()
      guard abs(along.y) > 1e-6 * length, length > 0 else { return ends }
      let x = start.x + along.x / along.y * (Double(row) + 0.5 - start.y)
      let half = reach * length / abs(along.y)
      return (max(ends.low, x - half - 1), min(ends.high, x + half + 1))
    }
  }
}

// MARK: Areas

extension Coverage {
  /// Each row of pixels is cut into this many lines, on which coverage is exact.
  private static let linesPerRow = 4

  /// What an odd number of closed lines encloses.
  mutating func addPolygons(_ polygons: [[Vertex]]) {
    let edges = polygons.flatMap(Self.edges)
    guard let top = edges.lazy.map(\.top).min(), let bottom = edges.lazy.map(\.bottom).max() else { return }
    var sums = [Double](repeating: 0, count: width)
    for row in Self.pixels(top, bottom, of: height) {
      let near = edges.filter { $0.bottom > Double(row) && $0.top < Double(row + 1) }
      for line in 0..<Self.linesPerRow {
        let y = Double(row) + (Double(line) + 0.5) / Double(Self.linesPerRow)
        let crossings = near.lazy.filter { $0.top <= y && y < $0.bottom }.map { $0.x(at: y) }.sorted()
        for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
          Self.add(crossings[pair], crossings[pair + 1], to: &sums)
        }
      }
      for column in 0..<width where sums[column] > 0 {
        join(min(1, sums[column] / Double(Self.linesPerRow)), column: column, row: row)
        sums[column] = 0
      }
    }
  }

  /// Adds the share that the columns have of a span.
  private static func add(_ low: Double, _ high: Double, to sums: inout [Double]) {
    for column in pixels(low, high, of: sums.count) {
      sums[column] += min(high, Double(column + 1)) - max(low, Double(column))
    }
  }

  private static func edges(of polygon: [Vertex]) -> [Edge] {
    polygon.indices.map { Edge(polygon[$0], polygon[$0 + 1 < polygon.count ? $0 + 1 : 0]) }
  }

  private struct Edge {
    let upper, lower: Vertex

    init(_ start: Vertex, _ end: Vertex) { (upper, lower) = start.y <= end.y ? (start, end) : (end, start) }

    var top: Double { upper.y }
    var bottom: Double { lower.y }

    func x(at y: Double) -> Double { upper.x + (lower.x - upper.x) * ((y - upper.y) / (lower.y - upper.y)) }
  }
}

// MARK: Masks

extension Coverage {
  /// A mask, stretched over the canvas.
  mutating func addMask(_ mask: RunLengths) {
    let lookup = MaskLookup(mask)
    guard let bounds = lookup.bounds else { return }
    let scale = Vertex(Double(mask.width) / Double(width), Double(mask.height) / Double(height))
    let (low, high) = (bounds.upperLeft / scale, bounds.lowerRight / scale)
    // Four places in each pixel.
    let places = [Vertex(0.25, 0.25), Vertex(0.75, 0.25), Vertex(0.25, 0.75), Vertex(0.75, 0.75)]
    for row in Self.pixels(low.y, high.y, of: height) {
      for column in Self.pixels(low.x, high.x, of: width) {
        let corner = Vertex(Double(column), Double(row))
        let inside = places.lazy.filter { lookup.holds((corner + $0) * scale) }.count
        join(Double(inside) / 4, column: column, row: row)
      }
    }
  }

  /// Where `area` begins or ends: its pixels next to one that it covers less, and the other way round.
  mutating func addRim(of area: Coverage) {
    for index in area.touched {
      let (row, column) = (index / width, index % width)
      for (x, y) in [(column - 1, row), (column + 1, row), (column, row - 1), (column, row + 1)] {
        guard (0..<width).contains(x), (0..<height).contains(y) else { continue }
        let step = abs(area[index] - area[y * width + x])
        join(step, column: column, row: row)
        join(step, column: x, row: y)
      }
    }
  }
}

/// Finds whether a mask holds a pixel, without a copy of the mask: its size is what a file says.
private struct MaskLookup {
  private let mask: RunLengths
  /// Where each run ends.
  private let ends: [Int]

  init(_ mask: RunLengths) {
    self.mask = mask
    var end = 0
    ends = mask.counts.map { count in
      end += count
      return end
    }
  }

  func holds(_ place: Vertex) -> Bool {
    let (x, y) = (Int(place.x), Int(place.y))
    guard (0..<mask.width).contains(x), (0..<mask.height).contains(y) else { return false }
    return !firstRun(endingBehind: x * mask.height + y).isMultiple(of: 2)
  }

  private func firstRun(endingBehind pixel: Int) -> Int {
    var (low, high) = (0, ends.count)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] > pixel { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Around all pixels inside; `nil` if there are none.
  var bounds: Box? {
    Box(
      around: stride(from: 1, to: ends.count, by: 2).lazy.filter { mask.counts[$0] > 0 }.flatMap { run in
        let (first, last) = (ends[run - 1], ends[run] - 1)
        let columns = (first / mask.height, last / mask.height)
        let rows = columns.0 == columns.1 ? (first % mask.height, last % mask.height) : (0, mask.height - 1)
        return [
          Vertex(Double(columns.0), Double(rows.0)), Vertex(Double(columns.1 + 1), Double(rows.1 + 1)),
        ]
      })
  }
}

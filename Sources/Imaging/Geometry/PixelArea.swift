/// Pixels of an image that form a shape, as runs of columns from the upper row to the lower.
package struct PixelArea: Hashable, Sendable {
  package struct Run: Hashable, Sendable {
    package var row: Int
    /// Not empty.
    package var columns: Range<Int>
  }

  package private(set) var runs: [Run] = []

  /// All pixels that `box` touches, in an image of `shape`.
  package init(covering box: Box, in shape: ImageShape) {
    // A box without width or height still touches the pixel in which it lies.
    let end = pointwiseMax(box.lowerRight.rounded(.up), box.upperLeft.rounded(.down) + 1)
    let columns = Self.places(from: box.upperLeft.x.rounded(.down), to: end.x, count: shape.width)
    for row in Self.places(from: box.upperLeft.y.rounded(.down), to: end.y, count: shape.height) {
      append(columns, row)
    }
  }

  /// The pixels whose centres lie in the ellipse inscribed in `box`.
  package init(ellipseIn box: Box, in shape: ImageShape) {
    let (center, radius) = (box.center, box.size / 2)
    for row in Self.centers(from: box.upperLeft.y, to: box.lowerRight.y, count: shape.height) {
      let height = (Double(row) + 0.5 - center.y) / radius.y
      let half = radius.x * max(0, 1 - height * height).squareRoot()
      append(Self.centers(from: center.x - half, to: center.x + half, count: shape.width), row)
    }
  }

  /// The pixels whose centres lie within an odd number of the closed `polygons`, unless a corner is not a
  /// number.
  package init(inside polygons: [[Vertex]], in shape: ImageShape) {
    guard let box = Box(around: polygons.joined()) else { return }
    guard polygons.joined().allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return }
    let rows = Self.centers(from: box.upperLeft.y, to: box.lowerRight.y, count: shape.height)
    var scan = EdgeScan(polygons)
    for row in rows {
      let crossings = scan.crossings(row)
      for index in stride(from: 0, to: crossings.count - 1, by: 2) {
        append(Self.centers(from: crossings[index], to: crossings[index + 1], count: shape.width), row)
      }
    }
  }

  /// Disjoint runs of each row, from left to right.
  init(rows: [[Range<Int>]]) {
    for (row, runs) in rows.enumerated() {
      for columns in runs { append(columns, row) }
    }
  }

  /// Disjoint runs that are not empty, from the upper row to the lower and from left to right.
  init(ascending runs: [Run]) { self.runs = runs }

  private mutating func append(_ columns: Range<Int>, _ row: Int) {
    if !columns.isEmpty { runs.append(Run(row: row, columns: columns)) }
  }

  /// The pixels whose centres lie in `start` ..< `end`, of `count` pixels.
  private static func centers(from start: Double, to end: Double, count: Int) -> Range<Int> {
    places(from: (start - 0.5).rounded(.up), to: (end - 0.5).rounded(.up), count: count)
  }

  private static func places(from start: Double, to end: Double, count: Int) -> Range<Int> {
    let limit = Double(count)
    let first = Int(min(max(start, 0), limit))
    return first..<max(first, Int(min(max(end, 0), limit)))
  }

  package var pixelCount: Int { runs.reduce(0) { $0 + $1.columns.count } }

  /// The smallest rectangle around the pixels; empty if there are none.
  package var bounds: Rectangle {
    guard let first = runs.first, let last = runs.last else { return Rectangle(x: 0, y: 0, width: 0, height: 0) }
    let start = runs.reduce(first.columns.lowerBound) { min($0, $1.columns.lowerBound) }
    let end = runs.reduce(first.columns.upperBound) { max($0, $1.columns.upperBound) }
    return Rectangle(x: start, y: first.row, width: end - start, height: last.row + 1 - first.row)
  }
}

/// Finds where the edges of polygons cross rows of centres, from the upper row to the lower. Looks at each edge only in
/// the rows that it spans.
private struct EdgeScan {
  private typealias Edge = (first: Vertex, second: Vertex)

  /// In the order of their upper ends; those before `next` have begun.
  private var edges: [Edge]
  private var next = 0
  private var active: [Edge] = []

  init(_ polygons: [[Vertex]]) {
    edges = polygons.flatMap { corners in zip(corners, corners.dropFirst() + corners.prefix(1)) }
    edges.sort { Self.top($0) < Self.top($1) }
  }

  private static func top(_ edge: Edge) -> Double { min(edge.first.y, edge.second.y) }

  /// The columns, in ascending order, of the crossings with the centres of `row`.
  mutating func crossings(_ row: Int) -> [Double] {
    let y = Double(row) + 0.5
    while next < edges.count, Self.top(edges[next]) <= y {
      active.append(edges[next])
      next += 1
    }
    active.removeAll { max($0.first.y, $0.second.y) <= y }
    // The lower end of an edge does not belong to it, so that a corner counts once.
    return active.map { $0.first.x + (y - $0.first.y) * ($0.second.x - $0.first.x) / ($0.second.y - $0.first.y) }
      .sorted()
  }
}

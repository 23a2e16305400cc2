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

  /// The pixels whose centres lie within an odd number of the closed `polygons`.
  package init(inside polygons: [[Vertex]], in shape: ImageShape) {
    guard let box = Box(around: polygons.joined()) else { return }
    let edges = polygons.flatMap { corners in zip(corners, corners.dropFirst() + corners.prefix(1)) }
    for row in Self.centers(from: box.upperLeft.y, to: box.lowerRight.y, count: shape.height) {
      let crossings = edges.compactMap { Self.crossing($0, $1, y: Double(row) + 0.5) }.sorted()
      for index in stride(from: 0, to: crossings.count - 1, by: 2) {
        append(Self.centers(from: crossings[index], to: crossings[index + 1], count: shape.width), row)
      }
    }
  }

  /// Where an edge crosses a row of centres. Its lower end does not belong to it, so that a corner counts once.
  private static func crossing(_ first: Vertex, _ second: Vertex, y: Double) -> Double? {
    guard (first.y <= y) != (second.y <= y) else { return nil }
    return first.x + (y - first.y) * (second.x - first.x) / (second.y - first.y)
  }

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

  /// The smallest rectangle around the pixels; empty if there are none.
  package var bounds: Rectangle {
    guard let first = runs.first, let last = runs.last else { return Rectangle(x: 0, y: 0, width: 0, height: 0) }
    let start = runs.reduce(first.columns.lowerBound) { min($0, $1.columns.lowerBound) }
    let end = runs.reduce(first.columns.upperBound) { max($0, $1.columns.upperBound) }
    return Rectangle(x: start, y: first.row, width: end - start, height: last.row + 1 - first.row)
  }
}

internal import Imaging

/// A picture of temperatures to draw on, antialiased: 0 is as cold as a clear sky, 255 as warm as a face. Coordinates
/// are in canvas heights, so that y runs from 0 to 1.
///
/// It knows which object each pixel shows: the last one that covered half of it or more.
struct HeatCanvas {
  let width: Int
  let height: Int
  /// Row by row.
  private(set) var heat: [Float]
  /// 0 for the ground.
  private(set) var owners: [UInt8]
  /// The object that is being drawn.
  var owner: UInt8 = 0

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    heat = Array(repeating: 0, count: width * height)
    owners = Array(repeating: 0, count: width * height)
  }

  var aspect: Double { Double(width) / Double(height) }
  /// Pixels per canvas height.
  var scale: Double { Double(height) }

  /// Blends what `shade` returns for each pixel between two corners, plus a margin of one pixel.
  mutating func paint(from upperLeft: Point, to lowerRight: Point, _ shade: (Point) -> (heat: Double, coverage: Double))
  {
    let columns = pixels(upperLeft.x, lowerRight.x, of: width)
    for row in pixels(upperLeft.y, lowerRight.y, of: height) {
      for column in columns {
        let paint = shade(Point(Double(column) + 0.5, Double(row) + 0.5) / scale)
        blend(paint.heat, min(1, paint.coverage), at: row * width + column)
      }
    }
  }

  private mutating func blend(_ new: Double, _ coverage: Double, at index: Int) {
    guard coverage > 0 else { return }
    let old = Double(heat[index])
    heat[index] = Float(old + (new - old) * coverage)
    if owner > 0 && coverage >= 0.5 { owners[index] = owner }
  }

  private func pixels(_ low: Double, _ high: Double, of count: Int) -> Range<Int> {
    let limit = Double(count)
    let first = Int(max(0, min(limit, low * scale - 1)))
    return first..<max(first, Int(max(0, min(limit, high * scale + 2))))
  }
}

// MARK: Shapes

extension HeatCanvas {
  /// Fills a convex polygon; its corners may have either winding.
  mutating func fill(_ corners: [Point], _ heat: (Point) -> Double) {
    let edges = ConvexEdges(corners)
    let scale = scale
    paint(from: edges.low, to: edges.high) { point in
      let inside = edges.distance(to: point) * scale
      return inside > -0.5 ? (heat(point), pixelCoverage(inside)) : (0, 0)
    }
  }

  mutating func fill(_ corners: [Point], _ heat: Double) { fill(corners) { _ in heat } }

  /// Fills an ellipse, `heat` in the middle and less by `fall` at its rim.
  mutating func ellipse(_ center: Point, radii: Point, _ heat: Double, fall: Double = 0) {
    let scale = scale
    paint(from: center - radii, to: center + radii) { point in
      let from = (point - center) / radii
      let distance = (from * from).sum().squareRoot()
      return (heat - fall * min(1, distance), pixelCoverage((1 - distance) * radii.min() * scale))
    }
  }

  /// Draws a line with round ends, `heat` along its middle and less by `fall` at its edges.
  /// It is never thinner than a pixel, so that nothing of an object is too faint to count.
  mutating func limb(_ start: Point, _ end: Point, width: Double, _ heat: Double, fall: Double = 0) {
    let (along, half, scale) = (end - start, max(width, 1 / scale) / 2, scale)
    let length = max(1e-12, (along * along).sum())
    let margin = Point(half, half)
    paint(from: pointwiseMin(start, end) - margin, to: pointwiseMax(start, end) + margin) { point in
      let share = max(0, min(1, ((point - start) * along).sum() / length))
      let from = point - start - along * share
      let distance = (from * from).sum().squareRoot()
      return (heat - fall * min(1, distance / half), pixelCoverage((half - distance) * scale))
    }
  }

  /// Draws a circle line, never thinner than a pixel.
  mutating func ring(_ center: Point, radius: Double, width: Double, _ heat: Double) {
    let width = max(width, 1 / scale)
    let (reach, scale) = (Point(radius + width / 2, radius + width / 2), scale)
    paint(from: center - reach, to: center + reach) { point in
      let from = point - center
      let distance = (from * from).sum().squareRoot() - radius
      return (heat, pixelCoverage((width / 2 - distance.magnitude) * scale))
    }
  }
}

/// The edges of a convex polygon and, so that a sharp corner does not reach far beyond its point, of its bounds.
private struct ConvexEdges {
  let low, high: Point
  private var edges: [(start: Point, inward: Point)] = []

  init(_ corners: [Point]) {
    (low, high) = corners.dropFirst().reduce((corners[0], corners[0])) { box, corner in
      (pointwiseMin(box.0, corner), pointwiseMax(box.1, corner))
    }
    let pairs = corners.indices.map { (corners[$0], corners[($0 + 1) % corners.count]) }
    let area = pairs.reduce(0.0) { $0 + $1.0.x * $1.1.y - $1.1.x * $1.0.y }
    edges = pairs.map { start, end in
      let along = end - start
      let length = max(1e-9, (along * along).sum().squareRoot())
      return (start, Point(-along.y, along.x) * ((area > 0 ? 1 : -1) / length))
    }
  }

  /// Distance to the nearest edge; negative outside.
  func distance(to point: Point) -> Double {
    let bounds = pointwiseMin(point - low, high - point).min()
    return edges.reduce(bounds) { min($0, ((point - $1.start) * $1.inward).sum()) }
  }
}

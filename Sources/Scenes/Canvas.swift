internal import Imaging

/// R, G, B from 0 to 255.
typealias Color = SIMD3<Double>

/// An R, G, B image to draw on, antialiased. Coordinates are in canvas heights, so that y runs from 0 to 1.
struct Canvas {
  let width: Int
  let height: Int
  /// The pixels row by row, without padding; initially black.
  private(set) var bytes: [UInt8]

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    bytes = [UInt8](repeating: 0, count: width * height * 3)
  }

  /// A copy of an image, scaled; `ground` shows through where it is transparent.
  init(_ image: borrowing Image, scaledTo size: ImageSize, ground: UInt8) throws(ImagingError) {
    self.init(width: size.width, height: size.height)
    var scaled = PixelBuffer()
    try scaled.resize(image.color, width: width, height: height)
    let (colors, channels) = (scaled.bytes, scaled.shape.channels)
    for index in bytes.indices { bytes[index] = colors[index / 3 * channels + min(index % 3, channels - 1)] }
    switch image.alpha {
    case .some(let plane): try scaled.resize(plane, width: width, height: height)
    case .none: return
    }
    let opacities = scaled.bytes
    for index in bytes.indices {
      let opacity = Int(opacities[index / 3])
      bytes[index] = UInt8((Int(bytes[index]) * opacity + Int(ground) * (255 - opacity) + 127) / 255)
    }
  }

  /// The canvas as an image: R, G, B without alpha.
  func image() throws(ImagingError) -> Image {
    var pixels = PixelBuffer()
    try pixels.reshape(to: ImageShape(width: width, height: height, channels: 3))
    pixels.set(bytes)
    return Image(color: pixels)
  }

  /// Width divided by height.
  var aspect: Double { Double(width) / Double(height) }

  /// Pixels per canvas height.
  var scale: Double { Double(height) }

  mutating func setEachByte(_ next: () -> UInt8) {
    for index in bytes.indices { bytes[index] = next() }
  }

  /// Blends `color` over a pixel: coverage 1 replaces it, 0 leaves it.
  mutating func blend(_ color: Color, coverage: Double, column: Int, row: Int) {
    guard coverage > 0 else { return }
    let first = (row * width + column) * 3
    for channel in 0..<3 {
      let old = Double(bytes[first + channel])
      let mixed = old + (color[channel] - old) * min(1, coverage)
      bytes[first + channel] = UInt8(max(0, min(255, mixed + 0.5)))
    }
  }

  /// Adds `difference` to each channel of a pixel, clamped.
  mutating func brighten(by difference: Double, column: Int, row: Int) {
    let first = (row * width + column) * 3
    for index in first..<first + 3 { bytes[index] = UInt8(max(0, min(255, Double(bytes[index]) + difference + 0.5))) }
  }

  /// Blends what `shade` returns for each pixel between two corners, plus a margin of one pixel.
  mutating func paint(
    from topLeft: Point = Point(0, 0), to bottomRight: Point? = nil,
    _ shade: (Point) -> (color: Color, coverage: Double)
  ) {
    let last = bottomRight ?? Point(aspect, 1)
    let columns = pixels(topLeft.x, last.x, of: width)
    for row in pixels(topLeft.y, last.y, of: height) {
      for column in columns {
        let paint = shade(Point(Double(column) + 0.5, Double(row) + 0.5) / scale)
        blend(paint.color, coverage: paint.coverage, column: column, row: row)
      }
    }
  }

  private func pixels(_ low: Double, _ high: Double, of count: Int) -> Range<Int> {
    let first = max(0, min(count, Int(low * scale) - 1))
    return first..<max(first, min(count, Int(high * scale) + 2))
  }
}

extension Canvas {
  /// Fills a convex polygon; its corners may have either winding.
  mutating func fill(_ corners: [Point], _ shade: (Point) -> Color) {
    let sense = Self.isClockwise(corners) ? 1.0 : -1.0
    let edges = corners.indices.map { index in
      Edge(from: corners[index], to: corners[(index + 1) % corners.count], sense: sense)
    }
    let (low, high) = corners.dropFirst().reduce((corners[0], corners[0])) { box, corner in
      (pointwiseMin(box.0, corner), pointwiseMax(box.1, corner))
    }
    let scale = scale
    paint(from: low, to: high) { point in
      let inside = edges.reduce(Double.infinity) { min($0, $1.distance(to: point)) } * scale
      return inside > -0.5 ? (shade(point), pixelCoverage(inside)) : (Color(), 0)
    }
  }

  mutating func fill(_ corners: [Point], _ color: Color) { fill(corners) { _ in color } }

  /// Blends a soft ellipse over the image: `opacity` at its centre, 0 at its rim.
  mutating func shade(_ center: Point, radii: Point, _ color: Color, opacity: Double) {
    paint(from: center - radii, to: center + radii) { point in
      let from = (point - center) / radii
      let inside = max(0, 1 - (from * from).sum())
      return (color, opacity * inside * (2 - inside))
    }
  }

  private static func isClockwise(_ corners: [Point]) -> Bool {
    let area = corners.indices.reduce(0.0) { sum, index in
      let (a, b) = (corners[index], corners[(index + 1) % corners.count])
      return sum + a.x * b.y - b.x * a.y
    }
    return area > 0
  }

  private struct Edge {
    var start, inward: Point

    init(from start: Point, to end: Point, sense: Double) {
      let along = end - start
      let length = max(1e-9, (along * along).sum().squareRoot())
      self.start = start
      inward = Point(-along.y, along.x) * (sense / length)
    }

    func distance(to point: Point) -> Double { ((point - start) * inward).sum() }
  }
}

/// The share of a pixel inside an edge, from its centre's signed distance in pixels (positive inside).
func pixelCoverage(_ inside: Double) -> Double { max(0, min(1, inside + 0.5)) }

/// Linear from `a` at 0 to `b` at 1, clamped.
func mix(_ a: Color, _ b: Color, _ share: Double) -> Color { a + (b - a) * max(0, min(1, share)) }

/// Smooth from 0 at `low` to 1 at `high`, clamped; `low` may exceed `high`.
func smoothStep(_ low: Double, _ high: Double, _ value: Double) -> Double {
  let share = max(0, min(1, (value - low) / (high - low)))
  return share * share * (3 - 2 * share)
}

/// The border of a mask along the edges of its pixels.
extension RunLengths {
  /// Closed lines with the mask inside an odd number of them: outer borders clockwise, those of holes the other way.
  /// Exact; pixels that touch at a corner only are apart.
  package var polygons: [[Vertex]] {
    guard let bounds else { return [] }
    var tracer = BorderTracer(self, bounds)
    return tracer.traced()
  }
}

/// Walks along borders with the mask to the right.
private struct BorderTracer {
  private let origin: (x: Int, y: Int)
  private let height: Int
  /// Column by column within the mask's bounds, with a pixel outside on each side.
  private var pixels: [Pixel]

  private struct Pixel: OptionSet {
    let rawValue: UInt8
    static let inside = Pixel(rawValue: 1)
    /// Its upper edge belongs to a border that has been walked.
    static let walked = Pixel(rawValue: 2)
  }

  /// Right, down, left, up: each turns right into the next.
  private static let steps = [(x: 1, y: 0), (x: 0, y: 1), (x: -1, y: 0), (x: 0, y: -1)]

  init(_ mask: RunLengths, _ bounds: Box) {
    let origin = (x: Int(bounds.upperLeft.x) - 1, y: Int(bounds.upperLeft.y) - 1)
    let height = Int(bounds.size.y) + 2
    var pixels = [Pixel](repeating: [], count: (Int(bounds.size.x) + 2) * height)
    mask.eachRun { column, rows in
      let first = (column - origin.x) * height - origin.y
      for row in rows { pixels[first + row] = .inside }
    }
    (self.origin, self.height, self.pixels) = (origin, height, pixels)
  }

  mutating func traced() -> [[Vertex]] {
    var lines: [[Vertex]] = []
    // Every border has an upper edge of a pixel, walked to the right.
    for index in pixels.indices where pixels[index] == .inside && !pixels[index - 1].contains(.inside) {
      lines.append(walk(from: index))
    }
    return lines
  }

  private mutating func walk(from start: Int) -> [Vertex] {
    var (line, direction) = ([Vertex](), 0)
    var (x, y) = start.quotientAndRemainder(dividingBy: height)
    let (firstX, firstY) = (x, y)
    repeat {
      if direction == 0 { pixels[x * height + y].insert(.walked) }
      x += Self.steps[direction].x
      y += Self.steps[direction].y
      let turn = turn(atX: x, y, direction)
      if turn != 0 { line.append(Vertex(Double(origin.x + x), Double(origin.y + y))) }
      direction = (direction + turn) & 3
    } while x != firstX || y != firstY || direction != 0
    return line
  }

  /// 1 to the right, -1 to the left, 0 straight on.
  private func turn(atX x: Int, _ y: Int, _ direction: Int) -> Int {
    // Of the two pixels ahead, that to the right lies towards the sum of this step and the next.
    let (ahead, right) = (Self.steps[direction], Self.steps[(direction + 1) & 3])
    func isInside(_ side: Int) -> Bool {
      let dx = ahead.x + side * right.x
      let dy = ahead.y + side * right.y
      return pixels[(x + (dx < 0 ? -1 : 0)) * height + y + (dy < 0 ? -1 : 0)].contains(.inside)
    }
    return !isInside(1) ? 1 : isInside(-1) ? -1 : 0
  }
}

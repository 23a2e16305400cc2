internal import CClipper

/// The part of polygons within a rectangle. What an odd number of closed lines encloses belongs to the shape.
package struct ClippedPolygons {
  /// They neither cross nor overlap, and none encloses less than a millionth of a pixel.
  package let lines: [[Vertex]]
  /// Of the part, in square pixels.
  package let area: Double
  /// Of the shape before clipping.
  package let wholeArea: Double

  /// - Parameter polygons: finite corners.
  package init(_ polygons: [[Vertex]], to box: Box) throws(ImagingError) {
    if polygons.isTangled {
      self.init(tangled: polygons, to: box)
    } else {
      try self.init(clipping: polygons, to: box)
    }
  }

  private init(clipping polygons: [[Vertex]], to box: Box) throws(ImagingError) {
    let coordinates = polygons.flatMap { $0.flatMap { [$0.x, $0.y] } }
    let counts = polygons.map { Int32($0.count) }
    var result = unsafe cclipper_result()
    defer { unsafe cclipper_free(&result) }
    var window = cclipper_rectangle(
      left: box.upperLeft.x, top: box.upperLeft.y, right: box.lowerRight.x, bottom: box.lowerRight.y)
    let status = unsafe coordinates.withUnsafeBufferPointer { coordinates in
      unsafe counts.withUnsafeBufferPointer { counts in
        var input = unsafe cclipper_polygons(
          coordinates: coordinates.baseAddress, corner_counts: counts.baseAddress, line_count: Int32(counts.count))
        return unsafe cclipper_clip(&input, &window, &result)
      }
    }
    switch status {
    case CCLIPPER_OK: break
    case CCLIPPER_OUT_OF_MEMORY: throw .outOfMemory
    case CCLIPPER_TOO_LARGE: throw .failed("a polygon reaches too far to be clipped")
    default: throw .failed("a polygon could not be clipped")
    }
    lines = unsafe Self.lines(of: result)
    (area, wholeArea) = unsafe (result.area, result.whole_area)
  }

  /// The result holds as many corners as its counts sum up to.
  private static func lines(of result: cclipper_result) -> [[Vertex]] {
    var next = 0
    return (0..<Int(unsafe result.line_count)).map { line in
      let count = Int(unsafe result.corner_counts[line])
      defer { next += count }
      return (next..<next + count).map { corner in
        unsafe Vertex(result.coordinates[2 * corner], result.coordinates[2 * corner + 1])
      }
    }
  }

  /// In time that grows with the corners only: cut side by side, which leaves seams of no width along the rectangle,
  /// and measured in whole pixels.
  private init(tangled polygons: [[Vertex]], to box: Box) {
    lines = polygons.map { $0.cut(to: box) }.filter { $0.count > 2 }
    let bounds = Box(around: polygons.joined()) ?? box
    wholeArea = Self.countedArea(polygons, in: bounds)
    area = Self.countedArea(lines, in: box)
  }

  /// By the centres of at most 1000 × 1000 cells.
  private static func countedArea(_ polygons: [[Vertex]], in box: Box) -> Double {
    let scale = 1000 / max(box.size.max(), 1)
    let side = min(1000, max(1, Int(box.size.max() * scale)))
    let moved = polygons.map { $0.map { ($0 - box.upperLeft) * scale } }
    let cells = PixelArea(inside: moved, in: ImageShape(width: side, height: side, channels: 1))
    return Double(cells.pixelCount) / (scale * scale)
  }
}

extension [[Vertex]] {
  /// Whether the edges cross so often that Clipper, whose time grows with the crossings, would take seconds: polygons
  /// that nobody drew. Tests each edge against another one, drawn anew for each.
  fileprivate var isTangled: Bool {
    guard reduce(0, { $0 + $1.count }) > 300 else { return false }
    let edges = flatMap { corners in zip(corners, corners.dropFirst() + corners.prefix(1)) }
    var (random, crossings) = (SplitMix64(seed: UInt64(edges.count)), 0)
    for first in edges {
      let second = edges[Int(random.next() % UInt64(edges.count))]
      if crosses(first, second) { crossings += 1 }
    }
    return crossings > 8
  }

  private func crosses(_ first: (Vertex, Vertex), _ second: (Vertex, Vertex)) -> Bool {
    func side(_ edge: (Vertex, Vertex), _ point: Vertex) -> Double {
      let (along, offset) = (edge.1 - edge.0, point - edge.0)
      return along.x * offset.y - along.y * offset.x
    }
    return side(first, second.0) * side(first, second.1) < 0 && side(second, first.0) * side(second, first.1) < 0
  }
}

extension [Vertex] {
  /// The part where `depth` is at least 0: a linear function, such as the distance from a line. Parts stay connected
  /// along that line.
  func cut(_ depth: (Vertex) -> Double) -> [Vertex] {
    guard var before = last else { return [] }
    var (depthBefore, kept) = (depth(before), [Vertex]())
    for corner in self {
      let depthHere = depth(corner)
      if (depthBefore < 0) != (depthHere < 0) {
        kept.append(before + (corner - before) * (depthBefore / (depthBefore - depthHere)))
      }
      if depthHere >= 0 { kept.append(corner) }
      (before, depthBefore) = (corner, depthHere)
    }
    return kept
  }

  func cut(to box: Box) -> [Vertex] {
    cut { $0.x - box.upperLeft.x }.cut { box.lowerRight.x - $0.x }.cut { $0.y - box.upperLeft.y }
      .cut { box.lowerRight.y - $0.y }
      .map { pointwiseMin(pointwiseMax($0, box.upperLeft), box.lowerRight) }  // which rounding has missed
  }
}

import Imaging

/// Where the pixels of a box are after geometries: an orientation, then a matrix or a field. Written without the code
/// that follows labels, to test it: a field's image of a box is found by looking at the source of every pixel.
struct BoxImage {
  private let orientation: Orientation
  /// The shape before `last`.
  private let shape: ImageShape
  private let last: Last

  private enum Last {
    case nothing
    case matrix(Projection)
    case places(PlaceMap)
  }

  private struct Unexpected: Error { let operation: String }

  init(_ operations: [Operation], of source: ImageShape) throws {
    var (orientation, last, shape) = (Orientation.upright, Last.nothing, source)
    for operation in operations {
      guard case .geometry(let geometry, _) = operation else { continue }
      guard case .nothing = last else { throw Unexpected(operation: "\(operation)") }
      switch geometry {
      case .orientation(let next):
        orientation = orientation.followed(by: next)
        shape = next.shape(of: shape)
      case .affine(let projection), .projective(let projection): last = .matrix(projection)
      case .field(let field): last = .places(try field.places(for: shape))
      default: throw Unexpected(operation: "\(operation)")
      }
    }
    (self.orientation, self.shape, self.last) = (orientation, shape, last)
  }

  /// `nil` if nothing of it is left.
  func box(of source: Box) -> Box? {
    let turned = turned(source)
    switch last {
    case .nothing: return turned
    case .matrix(let projection): return hull(of: turned, projection)
    case .places(let places): return extent(of: turned, places)
    }
  }

  /// The sides in the order left, top, right, bottom, told by what an orientation does to rows and columns.
  private func turned(_ box: Box) -> Box {
    let (width, height) = (Double(shape.width), Double(shape.height))
    let swapped = Box(
      Vertex(box.upperLeft.y, box.upperLeft.x), Vertex(box.lowerRight.y, box.lowerRight.x))
    func mirrored(_ box: Box) -> Box {
      Box(Vertex(width - box.lowerRight.x, box.upperLeft.y), Vertex(width - box.upperLeft.x, box.lowerRight.y))
    }
    func flipped(_ box: Box) -> Box {
      Box(Vertex(box.upperLeft.x, height - box.lowerRight.y), Vertex(box.lowerRight.x, height - box.upperLeft.y))
    }
    return switch orientation {
    case .upright: box
    case .mirror: mirrored(box)
    case .rotate180: mirrored(flipped(box))
    case .flip: flipped(box)
    case .transpose: swapped
    case .rotate90: mirrored(swapped)
    case .transverse: mirrored(flipped(swapped))
    case .rotate270: flipped(swapped)
    }
  }

  /// The matrix moves pixel centres; what becomes of the four corners is cut off at each edge of the output.
  private func hull(of box: Box, _ projection: Projection) -> Box? {
    let values = projection.matrix.values
    let corners = [
      box.upperLeft, Vertex(box.lowerRight.x, box.upperLeft.y), box.lowerRight,
      Vertex(box.upperLeft.x, box.lowerRight.y),
    ].map { corner in
      let (x, y) = (corner.x - 0.5, corner.y - 0.5)
      let depth = values[6] * x + values[7] * y + values[8]
      let (across, down) = (values[0] * x + values[1] * y + values[2], values[3] * x + values[4] * y + values[5])
      return Vertex(across / depth + 0.5, down / depth + 0.5)
    }
    let (width, height) = (Double(projection.width), Double(projection.height))
    var left = corners
    for distance in [{ $0.x }, { $0.y }, { width - $0.x }, { height - $0.y }] as [(Vertex) -> Double] {
      left = Self.cut(left, distance)
    }
    return Box(around: left)
  }

  /// The part of a polygon where `distance` is not negative.
  private static func cut(_ polygon: [Vertex], _ distance: (Vertex) -> Double) -> [Vertex] {
    polygon.indices.flatMap { index -> [Vertex] in
      let (from, to) = (polygon[index], polygon[(index + 1) % polygon.count])
      let (here, there) = (distance(from), distance(to))
      let crossing = (here < 0) != (there < 0) ? [from + (to - from) * (here / (here - there))] : []
      return (here < 0 ? [] : [from]) + crossing
    }
  }

  /// Looks along every row and column of places, and along the edges of the image, for where they come from inside the
  /// box: between two places, one inside and one not, the edge of the box lies where the straight line crosses it.
  private func extent(of box: Box, _ places: PlaceMap) -> Box? {
    let grid = PlaceGrid(places: places)
    var (least, most) = (Vertex(repeating: .infinity), Vertex(repeating: -.infinity))
    func add(_ position: Vertex) { (least, most) = (pointwiseMin(least, position), pointwiseMax(most, position)) }
    func look(_ count: Int, _ place: (Int) -> (position: Vertex, source: Vertex)) {
      var before = (position: Vertex.zero, depth: -1.0)
      for index in 0..<count {
        let here = place(index)
        let depth = min((here.source - box.upperLeft).min(), (box.lowerRight - here.source).min())
        if depth >= 0 { add(here.position) }
        if index > 0, (depth >= 0) != (before.depth >= 0) {
          add(before.position + (here.position - before.position) * (before.depth / (before.depth - depth)))
        }
        before = (here.position, depth)
      }
    }
    for row in 0..<places.height + 2 { look(places.width + 2) { grid[$0, row] } }
    for column in 0..<places.width + 2 { look(places.height + 2) { grid[column, $0] } }
    return least.x > most.x ? nil : Box(least, most)
  }
}

/// The centres of pixels with the edges of the image around them, and the source of each.
private struct PlaceGrid {
  let places: PlaceMap

  /// - Parameter column: 0 is the left edge, 1 the first pixel, and so on to the right edge.
  subscript(column: Int, row: Int) -> (position: Vertex, source: Vertex) {
    let (x, y) = (Self.axis(column, places.width), Self.axis(row, places.height))
    let position = Vertex(x.position, y.position)
    if x.beyond == x.pixel && y.beyond == y.pixel { return (position, places[x.pixel, y.pixel] + Vertex(0.5, 0.5)) }
    // From the last two pixels on, half a pixel farther.
    let source = places[x.pixel, y.pixel] * 2 - (places[x.pixel, y.pixel] + places[x.beyond, y.beyond]) / 2
    return (position, source + Vertex(0.5, 0.5))
  }

  /// The pixel of a place, and at an edge the one before, from which the edge is half as far again.
  private static func axis(_ index: Int, _ count: Int) -> (position: Double, pixel: Int, beyond: Int) {
    switch index {
    case 0: (0, 0, min(1, count - 1))
    case count + 1: (Double(count), count - 1, max(count - 2, 0))
    default: (Double(index) - 0.5, index - 1, index - 1)
    }
  }
}

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

  /// The matrix moves pixel centres. Points along the border of the box, without those outside the output: so fine
  /// that what they miss is a small part of a pixel.
  private func hull(of box: Box, _ projection: Projection) -> Box? {
    let (values, size) = (projection.matrix.values, Vertex(Double(projection.width), Double(projection.height)))
    let steps = 4000
    var inside: [Vertex] = []
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      let along = box.upperLeft + box.size * Vertex(share, share)
      for point in [
        Vertex(along.x, box.upperLeft.y), Vertex(along.x, box.lowerRight.y), Vertex(box.upperLeft.x, along.y),
        Vertex(box.lowerRight.x, along.y),
      ] {
        let (x, y) = (point.x - 0.5, point.y - 0.5)
        let depth = values[6] * x + values[7] * y + values[8]
        let moved = Vertex(
          (values[0] * x + values[1] * y + values[2]) / depth, (values[3] * x + values[4] * y + values[5]) / depth)
        inside.append(moved + Vertex(0.5, 0.5))
      }
    }
    return clippedHull(inside, size)
  }

  /// The box of what is inside. Where the border leaves the output, the output's own corners may lie in the region, so
  /// that its edges are those of the image there.
  private func clippedHull(_ points: [Vertex], _ size: Vertex) -> Box? {
    let inside = points.filter { $0.x >= 0 && $0.y >= 0 && $0.x <= size.x && $0.y <= size.y }
    guard var box = Box(around: inside), let whole = Box(around: points) else { return nil }
    // A step of the border, 1/4000 of a side, may end just before the edge.
    if whole.upperLeft.x < 0 && box.upperLeft.x < 0.3 { box.upperLeft.x = 0 }
    if whole.upperLeft.y < 0 && box.upperLeft.y < 0.3 { box.upperLeft.y = 0 }
    if whole.lowerRight.x > size.x && size.x - box.lowerRight.x < 0.3 { box.lowerRight.x = size.x }
    if whole.lowerRight.y > size.y && size.y - box.lowerRight.y < 0.3 { box.lowerRight.y = size.y }
    return box
  }

  /// The pixels that come from inside the box, with the places between neighbours where its edges run.
  private func extent(of box: Box, _ places: PlaceMap) -> Box? {
    var extent: Box?
    for y in 0..<places.height {
      for x in 0..<places.width where depth(of: places[x, y], in: box) >= 0 {
        let pixel = Vertex(Double(x), Double(y))
        let least = Vertex(
          pixel.x - reach(from: (x, y), -1, 0, box, places), pixel.y - reach(from: (x, y), 0, -1, box, places))
        let most = Vertex(
          pixel.x + reach(from: (x, y), 1, 0, box, places), pixel.y + reach(from: (x, y), 0, 1, box, places))
        let half = Vertex(0.5, 0.5)
        extent = Box(around: [least + half, most + half] + (extent.map { [$0.upperLeft, $0.lowerRight] } ?? []))
      }
    }
    return extent
  }

  /// How far a place, in pixel centres, is inside the box; negative outside.
  private func depth(of place: Point, in box: Box) -> Double {
    let (before, behind) = (place + Point(0.5, 0.5) - box.upperLeft, box.lowerRight - place - Point(0.5, 0.5))
    return min(before.min(), behind.min())
  }

  /// How far the region reaches from a pixel inside towards a neighbour: half a pixel at the edge of the image.
  private func reach(from pixel: (x: Int, y: Int), _ dx: Int, _ dy: Int, _ box: Box, _ places: PlaceMap) -> Double {
    let (x, y) = (pixel.x + dx, pixel.y + dy)
    guard x >= 0, y >= 0, x < places.width, y < places.height else { return 0.5 }
    let (here, there) = (depth(of: places[pixel.x, pixel.y], in: box), depth(of: places[x, y], in: box))
    return there >= 0 ? 0 : here / (here - there)
  }
}

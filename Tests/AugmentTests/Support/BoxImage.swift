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

  /// The pixels that come from inside the box, and the places between them and their neighbours where its edges run.
  private func extent(of box: Box, _ places: PlaceMap) -> Box? {
    var (least, most) = (Vertex(repeating: .infinity), Vertex(repeating: -.infinity))
    for y in 0..<places.height {
      for x in 0..<places.width where depth(of: places[x, y], in: box) >= 0 {
        let back = Vertex(reach(from: (x, y), -1, 0, box, places), reach(from: (x, y), 0, -1, box, places))
        let ahead = Vertex(reach(from: (x, y), 1, 0, box, places), reach(from: (x, y), 0, 1, box, places))
        let centre = Vertex(Double(x) + 0.5, Double(y) + 0.5)
        least = pointwiseMin(least, centre - back)
        most = pointwiseMax(most, centre + ahead)
      }
    }
    return least.x > most.x ? nil : Box(least, most)
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

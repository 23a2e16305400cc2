internal import Imaging

/// Finds places for the names of objects: at their boxes, inside the image, and not over each other.
struct PlatePlaces {
  let width, height: Int
  private var taken: [Box] = []
  private var takenArea = 0.0
  /// Boxes that plates should rather not cover.
  private let avoided: [Box]

  /// More would take long, and there is no room anyway.
  private static let avoidedLimit = 200
  /// The share of the image that plates may cover: more would hide what is labelled.
  private static let areaLimit = 0.25

  init(width: Int, height: Int, avoiding boxes: [Box]) {
    (self.width, self.height) = (width, height)
    avoided = Array(boxes.prefix(Self.avoidedLimit))
  }

  /// Takes the best free place for a plate of `size` at a box; `nil` if there is none.
  mutating func take(_ size: Vertex, at box: Box) -> Vertex? {
    let image = Box(.zero, Vertex(Double(width), Double(height)))
    guard box.touches(image), taken.isEmpty || takenArea + size.x * size.y <= Self.areaLimit * image.area else {
      return nil
    }
    let seen = box.clipped(to: image)
    var best: (place: Box, cost: Double)?
    for (order, corner) in Self.corners(of: size, at: seen).enumerated() {
      let place = Box(corner, corner + size).moved(into: image)
      guard !taken.contains(where: { $0.overlap(with: place) > 0 }) else { continue }
      let covered = avoided.reduce(0) { $0 + ($1 == box ? 0 : $1.overlap(with: place) / max(1, $1.area)) }
      let cost = covered + Double(order) * 0.05
      if cost < best?.cost ?? .infinity { best = (place, cost) }
    }
    guard let best else { return nil }
    taken.append(best.place)
    takenArea += best.place.area
    return best.place.upperLeft
  }

  /// Upper left corners, the best first: above the box, inside it, below it, at its left or right end; beside it.
  private static func corners(of size: Vertex, at box: Box) -> [Vertex] {
    let (left, right) = (box.upperLeft.x - 1, box.lowerRight.x + 1 - size.x)
    let (top, bottom) = (box.upperLeft.y, box.lowerRight.y)
    let isRoomy = box.size.x >= size.x && box.size.y >= 2 * size.y
    let inside = isRoomy ? [Vertex(left + 1, top), Vertex(right - 1, top)] : []
    let low = isRoomy ? [Vertex(left + 1, bottom - size.y), Vertex(right - 1, bottom - size.y)] : []
    return [Vertex(left, top - size.y)] + inside.prefix(1)
      + [Vertex(left, bottom), Vertex(right, top - size.y)] + inside.dropFirst() + low
      + [Vertex(right, bottom), Vertex(box.lowerRight.x, top), Vertex(box.upperLeft.x - size.x, top)]
  }
}

extension Box {
  fileprivate var area: Double { size.x * size.y }

  fileprivate func touches(_ other: Box) -> Bool {
    all(upperLeft .<= other.lowerRight) && all(lowerRight .>= other.upperLeft)
  }

  fileprivate func overlap(with other: Box) -> Double {
    let shared = pointwiseMin(lowerRight, other.lowerRight) - pointwiseMax(upperLeft, other.upperLeft)
    return max(0, shared.x) * max(0, shared.y)
  }

  fileprivate func clipped(to other: Box) -> Box {
    let low = upperLeft.clamped(lowerBound: other.upperLeft, upperBound: other.lowerRight)
    return Box(low, lowerRight.clamped(lowerBound: other.upperLeft, upperBound: other.lowerRight))
  }

  /// As near as possible, and inside if it is not too large.
  fileprivate func moved(into other: Box) -> Box {
    let room = pointwiseMax(other.upperLeft, other.lowerRight - size)
    let corner = upperLeft.clamped(lowerBound: other.upperLeft, upperBound: room)
    return Box(corner, corner + size)
  }
}

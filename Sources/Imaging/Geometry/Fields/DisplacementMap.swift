/// How far a field moves the points of an image.
protocol Displacements: Sendable {
  var width: Int { get }
  var height: Int { get }

  /// At a point between the first and the last pixel centres.
  func displacement(at point: Point) -> Displacement

  /// Pixels over which the slopes of the field hardly change.
  var smoothLength: Double { get }
}

/// A displacement in pixels, and how it changes per column and per row.
struct Displacement {
  var shift, perColumn, perRow: Point

  /// Positive where the source is not mirrored.
  var orientation: Double { (1 + perColumn.x) * (1 + perRow.y) - perColumn.y * perRow.x }

  /// Whether points that lie apart in a direction stay apart in it, also where one axis does not change: a field with
  /// such slopes everywhere meets itself nowhere.
  var isMonotone: Bool {
    let (across, down) = (1 + min(perColumn.x, 0), 1 + min(perRow.y, 0))
    let shear = (abs(perColumn.y) + abs(perRow.x)) / 2
    return across > Self.least && down > Self.least && across * down - shear * shear > Self.least
  }

  /// Whether the source is mirrored, or nearly.
  var isFolded: Bool { !(orientation > Self.least) }

  /// Whether a step of a pixel goes far away, as where tiles were shuffled.
  var isTorn: Bool { !(max(abs(perColumn.x), abs(perColumn.y), abs(perRow.x), abs(perRow.y)) < 8) }

  /// Above 0, because slopes are looked at here and there.
  private static let least = 0.25

  /// The step from an output point, by Newton, that changes its source point by `change`; `nil` where that has none.
  func step(for change: Point) -> Point? {
    guard abs(orientation) > 1e-9 else { return nil }
    let across = Point((1 + perRow.y) * change.x - perRow.x * change.y, -perColumn.y * change.x)
    return Point(across.x, across.y + (1 + perColumn.x) * change.y) / orientation
  }
}

/// A field as displacements: out(p) = in(p + d(p)). Beyond the edges d is that of the nearest point of the image.
///
/// The output point of a source point q solves p + d(p) = q, by Newton's method: two to four steps from a good guess.
struct DisplacementMap<Field: Displacements>: FieldMap {
  private let field: Field
  private let last: Point
  private let survey: FieldSurvey

  init(_ field: Field) {
    self.field = field
    last = Point(Double(field.width - 1), Double(field.height - 1))
    survey = FieldSurvey(field)
  }

  /// Of a source point, in pixels.
  private static var tolerance: Double { 1e-8 }

  var straightLength: Double { max(4, field.smoothLength) }

  func folds(in box: Box) -> Bool { survey.folds(box) }

  /// The displacement at any point; it does not change beyond an edge.
  private func displacement(at point: Point) -> Displacement {
    // So written that what is not a number becomes 0.
    let inside = Point(point.x > 0 ? min(point.x, last.x) : 0, point.y > 0 ? min(point.y, last.y) : 0)
    var displacement = field.displacement(at: inside)
    if inside.x != point.x { displacement.perColumn = .zero }
    if inside.y != point.y { displacement.perRow = .zero }
    return displacement
  }

  func place(of pixel: Point) -> Point { pixel + displacement(at: pixel).shift }

  func pixel(showing place: Point, near: Point?) -> Point? {
    if let pixel = solution(place, from: near ?? place) { return pixel }
    return survey.start(for: place).flatMap { solution(place, from: $0) }
  }

  private func solution(_ place: Point, from start: Point) -> Point? {
    guard let pixel = newton(place, from: start) else { return nil }
    // Beyond the edges a field may meet itself that turns points around, for one.
    return survey.isMonotone || isInside(pixel) ? pixel : nil
  }

  private func isInside(_ pixel: Point) -> Bool {
    pixel.x >= -1 && pixel.y >= -1 && pixel.x <= last.x + 1 && pixel.y <= last.y + 1
  }

  /// `nil` where the field folds, and if it does not get there.
  private func newton(_ place: Point, from start: Point) -> Point? {
    var (pixel, share, before) = (start, 1.0, Double.infinity)
    var step = Point.zero
    for _ in 0..<40 {
      let displacement = displacement(at: pixel)
      let rest = place - pixel - displacement.shift
      let error = max(abs(rest.x), abs(rest.y))
      if error <= Self.tolerance { return displacement.orientation > 0 ? pixel : nil }
      guard error.isFinite else { return nil }
      if error < before {
        guard let next = displacement.step(for: rest) else { return nil }
        (step, share, before) = (next, 1, error)
      } else {
        // The step has left the part that its slope holds for: go half of it.
        pixel -= step * share
        share /= 2
      }
      pixel += step * share
    }
    return nil
  }
}

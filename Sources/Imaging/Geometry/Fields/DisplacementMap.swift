/// How far a field moves the points of an image.
protocol Displacements: Sendable {
  var width: Int { get }
  var height: Int { get }

  /// At a point between the first and the last pixel centres.
  func displacement(at point: Point) -> Displacement

  /// At least the change per column plus the change per row, of either axis and anywhere. Below 1 nothing folds.
  var steepness: Double { get }

  /// See `FieldMap`.
  var straightLength: Double { get }
}

/// A displacement in pixels, and how it changes per column and per row.
struct Displacement {
  var shift, perColumn, perRow: Point

  /// Positive where the source is not mirrored.
  var orientation: Double { (1 + perColumn.x) * (1 + perRow.y) - perColumn.y * perRow.x }

  /// The step from an output point, by Newton, that changes its source point by `change`; `nil` where that has none.
  func step(for change: Point) -> Point? {
    guard abs(orientation) > 1e-9 else { return nil }
    let across = Point((1 + perRow.y) * change.x - perRow.x * change.y, -perColumn.y * change.x)
    return Point(across.x, across.y + (1 + perColumn.x) * change.y) / orientation
  }
}

/// A field as displacements: out(p) = in(p + d(p)). Beyond the edges d is that of the nearest point of the image.
///
/// The output point of a source point q solves p + d(p) = q: by Newton's method, which takes two to four steps, and
/// where d is not steep and Newton fails, by p ← q − d(p), which then converges from anywhere.
struct DisplacementMap<Field: Displacements>: FieldMap {
  private let field: Field
  private let last: Point
  /// Looks at the field where it is so steep that it might fold; else `nil`.
  private let survey: FieldSurvey?

  init(_ field: Field) {
    self.field = field
    last = Point(Double(field.width - 1), Double(field.height - 1))
    survey = field.steepness < Self.safeSteepness ? nil : FieldSurvey(field)
  }

  /// Below 1, for rounding, and so that the slow way ends within the steps it has.
  private static var safeSteepness: Double { 0.9 }
  /// Of a source point, in pixels.
  private static var tolerance: Double { 1e-8 }

  var straightLength: Double { field.straightLength }

  /// The displacement at any point; it does not change beyond an edge.
  private func displacement(at point: Point) -> Displacement {
    // So written that what is not a number becomes 0.
    let inside = Point(
      point.x > 0 ? min(point.x, last.x) : 0, point.y > 0 ? min(point.y, last.y) : 0)
    var displacement = field.displacement(at: inside)
    if inside.x != point.x { displacement.perColumn = .zero }
    if inside.y != point.y { displacement.perRow = .zero }
    return displacement
  }

  func place(of pixel: Point) -> Point { pixel + displacement(at: pixel).shift }

  func pixel(showing place: Point, near: Point?) -> Point? {
    guard let survey else { return newton(place, from: near ?? place) ?? iteration(place) }
    for start in [near, place - displacement(at: place).shift, survey.start(for: place)] {
      guard let start, let pixel = newton(place, from: start), isInside(pixel) else { continue }
      return displacement(at: pixel).orientation > 0 ? pixel : nil
    }
    return nil
  }

  /// Beyond the edges a steep field may meet itself: there it is not trusted.
  private func isInside(_ pixel: Point) -> Bool {
    pixel.x >= -1 && pixel.y >= -1 && pixel.x <= last.x + 1 && pixel.y <= last.y + 1
  }

  private func newton(_ place: Point, from start: Point) -> Point? {
    var pixel = start
    for _ in 0..<12 {
      let displacement = displacement(at: pixel)
      let rest = place - pixel - displacement.shift
      let error = max(abs(rest.x), abs(rest.y))
      if error <= Self.tolerance { return pixel }
      guard error.isFinite, let step = displacement.step(for: rest) else { return nil }
      // A longer step has left the part that the slope is true for.
      let length = max(abs(step.x), abs(step.y))
      pixel += length > 64 ? step * (64 / length) : step
    }
    return nil
  }

  /// Each step divides the error by at least 1 / steepness.
  private func iteration(_ place: Point) -> Point? {
    var pixel = place
    for _ in 0..<200 {
      let next = place - displacement(at: pixel).shift
      let change = next - pixel
      pixel = next
      if max(abs(change.x), abs(change.y)) <= Self.tolerance { return pixel }
    }
    return nil
  }

  func folds(in box: Box) -> Bool { survey?.folds(box) == true }
}

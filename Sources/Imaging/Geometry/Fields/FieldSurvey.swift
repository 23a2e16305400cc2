/// Where a field folds, and where about it takes its points from: from a look at a grid of pixels.
struct FieldSurvey: Sendable {
  /// Whether the field meets itself nowhere, even beyond the edges.
  private(set) var isMonotone = true
  /// Cells of the source, row by row, of which something is shown mirrored, and so several times. Empty for none.
  private var folded: [Bool] = []
  private var isTorn = false
  /// Some pixels of all parts of the image with their source places, if the field is not monotone.
  private var starts: [(pixel: Point, place: Point)] = []
  private let cell: Double
  private let columns, rows: Int

  private static let cellCount = 64
  private static let startLimit = 1024.0

  init(_ field: some Displacements) {
    let last = Point(Double(field.width - 1), Double(field.height - 1))
    cell = max(2, field.smoothLength, (last.max() + 1) / Double(Self.cellCount))
    columns = Int(last.x / cell) + 1
    rows = Int(last.y / cell) + 1
    for pixel in Self.pixels(upTo: last, pitch: max(1, field.smoothLength)) {
      let displacement = field.displacement(at: pixel)
      if !displacement.isMonotone { note(displacement, at: pixel) }
    }
    if isMonotone { return }
    let pitch = max(1, ((last.x + 1) * (last.y + 1) / Self.startLimit).squareRoot())
    starts = Self.pixels(upTo: last, pitch: pitch).map { ($0, $0 + field.displacement(at: $0).shift) }
  }

  /// At most `pitch` apart, with all edges: there a field is steepest that repeats its rows beyond.
  private static func pixels(upTo last: Point, pitch: Double) -> some Sequence<Point> {
    let steps = (last / pitch).rounded(.up)
    let (columns, rows) = (Int(steps.x), Int(steps.y))
    return (0...rows).lazy.flatMap { row in
      (0...columns).lazy.map { column in
        last * Point(Double(column) / max(steps.x, 1), Double(row) / max(steps.y, 1))
      }
    }
  }

  private mutating func note(_ displacement: Displacement, at pixel: Point) {
    isMonotone = false
    if displacement.isTorn { isTorn = true }
    guard displacement.isFolded else { return }
    if folded.isEmpty { folded = Array(repeating: false, count: columns * rows) }
    let place = (pixel + displacement.shift) / cell
    guard place.x > -1, place.y > -1, place.x < Double(columns), place.y < Double(rows) else { return }
    folded[Int(place.y) * columns + Int(place.x)] = true
  }

  /// Whether some of what lies in a box of the source, in pixels between corners, might be shown folded. A cell around
  /// it counts too, because pixels were looked at here and there.
  func folds(_ box: Box) -> Bool {
    if isTorn { return true }
    if folded.isEmpty { return false }
    let (start, end) = (box.upperLeft / cell - 1, box.lowerRight / cell + 1)
    func range(_ start: Double, _ end: Double, _ count: Int) -> Range<Int> {
      let first = Int(min(max(0, start), Double(count)))
      return first..<max(first, Int(min(max(0, end + 1), Double(count))))
    }
    return range(start.y, end.y, rows).contains { row in
      range(start.x, end.x, columns).contains { folded[row * columns + $0] }
    }
  }

  /// The pixel, of a few, whose source is nearest to `place`.
  func start(for place: Point) -> Point? {
    func distance(_ other: Point) -> Double { ((other - place) * (other - place)).sum() }
    return starts.min { distance($0.place) < distance($1.place) }?.pixel
  }
}

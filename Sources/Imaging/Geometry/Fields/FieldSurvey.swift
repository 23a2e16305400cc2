/// Where a steep field folds, and where about it takes its points from: by a look at a grid of pixels.
struct FieldSurvey: Sendable {
  /// Source places of pixels where the field shows the source mirrored.
  private let folded: [Point]
  /// How far a place that is folded may lie from the next of those.
  private let margin: Double
  /// Some pixels of all parts of the image, and their source places.
  private let starts: [(pixel: Point, place: Point)]
  private let isTorn: Bool

  private static let sampleLimit = 65_536.0
  private static let startLimit = 1024.0
  /// A field that changes by more from one pixel to the next has been torn, as by a shuffle of tiles.
  private static let tear = 8.0

  init(_ field: some Displacements) {
    let area = Double(field.width) * Double(field.height)
    let pitch = max(1, field.straightLength / 4, (area / Self.sampleLimit).squareRoot())
    let startPitch = max(1, (area / Self.startLimit).squareRoot())
    isTorn = field.steepness > Self.tear
    margin = pitch * (1 + min(field.steepness, Self.tear))
    folded = Self.pixels(of: field, pitch).compactMap { pixel in
      let displacement = field.displacement(at: pixel)
      return displacement.orientation > 0 ? nil : pixel + displacement.shift
    }
    starts = Self.pixels(of: field, startPitch).map { ($0, $0 + field.displacement(at: $0).shift) }
  }

  private static func pixels(of field: some Displacements, _ pitch: Double) -> [Point] {
    stride(from: 0, through: Double(field.height - 1), by: pitch).flatMap { y in
      stride(from: 0, through: Double(field.width - 1), by: pitch).map { Point($0, y) }
    }
  }

  /// Whether some of what lies in a box of the source, in pixels between corners, is shown mirrored, and so several
  /// times.
  func folds(_ box: Box) -> Bool {
    let around = Box(box.upperLeft - 0.5 - margin, box.lowerRight - 0.5 + margin)
    return isTorn || folded.contains(where: around.contains)
  }

  /// The pixel, of a few, whose source is nearest to `place`.
  func start(for place: Point) -> Point? {
    func distance(_ other: Point) -> Double { ((other - place) * (other - place)).sum() }
    return starts.min { distance($0.place) < distance($1.place) }?.pixel
  }
}

import Imaging
import Testing

/// Points go where pixels go, in every geometry.
struct PointMapTests {
  private static let shape = ImageShape(width: 120, height: 90, channels: 1)

  private static let projection: Projection = {
    let matrix = Matrix3([1.1, 0.12, -9, -0.08, 0.93, 6, 0.0006, -0.0004, 1])
    return Projection(matrix, width: 110, height: 95)
  }()

  private static let geometries: [(String, Geometry)] =
    Orientation.allCases.map { ("\($0)", .orientation($0)) } + [
      ("crop", .window(Rectangle(x: 17, y: 9, width: 90, height: 75))),
      ("pad", .window(Rectangle(x: -11, y: -30, width: 150, height: 140))),
      ("enlarged", .resize(width: 260, height: 170)), ("reduced", .resize(width: 70, height: 64)),
      ("projective", .projective(projection)),
      ("affine", .affine(Projection(.translation(20, -7) * .scale(1.3, 0.8), width: 150, height: 80))),
      ("barrel", .field(LensField(k: 0.3, isFisheye: false))), ("cushion", .field(LensField(k: -0.3, isFisheye: true))),
      ("elastic", .field(ElasticField(seed: 5, alpha: 120, sigma: 8))),
      ("grid", .field(SeparableField(columns: stretched(120), rows: stretched(90)))),
    ]

  /// Stretches the first half to twice the width of the second.
  private static func stretched(_ count: Int) -> [Float] {
    (0..<count).map {
      $0 * 3 < count * 2 ? Float($0) * 0.75 : Float(count) * 0.5 + (Float($0) - Float(count) * 2 / 3) * 1.5
    }
  }

  /// A patch of 3 × 3 pixels around `place`: a single pixel may fall between the sampled places, and the centre of a
  /// large patch does not map to the centre of its image.
  private func dot(at place: Point) -> PixelBuffer {
    Picture.of(
      Self.shape,
      (0..<Self.shape.byteCount).map { index in
        let pixel = Point(Double(index % Self.shape.width), Double(index / Self.shape.width))
        let offset = pixel - place
        return max(abs(offset.x), abs(offset.y)) <= 1 ? 255 : 0
      })
  }

  /// The centre of the bright pixels, weighted by brightness; `nil` if all are dark.
  private func middle(_ image: borrowing PixelBuffer) -> Point? {
    var (sum, total) = (Point.zero, 0.0)
    for (index, byte) in image.bytes.enumerated() where byte > 0 {
      sum += Point(Double(index % image.shape.width), Double(index / image.shape.width)) * Double(byte)
      total += Double(byte)
    }
    return total > 0 ? sum / total : nil
  }

  @Test(arguments: geometries.map(\.0))
  func aBrightDotLandsWhereItsPointDoes(name: String) throws {
    let geometry = try #require(Self.geometries.first { $0.0 == name }).1
    let map = try #require(try PointMap(geometry, for: Self.shape))
    var landed = 0
    for place in [Point(30, 20), Point(60, 45), Point(85, 70), Point(25, 65), Point(100, 15)] {
      let result = try Operation.geometry(geometry).applied(to: dot(at: place))
      #expect(result.shape == map.outputShape)
      guard let point = map.map(place), isWellInside(point, result.shape) else { continue }
      let middle = middle(result)
      let seen = try #require(middle, "\(place)")
      #expect(max(abs(seen.x - point.x), abs(seen.y - point.y)) < 1, "\(place) lies at \(seen), not at \(point)")
      landed += 1
    }
    #expect(landed >= 3, "most points are in the picture")
  }

  /// Whether the whole dot is inside.
  private func isWellInside(_ point: Point, _ shape: ImageShape) -> Bool {
    point.x > 6 && point.y > 6 && point.x < Double(shape.width - 7) && point.y < Double(shape.height - 7)
  }

  /// Round trip: the place that a pixel is taken from maps to that pixel.
  @Test(arguments: geometries.map(\.0))
  func whatAPixelIsTakenFromGoesToThatPixel(name: String) throws {
    let geometry = try #require(Self.geometries.first { $0.0 == name }).1
    let map = try #require(try PointMap(geometry, for: Self.shape))
    for y in stride(from: 10, to: map.outputShape.height - 10, by: 13) {
      let row = map.coordinates(row: y)
      #expect(row.count == map.outputShape.width)
      for x in stride(from: 10, to: row.count - 10, by: 11) {
        let point = try #require(map.map(row[x]), "(\(x), \(y))")
        #expect(max(abs(point.x - Double(x)), abs(point.y - Double(y))) < 0.01, "(\(x), \(y))")
      }
    }
  }

  @Test func behindTheHorizonAPointGoesNowhere() throws {
    let steep = Projection(Matrix3([1, 0, 0, 0, 1, 0, 0, -0.02, 1]), width: 40, height: 30)
    let map = try #require(try PointMap(.projective(steep), for: Self.shape))
    #expect(map.map(Point(10, 20)) != nil && map.map(Point(10, 49.9)) != nil)
    #expect(map.map(Point(10, 50)) == nil && map.map(Point(10, 80)) == nil)
  }

  @Test func whereAFieldNeverLooksAPointGoesNowhere() throws {
    let left = SeparableField(columns: (0..<120).map { Float($0) / 2 }, rows: (0..<90).map { Float($0) })
    let map = try #require(try PointMap(.field(left), for: Self.shape))
    #expect(map.map(Point(20, 30)) == Point(40, 30))
    #expect(map.map(Point(100, 30)) == nil)
  }

  @Test func aMapThatFlattensHasNoPoints() throws {
    let line = Projection(.scale(1, 0), width: 40, height: 30)
    #expect(try PointMap(.projective(line), for: Self.shape) == nil)
  }
}

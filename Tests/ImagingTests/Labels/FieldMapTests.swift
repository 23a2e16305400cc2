import Imaging
import TestSupport
import Testing

/// Fields tell where source points go.
struct FieldMapTests {
  private static let shape = ImageShape(width: 128, height: 96, channels: 3)

  private static let fields: [(String, any PointField)] = [
    ("barrel", LensField(k: 0.3, isFisheye: false)), ("cushion", LensField(k: -0.2, isFisheye: false)),
    ("fisheye", LensField(k: 0.4, isFisheye: true)), ("narrow fisheye", LensField(k: -0.25, isFisheye: true)),
    ("coarse elastic", ElasticField(seed: 5, alpha: 90, sigma: 13)),
    ("fine elastic", ElasticField(seed: 6, alpha: 30, sigma: 5)),
    ("shared elastic", ElasticField(seed: 7, alpha: 80, sigma: 20, sharesAxes: true)),
    ("uniform elastic", ElasticField(seed: 8, alpha: 5, sigma: 30, isApproximate: true, isUniform: true)),
    ("grid", grid), ("unknown", UnknownField()),
  ]

  private static let grid = SeparableField(
    columns: GridDistortion().coordinates([1.1, 0.9, 1, 1.2, 0.8, 1], length: 128),
    rows: GridDistortion().coordinates([0.9, 1.1, 1.05, 0.95, 1, 1], length: 96))

  /// A field that has no formula for the way back: a quarter turn about the centre, which is far from no move.
  private struct UnknownField: PointField {
    func apply(
      _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
    ) throws(ImagingError) {}

    func places(for shape: ImageShape) -> PlaceMap {
      let pixels = (0..<shape.height).flatMap { y in (0..<shape.width).map { x in (x, y) } }
      let middle = Float(shape.width - 1) / 2
      return PlaceMap(
        width: shape.width, height: shape.height, xs: pixels.map { middle + middle - Float($0.1) },
        ys: pixels.map { Float($0.0) })
    }
  }

  @Test(arguments: fields.map(\.0))
  func theWayBackLeadsToTheSamePoint(name: String) throws {
    let field = try #require(Self.fields.first { $0.0 == name }).1
    let map = try field.map(for: Self.shape)
    var (random, found) = (SeededGenerator(seed: 3), 0)
    for _ in 0..<2000 {
      let place = Point(Double.random(in: 20...108, using: &random), Double.random(in: 16...80, using: &random))
      guard let pixel = map.pixel(showing: place, near: nil) else { continue }
      let error = map.place(of: pixel) - place
      #expect(max(abs(error.x), abs(error.y)) < 1e-6, "\(place)")
      found += 1
    }
    // The turned image shows a part of the source.
    #expect(found > 1600)
  }

  /// The formula of a field and the table of its pixels, inverted without one, agree.
  @Test(arguments: fields.map(\.0).filter { $0 != "grid" })
  func theFormulaIsWhatThePixelsDo(name: String) throws {
    let field = try #require(Self.fields.first { $0.0 == name }).1
    let (map, places) = (try field.map(for: Self.shape), try field.places(for: Self.shape))
    let table = try TableOnly(places: places).map(for: Self.shape)
    for y in stride(from: 0, to: 96, by: 5) {
      for x in stride(from: 0, to: 128, by: 3) {
        let pixel = Point(Double(x), Double(y))
        let place = map.place(of: pixel)
        let rest = place - places[x, y]
        #expect(max(abs(rest.x), abs(rest.y)) < 1e-3, "\(x) \(y)")
        let back = try #require(table.pixel(showing: places[x, y], near: nil))
        #expect(max(abs(back.x - pixel.x), abs(back.y - pixel.y)) < 1e-3, "\(x) \(y)")
      }
    }
  }

  private struct TableOnly: PointField {
    let places: PlaceMap

    func apply(
      _ resampling: Resampling, to source: borrowing PixelBuffer, into destination: inout PixelBuffer
    ) throws(ImagingError) {}

    func places(for shape: ImageShape) -> PlaceMap { places }
  }

  @Test func gridsAreInvertedAsTheReferenceSays() throws {
    let map = Self.grid.map(for: Self.shape)
    let corners = [(20.0, 10.0, 17.455, 10.526), (60, 50, 59.6, 48.827), (100, 70, 95, 69.017), (128, 95, 127, 94)]
    for (x, y, expectedX, expectedY) in corners {
      let pixel = try #require(map.pixel(showing: Point(x, y), near: nil))
      #expect(abs(pixel.x - expectedX) < 6e-4 && abs(pixel.y - expectedY) < 6e-4, "\(pixel)")
    }
  }

  /// Of columns that repeat, what begins at their place begins with the first of them.
  @Test func repeatedColumnsBelongToWhatBeginsThere() throws {
    let field = SeparableField(columns: [0, 1, 2, 2, 2, 3, 4], rows: [0, 1, 2])
    let map = field.map(for: ImageShape(width: 7, height: 3, channels: 1))
    for (place, expected) in [(1.5, 1.5), (2, 2), (2.5, 4.5), (4, 6), (5, 7), (-1, -1)] {
      #expect(map.pixel(showing: Point(place, 1), near: nil) == Point(expected, 1))
    }
  }

  @Test(
    arguments: [
      LensField(k: 0, isFisheye: false), LensField(k: 0, isFisheye: true), ElasticField(seed: 1, alpha: 0, sigma: 3),
      ElasticField(seed: 1, alpha: 0, sigma: 50),
      SeparableField(columns: (0..<128).map { Float($0) }, rows: (0..<96).map { Float($0) }),
      DisplacementField(dx: Array(repeating: 0, count: 128 * 96), dy: Array(repeating: 0, count: 128 * 96)),
    ] as [any PointField])
  func noStrengthMovesNoPoint(field: any PointField) throws {
    let map = try field.map(for: Self.shape)
    var random = SeededGenerator(seed: 9)
    for _ in 0..<200 {
      let place = Point(Double.random(in: -0.5...127.5, using: &random), Double.random(in: -0.5...95.5, using: &random))
      #expect(map.pixel(showing: place, near: nil) == place)
    }
  }

  @Test func fieldsThatFoldSaySo() throws {
    let whole = Box(.zero, Vertex(128, 96))
    #expect(try ElasticField(seed: 5, alpha: 3000, sigma: 13).map(for: Self.shape).folds(in: whole))
    #expect(!(try ElasticField(seed: 5, alpha: 100, sigma: 13).map(for: Self.shape).folds(in: whole)))
    #expect(LensField(k: -0.9, isFisheye: true).map(for: Self.shape).folds(in: whole))
    let mirror = SeparableField(columns: (0..<128).map { Float(127 - $0) }, rows: (0..<96).map { Float($0) })
    #expect(mirror.map(for: Self.shape).folds(in: whole))
  }

  /// What is not a number, and what is absurdly large, leads nowhere, but to no trap.
  @Test(arguments: fields.map(\.0))
  func nothingTrapsOnAbsurdPoints(name: String) throws {
    let map = try #require(Self.fields.first { $0.0 == name }).1.map(for: Self.shape)
    for value in [Double.nan, .infinity, -.infinity, 1e300, -1e18, .leastNonzeroMagnitude] {
      for point in [Point(value, 5), Point(5, value), Point(value, value)] {
        _ = map.pixel(showing: point, near: nil)
        _ = map.pixel(showing: Point(3, 4), near: point)
        _ = map.place(of: point)
      }
    }
  }

  @Test func tornFieldsAreKnown() throws {
    // Two halves that change places.
    let shape = ImageShape(width: 40, height: 8, channels: 1)
    let dx = (0..<320).map { Float($0 % 40 < 20 ? 20 : -20) }
    let map = DisplacementField(dx: dx, dy: Array(repeating: 0, count: 320)).map(for: shape)
    #expect(map.folds(in: Box(Vertex(2, 2), Vertex(5, 5))))
  }

  /// Labels and pixels share what an elastic field has drawn.
  @Test(arguments: [5.0, 20]) func pixelsAreTheSameBeforeAndAfterLabels(sigma: Double) throws {
    let source = Picture.noise(Self.shape)
    let before = try Operation.geometry(.field(ElasticField(seed: 3, alpha: 90, sigma: sigma))).applied(to: source)
    let field = ElasticField(seed: 3, alpha: 90, sigma: sigma)
    _ = try field.map(for: Self.shape)
    #expect(try Operation.geometry(.field(field)).applied(to: source).bytes == before.bytes)
    let other = Picture.noise(ImageShape(width: 60, height: 50, channels: 1))
    let expected = try Operation.geometry(.field(ElasticField(seed: 3, alpha: 90, sigma: sigma))).applied(to: other)
    #expect(try Operation.geometry(.field(field)).applied(to: other).bytes == expected.bytes)
  }
}

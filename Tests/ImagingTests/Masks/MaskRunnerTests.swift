import Imaging
import Testing

/// Masks go where their images go.
struct MaskRunnerTests {
  private static let shape = ImageShape(width: 120, height: 90, channels: 3)
  private static let gridSize = ImageSize(width: shape.width, height: shape.height)

  private static let palette = MaskPalette(colors: (0..<3 * 256).map { UInt8(truncatingIfNeeded: $0 &* 89 &+ 17) })

  /// Draws of every transform that moves pixels, as operations.
  private static func forEachGeometry(_ body: (String, [Imaging.Operation]) throws -> Void) rethrows -> Int {
    var count = 0
    for transform in Variants.all where transform.isGeometric(for: shape) && transform.reasonToSkip(shape) == nil {
      for number in 0..<3 {
        try body("\(transform) \(number)", [operation(of: transform, number)])
        count += 1
      }
    }
    return count
  }

  private static func operation<Moving: Transform>(of transform: Moving, _ number: Int) -> Imaging.Operation {
    var random = StreamKey(seed: 7, path: "mask", copy: number).stream(node: 0)
    return transform.operation(transform.sample(for: shape, using: &random), for: shape)
  }

  /// The same operations for an image that is sampled like a mask.
  private static func nearest(_ operations: [Imaging.Operation], fill: [Double]) -> [Imaging.Operation] {
    operations.map { operation in
      switch operation {
      case .sequence(let inner): return .sequence(nearest(inner, fill: fill))
      case .geometry(let geometry, var resampling):
        (resampling.interpolation, resampling.fill, resampling.maskFill) = (.nearest, fill, fill)
        resampling.maskInterpolation = .nearest
        return .geometry(geometry, resampling)
      default: return operation
      }
    }
  }

  /// The colours of indices.
  private static func painted(_ indices: [Int]) -> [Int] {
    indices.flatMap { index in palette.colors[3 * index..<3 * index + 3].map { Int($0) } }
  }

  @Test func aMaskMovesExactlyLikeTheImageThatItPaints() throws {
    let indices = Picture.noise(ImageShape(width: 120, height: 90, channels: 1))
    var image = PixelBuffer(Self.shape)
    image.set(Self.painted(indices.bytes.map { Int($0) }).map { UInt8($0) })
    let mask = MaskImage(indices, .palette(Self.palette))
    var runner = PipelineRunner()
    var moved = Image()
    let source = Image(color: image)
    let count = try Self.forEachGeometry { name, operations in
      let black = MaskContent(try Masks.moved(mask, by: Self.nearest(operations, fill: [255])))
      let fill = Self.palette.colors.suffix(3).map { Double($0) }
      try runner.run(Self.nearest(operations, fill: fill), on: source, into: &moved)
      #expect(black.size == moved.color.shape.size && black.layout == mask.layout, "\(name)")
      #expect(Self.painted(black.values) == moved.color.bytes.map { Int($0) }, "\(name)")
    }
    #expect(count > 100)
  }

  /// In double precision, by the map that points follow. Fields and affine maps are rounded to some thousandths of a
  /// pixel before.
  @Test func everyValueComesFromThePixelNearestToItsPlace() throws {
    let mask = try Masks.numbered(width: Self.shape.width, height: Self.shape.height)
    var checked = 0
    _ = try Self.forEachGeometry { name, operations in
      guard case .geometry(let geometry, var resampling) = operations[0] else { return }
      if case .resize = geometry { return }
      guard let map = try PointMap(geometry, for: Self.shape) else { return }
      resampling.border = .constant
      let moved = MaskContent(try Masks.moved(mask, by: [.geometry(geometry, resampling)]))
      #expect(moved.size == map.outputShape.size)
      for y in stride(from: 0, to: moved.size.height, by: 3) {
        let row = map.coordinates(row: y)
        for x in stride(from: 0, to: row.count, by: 2) {
          let number = moved.values[y * row.count + x]
          #expect(Self.isNearest(number, to: row[x]), "\(name): \(number) at (\(x), \(y)) from \(row[x])")
          checked += 1
        }
      }
    }
    #expect(checked > 50_000)
  }

  /// Whether a pixel of the numbered mask is the nearest to a point, or the fill if the point lies outside.
  private static func isNearest(_ number: Int, to place: Point) -> Bool {
    let tolerance = 0.51
    guard number > 0 else {
      let (right, bottom) = (Double(shape.width) - 1 + 0.49, Double(shape.height) - 1 + 0.49)
      return place.x < -0.49 || place.y < -0.49 || place.x > right || place.y > bottom
    }
    let pixel = Point(Double((number - 1) % shape.width), Double((number - 1) / shape.width))
    return abs(place.x - pixel.x) <= tolerance && abs(place.y - pixel.y) <= tolerance
  }

  /// OpenCV's INTER_NEAREST, which Albumentations uses for masks: the pixel at or before the place of the left edge.
  @Test(arguments: [(120, 90), (240, 180), (60, 45), (70, 64), (121, 89), (1, 1), (7, 300)])
  func aResizedMaskTakesThePixelsThatOpenCVDoes(width: Int, height: Int) throws {
    let mask = try Masks.numbered(width: Self.shape.width, height: Self.shape.height)
    let moved = MaskContent(try Masks.moved(mask, by: [.geometry(.resize(width: width, height: height))]))
    let columns = Self.places(width, of: Self.shape.width)
    let expected = Self.places(height, of: Self.shape.height).flatMap { row in
      columns.map { column in row * Self.shape.width + column + 1 }
    }
    #expect(moved.values == expected)
  }

  private static func places(_ count: Int, of length: Int) -> [Int] {
    let scale = 1 / (Double(count) / Double(length))
    return (0..<count).map { min(Int(Double($0) * scale), length - 1) }
  }

  @Test(arguments: MaskKind.all)
  func everyKindIsMovedInAllItsPlanes(kind: MaskKind) throws {
    let mask = try Masks.decoded(kind.file(width: 13, height: 9).bytes)
    let window = Rectangle(x: 2, y: 1, width: 7, height: 6)
    let moved = MaskContent(
      try Masks.moved(
        mask, by: [.geometry(.orientation(.rotate90)), .sequence([.identity, .geometry(.window(window))])]))
    #expect(moved.layout == kind.layout && moved.size == ImageSize(width: 7, height: 6))
    let samples = kind.colorType.samples
    let values = kind.values(width: 13, height: 9)
    let expected = (0..<6).flatMap { y in
      // Clockwise: the first row of the result is the first column of the source, from the bottom.
      (0..<7).flatMap { x in
        let first = ((8 - (x + 2)) * 13 + y + 1) * samples
        return values[first..<first + samples]
      }
    }
    #expect(moved.values == expected)
  }

  @Test func onlyGeometriesMoveAMask() throws {
    let mask = try Masks.numbered(width: 9, height: 5)
    let operations: [Imaging.Operation] = [
      .lookup(LookupTable { 255 - $0 }), .identity,
      .pixels { (source, destination) throws(ImagingError) in try destination.blacken(source.shape) },
    ]
    #expect(MaskContent(try Masks.moved(mask, by: operations)) == MaskContent(mask))
  }

  @Test func aRunnerMovesMasksOfAnyKindInTurn() throws {
    var runner = MaskRunner()
    var result = MaskImage()
    for kind in MaskKind.all {
      let mask = try Masks.decoded(kind.file(width: 12, height: 5).bytes)
      var operations: [Imaging.Operation] = []
      for orientation in [Orientation.mirror, .transpose, .rotate90] {
        operations.append(.geometry(.orientation(orientation)))
        let together = try #require(operations.orientation)
        try runner.run(operations, on: mask, into: &result)
        #expect(MaskContent(result) == MaskContent(try Masks.moved(mask, by: [.geometry(.orientation(together))])))
      }
    }
  }
}

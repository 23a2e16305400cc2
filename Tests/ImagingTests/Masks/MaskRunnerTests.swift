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
    for border in Resampling.Border.allCases {
      var resampling = Resampling()
      resampling.border = border
      try body("field \(border)", [.geometry(.field(waves), resampling)])
    }
    // Masks do not follow what mixes in other images.
    for transform in Variants.all
    where !(transform is any ReferenceTransform) && transform.isGeometric(for: shape)
      && transform.reasonToSkip(shape) == nil
    {
      for number in 0..<3 {
        try body("\(transform) \(number)", [operation(of: transform, number)])
        count += 1
      }
    }
    return count
  }

  /// Moves pixels by up to 12, some of them beyond every edge.
  private static let waves: DisplacementField = {
    let places = (0..<shape.width * shape.height).map { (Double($0 % shape.width), Double($0 / shape.width)) }
    return DisplacementField(
      dx: places.map { Float(12 * sine($0.1 / 7)) }, dy: places.map { Float(12 * sine($0.0 / 9 + 1)) })
  }()

  private static func operation<Moving: Transform>(of transform: Moving, _ number: Int) -> Imaging.Operation {
    var random = StreamKey(seed: 7, path: "mask", copy: number).stream(node: 0)
    return transform.operation(transform.sample(for: shape, using: &random), for: shape)
  }

  /// The operations with other resampling.
  private static func resampled(
    _ operations: [Imaging.Operation], _ change: (inout Resampling) -> Void
  ) -> [Imaging.Operation] {
    operations.map { operation in
      switch operation {
      case .sequence(let inner): return .sequence(resampled(inner, change))
      case .geometry(let geometry, var resampling):
        change(&resampling)
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
      let content = MaskContent(try Masks.moved(mask, by: Self.resampled(operations) { $0.maskFill = [255] }))
      let nearest = Self.resampled(operations) {
        $0.interpolation = .nearest
        $0.fill = Self.palette.colors.suffix(3).map { Double($0) }
      }
      try runner.run(nearest, on: source, into: &moved)
      #expect(content.size == moved.color.shape.size && content.layout == mask.layout, "\(name)")
      let isPainted = Self.painted(content.values) == moved.color.bytes.map { Int($0) }
      #expect(isPainted, "\(name)")
    }
    #expect(count > 100)
  }

  /// In double precision, by the map that points follow, and with the border of the image.
  @Test func everyValueComesFromThePixelNearestToItsPlace() throws {
    let mask = try Masks.numbered(width: Self.shape.width, height: Self.shape.height)
    var checked = 0
    _ = try Self.forEachGeometry { name, operations in
      guard case .geometry(let geometry, let resampling) = operations[0] else { return }
      switch geometry {
      case .resize, .part: return  // by OpenCV's rule, below
      case .field(let field) where field is CellField: return  // whose cells overlap by whole pixels
      default: break
      }
      guard let map = try PointMap(geometry, for: Self.shape) else { return }
      let moved = MaskContent(try Masks.moved(mask, by: operations))
      #expect(moved.size == map.outputShape.size)
      var firstFault: String?
      for y in stride(from: 0, to: moved.size.height, by: 3) {
        let row = map.coordinates(row: y)
        // Warps keep places in 16 bits.
        for x in stride(from: 0, to: row.count, by: 2) where max(abs(row[x].x), abs(row[x].y)) < 30_000 {
          let number = moved.values[y * row.count + x]
          let isNearest = NearestPlace(row[x], resampling.border, Self.gridSize).allows(number)
          if !isNearest { firstFault = firstFault ?? "\(number) at (\(x), \(y)) from \(row[x])" }
          checked += 1
        }
      }
      #expect(firstFault == nil, "\(name)")
    }
    #expect(checked > 100_000)
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

/// What the numbered mask may show for a place in the source, in pixels from centre to centre.
private struct NearestPlace {
  /// Empty: the fill.
  private let columns, rows: Set<Int>
  private let mayBeFill: Bool
  private let width: Int

  init(_ place: Point, _ border: Resampling.Border, _ size: ImageSize) {
    let (columns, rows) = (Self.candidates(place.x, border, size.width), Self.candidates(place.y, border, size.height))
    (self.columns, self.rows, width) = (Set(columns.compactMap(\.self)), Set(rows.compactMap(\.self)), size.width)
    mayBeFill = columns.contains(nil) || rows.contains(nil)
  }

  func allows(_ number: Int) -> Bool {
    guard number > 0 else { return mayBeFill }
    return columns.contains((number - 1) % width) && rows.contains((number - 1) / width)
  }

  /// The pixels that may be nearest: two if the place lies halfway, as fields and affine maps are rounded to some
  /// thousandths of a pixel before. `nil` for the fill.
  private static func candidates(_ place: Double, _ border: Resampling.Border, _ length: Int) -> [Int?] {
    [place - 0.01, place + 0.01].map { inside(Int($0.rounded()), border, length) }
  }

  private static func inside(_ place: Int, _ border: Resampling.Border, _ length: Int) -> Int? {
    if (0..<length).contains(place) { return place }
    switch border {
    case .constant: return nil
    case .replicate: return place < 0 ? 0 : length - 1
    case .wrap: return inside(place < 0 ? place + length : place - length, border, length)
    case .reflect: return inside(place < 0 ? -1 - place : 2 * length - 1 - place, border, length)
    case .reflect101: return inside(place < 0 ? -place : 2 * length - 2 - place, border, length)
    }
  }
}

import Imaging
import Scenes
import Testing

/// Where labels are drawn, on a white image of 400 x 300 pixels that is drawn half as large.
struct LabelPainterTests {
  private static let size = ImageSize(width: 200, height: 150)
  private static let white: [UInt8] = [255, 255, 255]

  private static func image(_ width: Int = 400, _ height: Int = 300, value: UInt8 = 255, channels: Int = 3) -> Image {
    let shape = ImageShape(width: width, height: height, channels: channels)
    var pixels = PixelBuffer(shape)
    pixels.set(repeatElement(value, count: shape.byteCount))
    return Image(color: pixels)
  }

  private static func painter(_ classNames: [String] = ["a", "b"]) -> LabelPainter {
    LabelPainter(ClassPalette(classNames), typesetter: Typesetter(pixelHeight: 10))
  }

  private static func paint(
    _ marks: [LabelMark], on image: consuming Image = Self.image(), fittedInto size: ImageSize = size
  ) throws -> Image {
    var painter = painter()
    return try painter.paint(marks, on: image, fittedInto: size)
  }

  private static func box(_ left: Double, _ top: Double, _ right: Double, _ bottom: Double) -> LabelShape {
    LabelShape(Box(Vertex(left, top), Vertex(right, bottom)))
  }

  private static func color(of className: String) throws -> [UInt8] {
    let large = LabelMark(className, box(100, 100, 300, 200))
    return try paint([large]).color[row: 75, column: 50]
  }

  private static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
    zip(first, second).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
  }

  @Test func theFourSidesOfABoxLieOnItsEdges() throws {
    let painted = try Self.paint([LabelMark("a", Self.box(100, 100, 300, 200))])
    #expect(painted.color.shape == ImageShape(width: 200, height: 150, channels: 3))
    let color = try Self.color(of: "a")
    #expect(color != Self.white)
    // The line is 2 pixels wide, on either side of the edge.
    for column in [49, 50, 149, 150] { #expect(painted.color[row: 75, column: column] == color, "\(column)") }
    for row in [49, 50, 99, 100] { #expect(painted.color[row: row, column: 120] == color, "\(row)") }
    for (row, column) in [(75, 100), (75, 46), (75, 54), (75, 154), (104, 120), (95, 120)] {
      #expect(painted.color[row: row, column: column] == Self.white, "\(row), \(column)")
    }
  }

  @Test func linesHaveADarkEdge() throws {
    let painted = try Self.paint([LabelMark("a", Self.box(100, 100, 300, 200))])
    for column in [48, 51] {
      let pixel = painted.color[row: 75, column: column]
      #expect(pixel[0] == pixel[1] && pixel[0] < 160, "\(pixel)")
    }
  }

  @Test func linesAreAsWideOnImagesOfAnySize() throws {
    let small = try Self.paint([LabelMark("a", Self.box(100, 100, 300, 200))])
    let large = try Self.paint(
      [LabelMark("a", Self.box(1000, 1000, 3000, 2000))], on: Self.image(4000, 3000), fittedInto: Self.size)
    #expect(small.color.bytes == large.color.bytes)
  }

  @Test func aBoxAsLargeAsItsImageIsSeenOnAllSides() throws {
    let painted = try Self.paint([LabelMark("a", Self.box(0, 0, 400, 300))])
    let color = try Self.color(of: "a")
    for (row, column) in [(75, 0), (75, 199), (149, 100), (0, 150)] {
      #expect(painted.color[row: row, column: column] == color, "\(row), \(column)")
    }
  }

  @Test func aPolygonIsFilledButNotItsHole() throws {
    let outer = [Vertex(100, 100), Vertex(300, 100), Vertex(300, 260), Vertex(100, 260)]
    let hole = [Vertex(160, 140), Vertex(240, 140), Vertex(240, 220), Vertex(160, 220)]
    var shape = Self.box(100, 100, 300, 260)
    shape.outline = .polygons([outer, hole])
    let painted = try Self.paint([LabelMark("a", shape)])
    try expectFilled(painted.color[row: 120, column: 65])
    #expect(painted.color[row: 90, column: 100] == Self.white)
    #expect(painted.color[row: 140, column: 100] == Self.white)
  }

  @Test func aMaskIsFilledWhereItsRunsAre() throws {
    // Columns 100 to 299; in each, rows 100 to 199.
    let runs = [100 * 300 + 100] + Array(repeating: [100, 200], count: 200).joined()
    let counts = runs.dropLast() + [100 + 100 * 300]
    var shape = Self.box(100, 100, 300, 200)
    shape.outline = .mask(try #require(RunLengths(width: 400, height: 300, counts: Array(counts))))
    let painted = try Self.paint([LabelMark("a", shape)])
    try expectFilled(painted.color[row: 75, column: 100])
    #expect(painted.color[row: 75, column: 40] == Self.white)
    #expect(painted.color[row: 110, column: 100] == Self.white)
  }

  /// 30 % of the colour of class a, over white.
  private func expectFilled(_ pixel: [UInt8]) throws {
    for (found, color) in zip(pixel, try Self.color(of: "a")) {
      #expect(abs(Double(found) - (255 + 0.3 * (Double(color) - 255))) <= 1)
    }
  }

  @Test func visiblePointsAreFilledHiddenOnesHollowAndOthersNotDrawn() throws {
    var shape = Self.box(20, 20, 380, 280)
    shape.keypoints = [
      Keypoint(Vertex(101, 101), .visible), Keypoint(Vertex(201, 101), .hidden),
      Keypoint(Vertex(301, 101), .unlabelled),
    ]
    let painted = try Self.paint([LabelMark("a", shape)])
    let color = try Self.color(of: "a")
    #expect(painted.color[row: 50, column: 50] == color)
    let distances = [98, 100].map { Self.distance(painted.color[row: 50, column: $0], color) }
    #expect(distances[0] < distances[1] / 2, "the ring has the colour, its middle has not")
    #expect((145...155).allSatisfy { painted.color[row: 50, column: $0] == Self.white })
  }

  @Test func dashedLinesHaveGaps() throws {
    for isDashed in [false, true] {
      let mark = LabelMark("a", Self.box(100, 100, 300, 200), isDashed: isDashed)
      let painted = try Self.paint([mark])
      let line = (60..<140).map { painted.color[row: 100, column: $0] }
      #expect(line.contains(try Self.color(of: "a")))
      #expect(line.contains(Self.white) == isDashed)
    }
  }

  @Test func anOverlayColoursWhatItCovers() throws {
    var overlay = Self.image(40, 30, value: 0)
    var alpha = PixelBuffer(ImageShape(width: 40, height: 30, channels: 1))
    alpha.set((0..<1200).map { $0 % 40 < 20 ? 255 : 0 })
    overlay.alpha = consume alpha
    var painter = Self.painter()
    let painted = try painter.paint([], overlay: consume overlay, on: Self.image(), fittedInto: Self.size)
    #expect(painted.color[row: 75, column: 20] == [128, 128, 128])
    #expect(painted.color[row: 75, column: 180] == Self.white)
  }

  @Test func greyImagesAndTransparentOnesTakeColours() throws {
    var grey = Self.image(400, 300, value: 90, channels: 1)
    var alpha = PixelBuffer(ImageShape(width: 400, height: 300, channels: 1))
    alpha.set(repeatElement(255, count: 120_000))
    grey.alpha = consume alpha
    let painted = try Self.paint([LabelMark("a", Self.box(100, 100, 300, 200))], on: grey)
    #expect(painted.color[row: 75, column: 50] == (try Self.color(of: "a")))
    #expect(painted.color[row: 75, column: 20] == [90, 90, 90])
  }

  @Test func theSameMarksGiveTheSameBytes() throws {
    let marks = (0..<40).map { index in
      let place = Double(index * 7)
      return LabelMark(index.isMultiple(of: 2) ? "a" : "b", Self.box(place, place / 2, place + 50, place / 2 + 30))
    }
    #expect(try Self.paint(marks).color.bytes == Self.paint(marks).color.bytes)
  }

  @Test func whatIsNotThereLeavesTheImageAsItIs() throws {
    let places: [Double] = [.nan, .infinity, -.infinity, 1e300, -1e300]
    var marks = places.flatMap { place in
      [Self.box(place, 0, place, 10), Self.box(0, place, 10, place), Self.box(place, place, place, place)]
    }
    marks += [Self.box(500, 10, 600, 60), Self.box(-90, -90, -10, -10), Self.box(50, 60, 10, 20)]
    var broken = Self.box(.nan, 0, 0, 0)
    broken.outline = .polygons([[Vertex(.nan, 0), Vertex(9, 9), Vertex(9, 0)], [Vertex(1, 1)], []])
    broken.keypoints = places.map { Keypoint(Vertex($0, 5)) }
    let painted = try Self.paint((marks + [broken]).map { LabelMark("a", $0) })
    #expect(painted.color.bytes.allSatisfy { $0 == 255 })
  }

  @Test func anythingElseCanBeDrawn() throws {
    var far = Self.box(-1e6, -1e6, 1e6, 1e6)
    far.outline = .polygons([[Vertex(-1e6, -1e6), Vertex(1e6, 0), Vertex(0, 1e6)]])
    var dot = Self.box(200, 150, 200, 150)
    dot.outline = .mask(try #require(RunLengths(width: 1, height: .max, counts: [.max / 2, .max - .max / 2])))
    let marks = [far, dot, Self.box(399, 299, 400, 300)].map { LabelMark("a", $0, isDashed: true) }
    let painted = try Self.paint(marks + [LabelMark("", Self.box(1, 1, 9, 9)), LabelMark("\u{0}\u{202E}", dot)])
    #expect(painted.color.bytes.contains { $0 != 255 })
    let tiny = try Self.paint(marks, on: Self.image(1, 1), fittedInto: ImageSize(width: 1, height: 1))
    #expect(tiny.color.shape.byteCount == 3)
  }

  @Test func tenThousandBoxesCanBeDrawn() throws {
    let marks = (0..<10_000).map { index in
      let place = Vertex(Double(index % 100) * 4, Double(index / 100) * 3)
      return LabelMark("a", LabelShape(Box(place, place + Vertex(60, 40))))
    }
    #expect(try Self.paint(marks).color.shape.size == Self.size)
  }

  @Test func aClassHasItsColourWhateverElseIsOnTheSheet() throws {
    let mark = LabelMark("b", Self.box(100, 100, 300, 200))
    var (first, second) = (Self.painter(["a", "b", "c"]), Self.painter(["c", "b", "a"]))
    let alone = try first.paint([mark], on: Self.image(), fittedInto: Self.size)
    let others = [LabelMark("a", Self.box(0, 0, 20, 20)), LabelMark("c", Self.box(0, 250, 20, 300)), mark]
    let together = try second.paint(others, on: Self.image(), fittedInto: Self.size)
    #expect(alone.color[row: 75, column: 50] == together.color[row: 75, column: 50])
  }

  @Test func twentyFourClassesHaveAsManyColours() throws {
    let names = (0..<24).map { "class \($0)" }
    var painter = Self.painter(names)
    var colors: Set<[UInt8]> = []
    for name in names {
      let painted = try painter.paint(
        [LabelMark(name, Self.box(100, 100, 300, 200))], on: Self.image(), fittedInto: Self.size)
      colors.insert(painted.color[row: 75, column: 50])
    }
    #expect(colors.count == 24)
  }
}

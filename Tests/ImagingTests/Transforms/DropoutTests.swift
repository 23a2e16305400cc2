import Imaging
import Testing

/// What dropouts choose, and what they write there.
struct DropoutTests {
  private static let shape = ImageShape(width: 120, height: 90, channels: 3)

  private func stream(_ number: Int) -> RandomStream {
    StreamKey(seed: 3, path: "dropout", copy: number).stream(node: 0)
  }

  /// The values of the pixels that differ from a flat picture.
  private func changes(of dropout: some Transform, _ number: Int) throws -> [UInt8] {
    var random = stream(number)
    let changed = try dropout.applied(to: Picture.flat(Self.shape, 77), using: &random)
    return changed.bytes.filter { $0 != 77 }
  }

  @Test func randomBytesAreUniform() throws {
    var dropout = CoarseDropout()
    (dropout.holeHeightRange, dropout.holeWidthRange, dropout.fill) = (90...90, 120...120, .random)
    let bytes = try changes(of: dropout, 0)
    let counts = bytes.reduce(into: [Int](repeating: 0, count: 256)) { $0[Int($1)] += 1 }
    let expected = Double(Self.shape.byteCount) / 256
    let deviations = counts.enumerated().filter { $0.offset != 77 }.map { entry in
      let deviation = Double(entry.element) - expected
      return deviation * deviation / expected
    }
    // 255 squares of normal numbers: 255 ± 23.
    #expect(deviations.reduce(0, +) < 255 + 5 * 23)
  }

  @Test func aRandomColourFillsAHole() throws {
    var dropout = CoarseDropout()
    (dropout.numHolesRange, dropout.fill) = (1...1, .randomUniform)
    for number in 0..<8 {
      let bytes = try changes(of: dropout, number)
      #expect(Set(bytes).count <= 3)
    }
  }

  @Test func holesLieInTheirCells() throws {
    var dropout = GridDropout()
    (dropout.holesNumberXY, dropout.ratio) = ([7, 5], 0.6)
    for number in 0..<20 {
      var random = stream(number)
      let drawn = dropout.sample(for: Self.shape, using: &random)
      #expect(drawn.rows.reduce(0, +) == 90 && drawn.columns.reduce(0, +) == 120)
      #expect(drawn.rows.count == 7 && drawn.columns.count == 5)
      let holes = dropout.holes(drawn, in: Self.shape)
      var places = holes.makeIterator()
      var top = 0
      for height in drawn.rows {
        var left = 0
        for width in drawn.columns {
          let next = places.next()
          let hole = try #require(next)
          #expect(hole.x >= left && hole.x + hole.width <= left + width && hole.width == Int(0.6 * Double(width)))
          #expect(hole.y >= top && hole.y + hole.height <= top + height)
          left += width
        }
        top += height
      }
    }
  }

  @Test func aShareOfThePixelsIsDropped() throws {
    var dropout = PixelDropout()
    (dropout.dropoutProb, dropout.dropValue) = (0.25, [1, 2, 3])
    let count = Double(try changes(of: dropout, 1).count) / Double(Self.shape.byteCount)
    // Of 10,800 pixels.
    #expect(abs(count - 0.25) < 5 * 0.0042)
    dropout.dropoutProb = 1
    #expect(try changes(of: dropout, 2).count == Self.shape.byteCount)
  }

  @Test func masksAreFilledWhereImagesAre() throws {
    var dropout = PixelDropout()
    (dropout.dropoutProb, dropout.maskDropValue) = (0.3, [9])
    let shape = ImageShape(width: 40, height: 30, channels: 3)
    let operation = dropout.operation(.init(levels: [0], seed: 5), for: shape)
    let image = try operation.applied(to: Picture.flat(shape, 77))
    var runner = MaskRunner()
    var mask = MaskImage()
    let plane = ImageShape(width: 40, height: 30, channels: 1)
    try runner.run([operation], on: MaskImage(Picture.flat(plane, 4), .grey), into: &mask)
    for row in 0..<30 {
      for column in 0..<40 {
        let isDropped = image[row: row, column: column][0] == 0
        #expect(mask[row: row, column: column] == [isDropped ? 9 : 4])
      }
    }
  }

  @Test func objectsOfAMaskAreConnectedPixelsOfOneValue() throws {
    let values: [UInt16] = [
      1, 0, 0, 2, 2,
      0, 1, 0, 2, 0,
      0, 0, 2, 0, 3,
      5, 5, 0, 0, 3,
    ]
    let mask = SceneMask(shape: ImageShape(width: 5, height: 4, channels: 1), values: values)
    let objects = MaskObjects(mask) { UInt64($0.first ?? 0) }
    #expect(objects.areas.map(\.pixelCount) == [2, 4, 2, 2])
    #expect(MaskObjects(mask) { $0.first == 0 ? 0 : 1 }.areas.map(\.pixelCount) == [10])
    #expect(objects.areas[1].pixel(3).map { [$0.x, $0.y] } == [2, 2])
  }

  /// A U: its arms meet in the last row.
  @Test func armsThatMeetBelowAreOneObject() {
    let values: [UInt16] = [1, 0, 1, 1, 0, 1, 1, 1, 1]
    let mask = SceneMask(shape: ImageShape(width: 3, height: 3, channels: 1), values: values)
    #expect(MaskObjects(mask) { UInt64($0.first ?? 0) }.areas.map(\.pixelCount) == [7])
  }

  @Test func unknownObjectsAndHolesThatCannotFitAreSaid() {
    #expect(MaskDropout().reasonToSkip(Self.shape) == "it has no mask")
    var large = CoarseDropout()
    (large.holeHeightRange, large.holeWidthRange) = (91...91, 10...10)
    #expect(large.reasonToSkip(Self.shape) == "a hole is larger than the image")
    var three = Erasing()
    three.fill = .levels([1, 2, 3])
    let grey = ImageShape(width: 120, height: 90, channels: 1)
    #expect(three.reasonToSkip(grey) == "fill has 3 levels, and the image one channel")
  }

  @Test(.enabled(if: HoleFill.Inpainting.isAvailable, "OpenCV's photo library is not installed"))
  func inpaintingCarriesTheSurroundingsInward() throws {
    for method in [HoleFill.Inpainting.telea, .navierStokes] {
      var dropout = CoarseDropout()
      (dropout.numHolesRange, dropout.fill) = (3...3, .inpainted(method))
      // Rounding carries OpenCV's results some levels away even here.
      #expect(try changes(of: dropout, 0).allSatisfy { (73...81).contains($0) })
    }
  }
}

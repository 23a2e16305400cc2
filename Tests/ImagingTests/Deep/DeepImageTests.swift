import Foundation
import Imaging
import Testing

/// Images with 16 bits to a sample.
struct DeepImageTests {
  /// A PNG whose samples are 257 times the bytes of a smooth image, so that its copies should be 257 times theirs.
  private static func file(_ colorType: PNGFile.ColorType, width: Int = 40, height: Int = 30) -> [UInt8] {
    let samples = width * height * colorType.samples
    let bytes = smoothPixels(width: width, height: height, channels: 1).bytes
    let values = (0..<samples).map { index in
      let (pixel, sample) = index.quotientAndRemainder(dividingBy: colorType.samples)
      return 257 * ((Int(bytes[pixel]) + 60 * sample) % 256)
    }
    return PNGFile(width: width, height: height, colorType: colorType, bitDepth: 16, samples: values).bytes
  }

  private static func decoded(_ file: [UInt8]) throws -> DeepImage {
    var decoder = DeepDecoder()
    var image = DeepImage()
    try decoder.decode(file, into: &image)
    return image
  }

  private static func samples(_ image: borrowing DeepImage) -> [[Int]] {
    var samples: [[Int]] = []
    for row in 0..<image.size.height {
      for column in 0..<image.size.width { samples.append(image[row: row, column: column]) }
    }
    return samples
  }

  @Test(arguments: [PNGFile.ColorType.grey, .rgb, .greyAlpha, .rgba], [ImageFormat.png, .tiff])
  func everySampleComesBack(colorType: PNGFile.ColorType, format: ImageFormat) throws {
    let count = 9 * 7 * colorType.samples
    let values = (0..<count).map { ($0 * 40503 + 7) % 65536 }
    let source = PNGFile(width: 9, height: 7, colorType: colorType, bitDepth: 16, samples: values).bytes
    var encoder = ImageEncoder()
    let copy = try encoder.encode(Self.decoded(source), as: format, EncodingOptions())
    #expect(try Self.samples(Self.decoded(copy)).flatMap { $0 } == values)
    #expect(FileKind(Array(copy.prefix(FileKind.headCount))).format == format)
  }

  @Test(arguments: [ImageFormat.png, .tiff]) func metadataComesAlong(format: ImageFormat) throws {
    var image = try Self.decoded(Self.file(.rgb))
    image.metadata.exif = MetadataTests.exif()
    var options = EncodingOptions()
    options.metadata = .all
    var encoder = ImageEncoder()
    let file = try encoder.encode(image, as: format, options)
    var decoder = DeepDecoder()
    decoder.metadata = .all
    var copy = DeepImage()
    try decoder.decode(file, into: &copy)
    #expect(copy.metadata.isDeep)
    #expect(
      ExifTree(copy.metadata.exif)?.littleEndian.bytes
        == ExifTree(MetadataTests.exif())?.portableTags.littleEndian.bytes)
  }

  /// Geometries of all kinds on an image of 40 x 30, with what lies between and beyond pixels.
  private static let moves: [(name: String, geometry: Geometry)] = [
    ("orientation", .orientation(.rotate90)), ("crop", .window(Rectangle(x: 3, y: 4, width: 20, height: 11))),
    ("pad", .window(Rectangle(x: -5, y: -6, width: 60, height: 50))), ("shrink", .resize(width: 17, height: 13)),
    ("enlarge", .resize(width: 77, height: 41)),
    ("part", .part(Rectangle(x: 5, y: 6, width: 21, height: 17), width: 30, height: 22)),
    ("affine", .affine(Projection(Matrix3([0.9, 0.2, 3, -0.1, 1.1, 2, 0, 0, 1]), width: 44, height: 33))),
    (
      "projective",
      .projective(Projection(Matrix3([0.9, 0.1, 3, -0.1, 1, 2, 0.001, 0.002, 1]), width: 44, height: 33))
    ),
    ("field", .field(LensField(k: 0.3, isFisheye: false))),
  ]

  /// A deep image is moved as one of 8 bits is: by a level at most apart where values between pixels are rounded.
  @Test(arguments: moves.map(\.name), Resampling.Interpolation.allCases)
  func pixelsMoveAsThoseOfEightBits(name: String, interpolation: Resampling.Interpolation) throws {
    let geometry = try #require(Self.moves.first { $0.name == name }?.geometry)
    for border in Resampling.Border.allCases {
      var resampling = Resampling()
      (resampling.interpolation, resampling.border, resampling.fill) = (interpolation, border, [9, 200, 30, 128])
      try expectAlike([.geometry(geometry, resampling)], "\(name) \(interpolation) \(border)")
    }
  }

  private func expectAlike(_ operations: [Imaging.Operation], _ name: String) throws {
    for colorType in [PNGFile.ColorType.grey, .rgba] {
      let file = Self.file(colorType)
      var decoder = ImageDecoder()
      var plain = Image()
      _ = try decoder.decode(file, into: &plain)
      #expect(plain.metadata.isDeep)
      var product = Image()
      var runner = PipelineRunner()
      try runner.run(operations, on: plain, into: &product)
      var image = try Self.decoded(file)
      var deepRunner = DeepRunner()
      try deepRunner.run(operations, on: &image)
      #expect(image.size == product.color.shape.size)
      var worst = 0.0
      for row in 0..<image.size.height {
        for column in 0..<image.size.width {
          var levels = product.color[row: row, column: column]
          if let alpha = Self.alpha(product, row, column) { levels.append(alpha) }
          for (sample, level) in zip(image[row: row, column: column], levels) {
            worst = max(worst, abs(Double(sample) / 257 - Double(level)))
          }
        }
      }
      #expect(worst <= 1.2, "\(name)")  // the level, and what was rounded away
    }
  }

  private static func alpha(_ image: borrowing Image, _ row: Int, _ column: Int) -> UInt8? {
    switch image.alpha {
    case .some(let plane): plane[row: row, column: column][0]
    case .none: nil
    }
  }

  @Test func onlyMovesAreMoves() {
    let flip = Imaging.Operation.geometry(.orientation(.mirror))
    #expect([flip, .identity, .sequence([flip])].movesOnly?.count == 2)
    #expect([flip, .lookup(.identity)].movesOnly == nil)
    #expect([Imaging.Operation]().movesOnly?.isEmpty == true)
  }

  @Test func aTransparentColourIsNotMoved() {
    let file = PNGFile(
      width: 2, height: 1, colorType: .grey, bitDepth: 16, chunks: [("tRNS", [1, 2])], samples: [258, 9]
    ).bytes
    #expect(throws: ImagingError.unsupported("a transparent colour of 16 bits a sample")) { _ = try Self.decoded(file) }
  }
}

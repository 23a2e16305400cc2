import Imaging
import TestSupport
import Testing

/// JPEG files decoded smaller than stored.
struct ReducedDecodingTests {
  private static let sizes = [(64, 48), (200, 100), (1, 1), (16, 400), (5000, 5000), (50, 25), (51, 25)]

  @Test(arguments: sizes) func imageIsNoSmallerThanItsUserNeeds(width: Int, height: Int) throws {
    let file = try Self.file(width: 100, height: 200, .rotate90)
    var asked: ImageShape?
    let image = try Self.decode(file) {
      asked = $0
      return ImageSize(width: width, height: height)
    }
    let shape = image.color.shape
    #expect(asked == ImageShape(width: 200, height: 100, channels: 3))
    #expect(shape.width >= min(200, width) && shape.height >= min(100, height))
    #expect(image.fullShape == ImageShape(width: 200, height: 100, channels: 3))
    #expect((image.reduction == nil) == (shape.width == 200))
    if (width, height) == (50, 25) { #expect(shape.width == 50) }
    if (width, height) == (51, 25) { #expect(shape.width == 100) }
  }

  @Test(arguments: Orientation.allCases) func headerTellsTheSizeBeforehand(orientation: Orientation) throws {
    let file = try Self.file(width: 101, height: 203, orientation)
    var decoder = ImageDecoder()
    decoder.leastSize = { ImageSize(width: ($0.width + 3) / 4, height: ($0.height + 3) / 4) }
    let header = unsafe try decoder.header(of: file.span.bytes)
    var image = Image()
    _ = try decoder.decode(file, into: &image)
    #expect(orientation.shape(of: header.shape) == image.color.shape)
    #expect(header.reduction == image.reduction && header.reduction != nil)
    #expect(image.color.shape.byteCount == 3 * 51 * 102)
  }

  /// The outermost decoded pixels lie partly beyond the image, on the side to which the orientation turns them.
  @Test(arguments: Orientation.allCases) func partsLieWhereTheyLieInTheFullImage(orientation: Orientation) throws {
    let file = try Self.file(width: 101, height: 203, orientation)
    let full = try Self.decode(file) { _ in nil }
    let reduced = try Self.decode(file) { ImageSize(width: $0.width / 8, height: $0.height / 8) }
    let shape = full.color.shape
    let part = ImagePart(x: 10, y: 20, width: Double(shape.width) - 10, height: Double(shape.height) - 30)
    var how = Resample()
    (how.filter, how.part) = (.linear, part)
    var expected = PixelBuffer()
    var result = PixelBuffer()
    try expected.resample(full.color, width: 5, height: 4, how)
    let reduction = reduced.reduction
    how.part = try #require(reduction).decoded(part)
    try result.resample(reduced.color, width: 5, height: 4, how)
    #expect(difference(expected.bytes, result.bytes) < 1.5)
  }

  @Test func imagesInPNGFilesStayWhole() throws {
    let file = try encode(smoothImage(width: 80, height: 40, channels: 3), as: .png)
    let image = try Self.decode(file) { _ in ImageSize(width: 1, height: 1) }
    #expect(image.color.shape.width == 80 && image.reduction == nil)
  }

  @Test func aDecoderForgetsTheReductionOfTheImageBefore() throws {
    var decoder = ImageDecoder()
    decoder.leastSize = { $0.width > 90 ? ImageSize(width: 1, height: 1) : nil }
    var image = Image()
    for (width, format) in [(100, ImageFormat.jpeg), (80, .jpeg), (100, .jpeg), (100, .png)] {
      _ = try decoder.decode(encode(smoothImage(width: width, height: 40, channels: 1), as: format), into: &image)
      #expect((image.reduction != nil) == (width > 90 && format == .jpeg))
      #expect(image.fullShape == ImageShape(width: width, height: 40, channels: 1))
    }
  }

  private static func file(width: Int, height: Int, _ orientation: Orientation) throws -> [UInt8] {
    JPEGFile.inserting(
      0xE1, [UInt8]("Exif\0\0".utf8) + exif(orientation: orientation.rawValue),
      into: try encode(slope(width: width, height: height), as: .jpeg))
  }

  /// Red grows from left to right, green from top to bottom.
  private static func slope(width: Int, height: Int) -> Image {
    var pixels = PixelBuffer(ImageShape(width: width, height: height, channels: 3))
    var bytes: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width { bytes += [UInt8(x * 255 / width), UInt8(y * 255 / height), 100] }
    }
    pixels.set(bytes)
    return Image(color: pixels)
  }

  private static func decode(_ file: [UInt8], _ leastSize: @escaping LeastSize) throws -> Image {
    var decoder = ImageDecoder()
    decoder.leastSize = leastSize
    var image = Image()
    _ = try decoder.decode(file, into: &image)
    return image
  }
}

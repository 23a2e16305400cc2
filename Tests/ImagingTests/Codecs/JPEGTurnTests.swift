import Imaging
import Testing

/// Mirroring and turning JPEG files by their coefficients.
struct JPEGTurnTests {
  private static let pairs = Orientation.allCases.flatMap { first in Orientation.allCases.map { (first, $0) } }

  @Test(arguments: pairs) func twoOrientationsTogetherDoWhatOneAfterTheOtherDoes(
    first: Orientation, second: Orientation
  ) throws {
    var once = PixelBuffer()
    var twice = PixelBuffer()
    var together = PixelBuffer()
    let source = smoothPixels(width: 3, height: 2, channels: 3)
    try first.apply(to: source, into: &once)
    try second.apply(to: once, into: &twice)
    try first.followed(by: second).apply(to: source, into: &together)
    #expect(together.shape == twice.shape && together.bytes == twice.bytes)
  }

  /// Steps whose turn is the given one.
  private static func steps(_ quarters: Int, mirrored: Bool) -> [Step] {
    let turn = Step(RandomRotate90(), RandomRotate90.Drawn(quarters: quarters))
    return mirrored ? [turn, Step(HorizontalFlip(), ())] : [turn]
  }

  @Test(arguments: [1, 3], [0, 1, 2, 3]) func turnedFileShowsTheTurnedPicture(channels: Int, quarters: Int) throws {
    let file = try encode(smoothImage(width: 64, height: 32, channels: channels), as: .jpeg)
    for mirrored in [false, true] {
      let steps = Self.steps(quarters, mirrored: mirrored)
      var turner = JPEGTurner()
      let turned = try Decoded(try #require(try turner.copy(of: file, changedBy: steps)))
      var upright = PixelBuffer(ImageShape(width: 64, height: 32, channels: channels))
      upright.set(try Decoded(file).color)
      var expected = PixelBuffer()
      try #require(Step.turn(of: steps)).apply(to: upright, into: &expected)
      #expect(turned.shape == expected.shape)
      #expect(difference(turned.color, expected.bytes) < 1)
    }
  }

  @Test(arguments: 0..<4) func turningThereAndBackLosesNothing(quarters: Int) throws {
    let file = try encode(smoothImage(width: 48, height: 32, channels: 3), as: .jpeg)
    var turner = JPEGTurner()
    let there = try #require(try turner.copy(of: file, changedBy: Self.steps(quarters, mirrored: false)))
    let back = try #require(try turner.copy(of: there, changedBy: Self.steps((4 - quarters) % 4, mirrored: false)))
    #expect(try Decoded(back) == Decoded(file))
  }

  @Test func colorProfileAndOrientationComeAlong() throws {
    var image = smoothImage(width: 64, height: 32, channels: 3)
    image.colorProfile = profile("RGB ", byteCount: 70_000)
    let plain = try encode(image, as: .jpeg)
    let file = JPEGFile.inserting(0xE1, [UInt8]("Exif\0\0".utf8) + exif(orientation: 6), into: plain)
    var turner = JPEGTurner()
    let copy = try Decoded(try #require(try turner.copy(of: file, changedBy: [])))
    let upright = try Decoded(file)
    #expect(copy.shape == upright.shape && copy.shape.width == 32)
    #expect(copy.colorProfile == image.colorProfile)
    #expect(difference(copy.color, upright.color) < 1)
  }

  @Test func whatCannotBeTurnedWithoutLossIsLeftToOthers() throws {
    var turner = JPEGTurner()
    let mirror = [Step(HorizontalFlip(), ())]
    let odd = try encode(smoothImage(width: 50, height: 32, channels: 3), as: .jpeg)
    #expect(try turner.copy(of: odd, changedBy: mirror) == nil)
    #expect(try turner.copy(of: odd, changedBy: [Step(VerticalFlip(), ())]) != nil)
    let even = try encode(smoothImage(width: 64, height: 32, channels: 3), as: .jpeg)
    #expect(try turner.copy(of: even, changedBy: mirror + [Step(ChannelShuffle(), .init(order: [1, 0, 2]))]) == nil)
    #expect(try turner.copy(of: Array(even.dropLast(40)), changedBy: mirror) == nil)
    #expect(try turner.copy(of: JPEGFile.flat([10, 20, 30, 40]), changedBy: mirror) == nil)
    #expect(try turner.copy(of: [], changedBy: mirror) == nil)
  }
}

@Test(arguments: [(64, 48), (200, 100), (1, 1), (16, 400), (5000, 5000)])
func imageThatWillBeShrunkComesNoSmallerThanItsBoxNeeds(width: Int, height: Int) throws {
  let file = JPEGFile.inserting(
    0xE1, [UInt8]("Exif\0\0".utf8) + exif(orientation: 6),
    into: try encode(smoothImage(width: 100, height: 200, channels: 3), as: .jpeg))
  var decoder = ImageDecoder()
  var image = Image()
  _ = unsafe try decoder.decode(file.span.bytes, toFit: (width, height), into: &image)
  let shape = image.color.shape
  #expect(shape.width >= shape.height)
  #expect(shape.width >= min(200, width) || shape.height >= min(100, height))
  #expect(shape.width <= 200 && shape.width * 100 >= shape.height * 200 - 200)
}

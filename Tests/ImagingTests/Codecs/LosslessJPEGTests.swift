import Imaging
import Testing

/// Mirroring and rotating JPEG files on their coefficients.
struct LosslessJPEGTests {
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

  private static let mirror = Operation.geometry(.orientation(.mirror))

  private static func operations(_ quarters: Int, mirrored: Bool) -> [Operation] {
    let shape = ImageShape(width: 64, height: 32, channels: 3)
    let rotation = RandomRotate90().operation(.init(quarters: quarters), for: shape)
    return mirrored ? [rotation, mirror] : [rotation]
  }

  @Test(arguments: [1, 3], [0, 1, 2, 3]) func fileShowsTheRotatedPicture(channels: Int, quarters: Int) throws {
    let file = try encode(smoothImage(width: 64, height: 32, channels: channels), as: .jpeg)
    for mirrored in [false, true] {
      let operations = Self.operations(quarters, mirrored: mirrored)
      var lossless = LosslessJPEG()
      let rotated = try Decoded(try #require(try lossless.copy(of: file, changedBy: operations)))
      var upright = PixelBuffer(ImageShape(width: 64, height: 32, channels: channels))
      upright.set(try Decoded(file).color)
      var expected = PixelBuffer()
      try #require(operations.orientation).apply(to: upright, into: &expected)
      #expect(rotated.shape == expected.shape)
      #expect(difference(rotated.color, expected.bytes) < 1)
    }
  }

  @Test(arguments: 0..<4) func rotatingThereAndBackLosesNothing(quarters: Int) throws {
    let file = try encode(smoothImage(width: 48, height: 32, channels: 3), as: .jpeg)
    var lossless = LosslessJPEG()
    let there = try #require(try lossless.copy(of: file, changedBy: Self.operations(quarters, mirrored: false)))
    let back = try #require(
      try lossless.copy(of: there, changedBy: Self.operations((4 - quarters) % 4, mirrored: false)))
    #expect(try Decoded(back) == Decoded(file))
  }

  @Test func colorProfileAndOrientationComeAlong() throws {
    var image = smoothImage(width: 64, height: 32, channels: 3)
    image.colorProfile = profile("RGB ", byteCount: 70_000)
    let plain = try encode(image, as: .jpeg)
    let file = JPEGFile.inserting(0xE1, [UInt8]("Exif\0\0".utf8) + exif(orientation: 6), into: plain)
    var lossless = LosslessJPEG()
    let copy = try Decoded(try #require(try lossless.copy(of: file, changedBy: [])))
    let upright = try Decoded(file)
    #expect(copy.shape == upright.shape && copy.shape.width == 32)
    #expect(copy.colorProfile == image.colorProfile)
    #expect(difference(copy.color, upright.color) < 1)
  }

  @Test func whatCannotBeDoneWithoutLossIsLeftToOthers() throws {
    var lossless = LosslessJPEG()
    let mirror = [Self.mirror]
    let odd = try encode(smoothImage(width: 50, height: 32, channels: 3), as: .jpeg)
    #expect(try lossless.copy(of: odd, changedBy: mirror) == nil)
    #expect(try lossless.copy(of: odd, changedBy: [.geometry(.orientation(.flip))]) != nil)
    let even = try encode(smoothImage(width: 64, height: 32, channels: 3), as: .jpeg)
    #expect(try lossless.copy(of: even, changedBy: mirror + [.lookup(.identity)]) == nil)
    #expect(try lossless.copy(of: Array(even.dropLast(40)), changedBy: mirror) == nil)
    #expect(try lossless.copy(of: JPEGFile.flat([10, 20, 30, 40]), changedBy: mirror) == nil)
    #expect(try lossless.copy(of: [], changedBy: mirror) == nil)
  }
}

extension LosslessJPEG {
  /// `nil` if the operations do more than mirror and rotate.
  fileprivate mutating func copy(of bytes: [UInt8], changedBy operations: [Imaging.Operation]) throws -> [UInt8]? {
    guard let change = operations.orientation else { return nil }
    return try copy(of: bytes, changedBy: change)
  }
}

import Imaging
import Scenes
import Testing

@Test(arguments: [1, 3], [(1, 1), (17, 9), (64, 48)])
func jpegComesBackNearlyAsItWas(channels: Int, size: (width: Int, height: Int)) throws {
  let image = smoothImage(width: size.width, height: size.height, channels: channels)
  let decoded = try Decoded(try encode(image, as: .jpeg))
  #expect(decoded.shape == image.color.shape)
  #expect(difference(decoded.color, image.color.bytes) < 6)
  #expect(decoded.alpha == nil)
  #expect(decoded.report.format == .jpeg)
  #expect(!decoded.report.isDamaged)
}

@Test func higherQualityIsLargerAndCloser() throws {
  let image = SceneGenerator(.scene, seed: 1).generate(width: 96, height: 64)
  let files = try [5, 50, 95].map { try encode(image, as: .jpeg, quality: $0) }
  let errors = try files.map { difference(try Decoded($0).color, image.color.bytes) }
  #expect(files[0].count < files[1].count && files[1].count < files[2].count)
  #expect(errors[0] > errors[1] && errors[1] > errors[2])
}

@Test func colourIsWrittenAtHalfResolution() throws {
  let file = try encode(smoothImage(width: 16, height: 16, channels: 3), as: .jpeg)
  let frame = try #require(file.indices.dropLast().first { file[$0] == 0xFF && file[$0 + 1] == 0xC0 })
  let samplings = [11, 14, 17].map { file[frame + $0] }
  #expect(samplings == [0x22, 0x11, 0x11])
}

@Test func anEncoderUsedBeforeWritesTheSameBytes() throws {
  let image = smoothImage(width: 40, height: 30, channels: 3)
  var encoder = ImageEncoder()
  _ = try encoder.encode(SceneGenerator(.noise, seed: 2).generate(width: 600, height: 500), as: .jpeg)
  for format in ImageFormat.written {
    #expect(try encoder.encode(image, as: format) == encode(image, as: format))
  }
}

@Test func alphaIsLeftOutOfJPEG() throws {
  var image = smoothImage(width: 16, height: 16, channels: 3)
  let opaque = try encode(image, as: .jpeg)
  image.alpha = PixelBuffer(ImageShape(width: 16, height: 16, channels: 1))
  #expect(try encode(image, as: .jpeg) == opaque)
}

// Adobe stores inks inverted: 255 is no ink.
@Test(
  arguments: [
    ([200, 100, 50, 255], 0, [200, 100, 50]), ([200, 100, 50, 128], 0, [100, 50, 25]), ([9, 8, 7, 0], 0, [0, 0, 0]),
    ([55, 128, 128, 255], 2, [200, 200, 200]), ([55, 128, 128, 51], 2, [40, 40, 40]),
  ] as [([UInt8], UInt8, [UInt8])])
func adobeInksBecomeRGB(stored: [UInt8], transform: UInt8, expected: [UInt8]) throws {
  let decoded = try Decoded(JPEGFile.flat(stored, adobeTransform: transform))
  #expect(decoded.shape == ImageShape(width: 8, height: 8, channels: 3))
  #expect(decoded.color == Array(repeatElement(expected, count: 64).joined()))
}

// As Pillow, OpenCV and browsers read them; transform 0 only says that the inks are not YCCK.
@Test func inksWithoutAdobesMarkerAreReadAsAdobesAre() throws {
  let decoded = try Decoded(JPEGFile.flat([200, 100, 50, 128]))
  #expect(Array(decoded.color[..<3]) == [100, 50, 25])
  #expect(try decoded.color == Decoded(JPEGFile.flat([200, 100, 50, 128], adobeTransform: 0)).color)
}

@Test func jpegOfRGBComponentsIsNotConverted() throws {
  let decoded = try Decoded(JPEGFile.flat([200, 100, 50], adobeTransform: 0))
  #expect(Array(decoded.color[..<3]) == [200, 100, 50])
}

@Test func jpegOfTwoComponentsIsUnsupported() {
  #expect(throws: ImagingError.unsupported("JPEG of 2 components")) { try Decoded(JPEGFile.flat([1, 2])) }
}

@Test func jpegOfManyScansIsRefused() throws {
  #expect(try Decoded(JPEGFile.flat([200, 128, 128], scanCount: 3)).color[0] == 200)
  #expect(throws: ImagingError.unsupported("JPEG of more than 500 scans")) {
    try Decoded(JPEGFile.flat([200, 128, 128], scanCount: 600))
  }
}

@Test(arguments: [20, 128, 65_519, 65_520, 200_000])
func profileOfAnySizeIsKept(byteCount: Int) throws {
  var image = smoothImage(width: 16, height: 16, channels: 3)
  image.colorProfile = profile("RGB ", byteCount: byteCount)
  #expect(try Decoded(try encode(image, as: .jpeg)).colorProfile == image.colorProfile)
}

@Test func profileThatLacksAPartIsLeftOutWithoutDamage() throws {
  let part = [UInt8]("ICC_PROFILE\0".utf8) + [1, 2] + profile("RGB ", byteCount: 64)
  let file = JPEGFile.inserting(0xE2, part, into: JPEGFile.flat([9]))
  let decoded = try Decoded(file)
  #expect(decoded.colorProfile.isEmpty)
  #expect(!decoded.report.isDamaged)
}

/// The numbers of a part and of all parts.
@Test(arguments: [[1, 0], [0, 0], [0, 1], [2, 1], [255, 0], [255, 254]] as [[UInt8]])
func profileOfImpossiblePartsIsLeftOut(numbers: [UInt8]) throws {
  let part = [UInt8]("ICC_PROFILE\0".utf8) + numbers + profile("RGB ", byteCount: 64)
  #expect(try Decoded(JPEGFile.inserting(0xE2, part, into: JPEGFile.flat([200, 128, 128]))).colorProfile.isEmpty)
}

@Test func profileOfOtherColoursIsLeftOut() throws {
  let part = [UInt8]("ICC_PROFILE\0".utf8) + [1, 1] + profile("CMYK", byteCount: 64)
  #expect(try Decoded(JPEGFile.inserting(0xE2, part, into: JPEGFile.flat([1, 2, 3, 4]))).colorProfile.isEmpty)
}

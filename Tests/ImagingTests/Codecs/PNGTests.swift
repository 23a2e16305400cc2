import Imaging
import Testing

@Test(arguments: [1, 3], [(1, 1), (17, 9), (300, 2)])
func pngComesBackExactly(channels: Int, size: (width: Int, height: Int)) throws {
  let image = smoothImage(width: size.width, height: size.height, channels: channels)
  let decoded = try Decoded(try encode(image, as: .png))
  #expect(decoded.shape == image.color.shape)
  #expect(decoded.color == image.color.bytes)
  #expect(decoded.alpha == nil)
  #expect(decoded.report.format == .png)
}

@Test(arguments: [1, 3])
func alphaComesBackExactly(channels: Int) throws {
  var image = smoothImage(width: 19, height: 11, channels: channels)
  var alpha = PixelBuffer(ImageShape(width: 19, height: 11, channels: 1))
  alpha.set((0..<19 * 11).map { UInt8(truncatingIfNeeded: $0 &* 31) })
  let alphaBytes = alpha.bytes
  image.alpha = consume alpha
  let decoded = try Decoded(try encode(image, as: .png))
  #expect(decoded.color == image.color.bytes)
  #expect(decoded.alpha == alphaBytes)
}

@Test(arguments: [1, 2, 4])
func greyOfFewBitsBecomesEightBits(bitDepth: Int) throws {
  let levels = 1 << bitDepth
  let samples = (0..<13 * 5).map { $0 % levels }
  let file = PNGFile(width: 13, height: 5, colorType: .grey, bitDepth: bitDepth, samples: samples)
  let decoded = try Decoded(file.bytes)
  #expect(decoded.shape.channels == 1)
  #expect(decoded.color == samples.map { UInt8($0 * 255 / (levels - 1)) })
}

@Test(arguments: [1, 2, 4, 8], [false, true])
func paletteBecomesColours(bitDepth: Int, isInterlaced: Bool) throws {
  let colorCount = 1 << min(bitDepth, 5)
  let palette = (0..<colorCount * 3).map { UInt8($0 * 255 / (colorCount * 3)) }
  let samples = (0..<13 * 9).map { $0 % colorCount }
  let file = PNGFile(
    width: 13, height: 9, colorType: .palette, bitDepth: bitDepth, isInterlaced: isInterlaced,
    chunks: [("PLTE", palette)], samples: samples)
  let decoded = try Decoded(file.bytes)
  #expect(decoded.shape == ImageShape(width: 13, height: 9, channels: 3))
  #expect(decoded.color == samples.flatMap { palette[$0 * 3..<$0 * 3 + 3] })
}

@Test func transparentPaletteEntriesBecomeAlpha() throws {
  let file = PNGFile(
    width: 3, height: 1, colorType: .palette, bitDepth: 2,
    chunks: [("PLTE", [1, 2, 3, 4, 5, 6, 7, 8, 9]), ("tRNS", [0, 77])], samples: [0, 1, 2])
  let decoded = try Decoded(file.bytes)
  #expect(decoded.color == [1, 2, 3, 4, 5, 6, 7, 8, 9])
  #expect(decoded.alpha == [0, 77, 255])
}

@Test func transparentGreyBecomesAlpha() throws {
  let file = PNGFile(
    width: 4, height: 1, colorType: .grey, bitDepth: 2, chunks: [("tRNS", [0, 2])], samples: [0, 1, 2, 3])
  #expect(try Decoded(file.bytes).alpha == [255, 255, 0, 255])
}

@Test(arguments: [(1, 1), (3, 2), (8, 8), (19, 13)])
func interlaceChangesNothing(size: (width: Int, height: Int)) throws {
  for colorType in [PNGFile.ColorType.grey, .rgb, .greyAlpha, .rgba] {
    let count = size.width * size.height * colorType.samples
    var file = PNGFile(
      width: size.width, height: size.height, colorType: colorType, samples: (0..<count).map { $0 * 37 % 256 })
    let plain = try Decoded(file.bytes)
    file.isInterlaced = true
    #expect(try Decoded(file.bytes) == plain)
    #expect(plain.color.count + (plain.alpha?.count ?? 0) == count)
  }
}

@Test(arguments: [PNGFile.ColorType.grey, .rgb, .greyAlpha, .rgba])
func sixteenBitsAreRoundedToTheNearest257th(colorType: PNGFile.ColorType) throws {
  let samples = (0..<64 * colorType.samples).map { ($0 * 40503 + 128) % 65536 }
  let file = PNGFile(width: 8, height: 8, colorType: colorType, bitDepth: 16, samples: samples)
  let decoded = try Decoded(file.bytes)
  let levels = samples.map { UInt8((Double($0) / 257).rounded()) }
  let count = decoded.shape.channels + (decoded.alpha == nil ? 0 : 1)
  #expect(decoded.color == levels.indices.filter { $0 % count < decoded.shape.channels }.map { levels[$0] })
  #expect(decoded.alpha ?? [] == levels.indices.filter { $0 % count >= decoded.shape.channels }.map { levels[$0] })
}

@Test func profileIsKeptInPNG() throws {
  // libpng checks profiles: size, version, class, colour space, signature, white point, and a table of one tag.
  var icc = [UInt8](repeating: 0, count: 144) + (0..<256).map { UInt8($0) }
  icc.replaceSubrange(0..<4, with: [0, 0, 1, 144])
  icc.replaceSubrange(8..<12, with: [2, 0x40, 0, 0])
  icc.replaceSubrange(12..<24, with: [UInt8]("mntrRGB XYZ ".utf8))
  icc.replaceSubrange(36..<40, with: [UInt8]("acsp".utf8))
  icc.replaceSubrange(68..<80, with: [0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D])
  icc.replaceSubrange(128..<144, with: [0, 0, 0, 1] + [UInt8]("desc".utf8) + [0, 0, 0, 144, 0, 0, 1, 0])
  var image = smoothImage(width: 5, height: 5, channels: 3)
  image.colorProfile = icc
  #expect(try Decoded(try encode(image, as: .png)).colorProfile == icc)
}

@Test func profileThatDoesNotFitIsLeftOut() throws {
  var image = smoothImage(width: 5, height: 5, channels: 1)
  let plain = try encode(image, as: .png)
  image.colorProfile = profile("RGB ", byteCount: 132)
  #expect(try encode(image, as: .png) == plain)
}

@Test func wrongChecksumOfThePixelsIsDamage() throws {
  var file = try encode(smoothImage(width: 30, height: 30, channels: 3), as: .png)
  file[file.count - 13] ^= 1  // the last byte before the end chunk
  #expect(throws: ImagingError.self) { try Decoded(file) }
}

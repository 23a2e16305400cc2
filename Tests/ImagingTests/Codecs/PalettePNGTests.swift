import Foundation
import Imaging
import TestSupport
import Testing

/// PNG files with a palette.
struct PalettePNGTests {
  /// An image of so many colours in no particular order.
  private static func image(colorCount: Int, width: Int = 37, height: Int = 23) -> Image {
    var pixels = PixelBuffer(ImageShape(width: width, height: height, channels: 3))
    pixels.set(
      (0..<width * height).flatMap { index in
        let color = index % colorCount
        return [UInt8(truncatingIfNeeded: color &* 37), UInt8(color >> 8), UInt8(255 - color % 256)]
      })
    return Image(color: pixels)
  }

  private static func encode(_ image: borrowing Image, _ change: (inout EncodingOptions) -> Void = { _ in }) throws
    -> [UInt8]
  {
    var encoder = ImageEncoder()
    var options = EncodingOptions()
    options.isPalette = true
    change(&options)
    return try encoder.encode(image, as: .png, options)
  }

  /// Bit depth and colour type, from the header.
  private static func kind(_ file: [UInt8]) -> [UInt8] { Array(file[24...25]) }

  @Test(arguments: [
    (1, 1), (2, 1), (3, 2), (4, 2), (5, 4), (16, 4), (17, 8), (256, 8),
  ])
  func colorsComeBackFromFewBits(colorCount: Int, bitDepth: UInt8) throws {
    let image = Self.image(colorCount: colorCount)
    let file = try Self.encode(image)
    #expect(Self.kind(file) == [bitDepth, PNGFile.ColorType.palette.rawValue])
    let decoded = try Decoded(file)
    #expect(decoded.color == image.color.bytes && decoded.shape == image.color.shape)
    #expect(decoded.alpha == nil)
  }

  @Test func moreColorsThanAPaletteHoldsAreWrittenAsBefore() throws {
    let image = Self.image(colorCount: 257)
    #expect(try Self.encode(image) == Self.encode(image) { $0.isPalette = false })
    #expect(try Decoded(Self.encode(image)).color == image.color.bytes)
  }

  @Test func greyIsWrittenAsBefore() throws {
    let image = smoothImage(width: 30, height: 20, channels: 1)
    #expect(try Self.encode(image) == Self.encode(image) { $0.isPalette = false })
  }

  @Test(arguments: [255, 128, 0] as [UInt8])
  func opacityComesBackWithThePalette(opacity: UInt8) throws {
    var image = Self.image(colorCount: 40)
    var alpha = PixelBuffer(ImageShape(width: 37, height: 23, channels: 1))
    alpha.set((0..<37 * 23).map { $0 % 3 == 1 ? opacity : 255 })
    let alphaBytes = alpha.bytes
    image.alpha = consume alpha
    let file = try Self.encode(image)
    #expect(Self.kind(file) == [8, PNGFile.ColorType.palette.rawValue])
    let decoded = try Decoded(file)
    #expect(decoded.color == image.color.bytes)
    #expect(decoded.alpha == alphaBytes)
  }

  @Test func tooManyOpacitiesAreWrittenAsBefore() throws {
    var image = Self.image(colorCount: 40)
    var alpha = PixelBuffer(ImageShape(width: 37, height: 23, channels: 1))
    alpha.set((0..<37 * 23).map { UInt8($0 % 250) })
    image.alpha = consume alpha
    #expect(try Self.encode(image) == Self.encode(image) { $0.isPalette = false })
  }

  @Test func metadataStaysBeforeThePalette() throws {
    var image = Self.image(colorCount: 9)
    image.metadata = MetadataTests.metadata()
    image.metadata.colorChunks = [PNGChunk("gAMA", [0, 0, 0xB1, 0x8F])]
    let file = try Self.encode(image) { $0.metadata = .all }
    let types = Self.chunkTypes(file)
    let palette = try #require(types.firstIndex(of: "PLTE"))
    #expect(types.first == "IHDR" && types.last == "IEND")
    #expect(try #require(types.firstIndex(of: "gAMA")) < palette)
    #expect(try #require(types.firstIndex(of: "IDAT")) > palette)
    #expect(Set(types).isSuperset(of: ["eXIf", "iTXt", "pHYs"]))
    #expect(try Decoded(file).color == image.color.bytes)
  }

  private static func chunkTypes(_ file: [UInt8]) -> [String] {
    var (types, offset): ([String], Int) = ([], 8)
    while offset + 12 <= file.count {
      types.append(String(decoding: file[offset + 4..<offset + 8], as: UTF8.self))
      offset += 12 + BigEndian.number(file[offset..<offset + 4])
    }
    return types
  }

  @Test func aQuantizedPhotographIsSmallerWithItsPalette() throws {
    let picture = QuantizerPictures.photograph(ImageShape(width: 200, height: 150, channels: 3))
    var quantized = PixelBuffer()
    _ = try Quantizer(.with(colors: 16)).quantize(picture, key: Quantized.key, into: &quantized)
    let image = Image(color: quantized)
    let (indexed, plain) = try (Self.encode(image), Self.encode(image) { $0.isPalette = false })
    #expect(Self.kind(indexed) == [4, PNGFile.ColorType.palette.rawValue])
    #expect(indexed.count * 2 < plain.count)
  }

  @Test(.enabled(if: OtherReader.isThere, "AUGMENT_PYTHON names no Python with Pillow"))
  func pillowReadsTheSameColors() throws {
    let folder = try TemporaryFolder()
    for colorCount in [1, 2, 3, 16, 17, 256] {
      let image = Self.image(colorCount: colorCount)
      let file = folder.url.appending(path: "\(colorCount).png")
      try Data(Self.encode(image)).write(to: file)
      let read = try OtherReader.read(file)
      #expect(read.mode == "P")
      #expect(read.bytes == image.color.bytes, "\(colorCount) colours")
    }
  }
}

/// Pillow, in the Python that AUGMENT_PYTHON names.
private enum OtherReader {
  private static let python = ProcessInfo.processInfo.environment["AUGMENT_PYTHON"]
  private static let script = """
    import sys, PIL.Image
    image = PIL.Image.open(sys.argv[1])
    image.load()
    sys.stdout.buffer.write(image.mode.encode() + b"\\n" + image.convert("RGB").tobytes())
    """

  static let isThere = python != nil && (try? launch(["-c", "import PIL"]).status) == 0

  static func read(_ file: URL) throws -> (mode: String, bytes: [UInt8]) {
    let outcome = try launch(["-c", script, file.path])
    try #require(outcome.status == 0)
    let line = outcome.output.prefix { $0 != 10 }
    return (String(decoding: line, as: UTF8.self), [UInt8](outcome.output.dropFirst(line.count + 1)))
  }

  private static func launch(_ arguments: [String]) throws -> (status: Int32, output: Data) {
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(filePath: try #require(python))
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, bytes)
  }
}

import Imaging
import Testing

/// Chroma subsampling of JPEG files.
struct SubsamplingTests {
  /// The sampling factors of the components, from the frame header.
  private static func factors(_ file: [UInt8]) throws -> [UInt8] {
    let frame = try #require(file.indices.dropLast().first { file[$0] == 0xFF && file[$0 + 1] == 0xC0 })
    return (0..<Int(file[frame + 9])).map { file[frame + 11 + 3 * $0] }
  }

  private static func file(_ subsampling: Subsampling?, channels: Int = 3) throws -> [UInt8] {
    var options = EncodingOptions()
    options.subsampling = subsampling
    var encoder = ImageEncoder()
    return try encoder.encode(smoothImage(width: 48, height: 32, channels: channels), as: .jpeg, options)
  }

  private static func decoded(_ file: [UInt8]) throws -> Image {
    var decoder = ImageDecoder()
    var image = Image()
    _ = try decoder.decode(file, into: &image)
    return image
  }

  @Test(arguments: zip(Subsampling.allCases, [0x11, 0x21, 0x22, 0x12, 0x41, 0x42] as [UInt8]))
  func copyHasThatOfItsSource(subsampling: Subsampling, factors: UInt8) throws {
    let source = try Self.file(subsampling)
    #expect(try Self.factors(source) == [factors, 0x11, 0x11])
    let copy = try encode(Self.decoded(source), as: .jpeg)
    #expect(try Self.factors(copy) == [factors, 0x11, 0x11])
  }

  @Test func thatOfTheSourceYieldsToTheOneAskedFor() throws {
    var options = EncodingOptions()
    options.subsampling = .yuv422
    var encoder = ImageEncoder()
    let copy = try encoder.encode(Self.decoded(try Self.file(.yuv444)), as: .jpeg, options)
    #expect(try Self.factors(copy) == [0x21, 0x11, 0x11])
  }

  @Test func sourcesThatAreNoJPEGGiveAQuarter() throws {
    let png = try encode(smoothImage(width: 16, height: 16, channels: 3), as: .png)
    let copy = try encode(Self.decoded(png), as: .jpeg)
    #expect(try Self.factors(copy) == [0x22, 0x11, 0x11])
  }

  @Test func greyHasNone() throws {
    let grey = try Self.file(.yuv422, channels: 1)
    #expect(try Self.factors(grey) == [0x11])
    let image = try Self.decoded(grey)
    let subsampling = image.metadata.subsampling
    #expect(subsampling == nil)
  }

  /// Columns of red and blue, one pixel wide, stay apart only without horizontal subsampling.
  @Test func fineColourSurvivesWhereItDidInTheSource() throws {
    var pixels = PixelBuffer(ImageShape(width: 32, height: 16, channels: 3))
    pixels.set((0..<32 * 16).flatMap { $0 % 2 == 0 ? [255, 0, 0] : [0, 0, 255] })
    var options = EncodingOptions()
    options.subsampling = .yuv444
    var encoder = ImageEncoder()
    let source = try encoder.encode(Image(color: pixels), as: .jpeg, options)
    let copy = try Self.decoded(try encode(Self.decoded(source), as: .jpeg))
    let (red, blue) = (copy.color[row: 5, column: 4], copy.color[row: 5, column: 5])
    #expect(red[0] > 240 && blue[2] > 240)
  }
}

import Imaging
import Testing

/// Masks come out of their files, and go back, as they were stored.
struct MaskCodecTests {
  private static let sizes = [(1, 1), (3, 2), (13, 9), (8, 8), (33, 5)]

  @Test(arguments: MaskKind.all)
  func everyKindIsReadAsItIsStored(kind: MaskKind) throws {
    for (width, height) in Self.sizes {
      let content = MaskContent(try Masks.decoded(kind.file(width: width, height: height).bytes))
      #expect(content.size == ImageSize(width: width, height: height))
      #expect(content.layout == kind.layout)
      #expect(content.values == kind.values(width: width, height: height))
    }
  }

  @Test(arguments: MaskKind.all)
  func everyKindIsWrittenAsItWasRead(kind: MaskKind) throws {
    for (width, height) in Self.sizes {
      let mask = try Masks.decoded(kind.file(width: width, height: height).bytes)
      let file = try Masks.encoded(mask)
      let header = [UInt8(kind.bitDepth), kind.colorType.rawValue, 0, 0, 0]
      #expect(Array(file[24..<29]) == header, "the same bit depth and colour type, not interlaced")
      #expect(MaskContent(try Masks.decoded(file)) == MaskContent(mask))
    }
  }

  @Test func valuesOfAPixelAreItsColoursThenItsOpacity() throws {
    let file = PNGFile(
      width: 2, height: 1, colorType: .rgba, bitDepth: 16, samples: [1, 0x203, 0xFFFF, 4, 5, 6, 7, 0x809])
    let mask = try Masks.decoded(file.bytes)
    #expect(mask[row: 0, column: 0] == [1, 0x203, 0xFFFF, 4])
    #expect(mask[row: 0, column: 1] == [5, 6, 7, 0x809])
  }

  @Test func theSameMaskGivesTheSameBytesWhateverWasWrittenBefore() throws {
    let mask = try Masks.decoded(MaskKind(colorType: .palette, bitDepth: 8).file(width: 40, height: 30).bytes)
    let other = try Masks.decoded(MaskKind(colorType: .rgba, bitDepth: 16).file(width: 90, height: 70).bytes)
    var encoder = MaskEncoder()
    let first = try encoder.encode(mask)
    _ = try encoder.encode(other)
    #expect(try encoder.encode(mask) == first)
  }

  @Test func oneDecoderReadsOneKindAfterTheOther() throws {
    var decoder = MaskDecoder()
    var mask = MaskImage()
    for kind in MaskKind.all + MaskKind.all.reversed() {
      let size = kind.bitDepth * 3
      _ = try decoder.decode(kind.file(width: size, height: 7).bytes, into: &mask)
      #expect(mask.layout == kind.layout)
      #expect(MaskContent(mask).values == kind.values(width: size, height: 7))
    }
  }

  /// Other readers refuse such a file, or show black.
  @Test func anIndexWithoutAColourIsKeptAndGetsBlack() throws {
    let file = PNGFile(
      width: 3, height: 1, colorType: .palette, bitDepth: 4, chunks: [("PLTE", [9, 8, 7, 6, 5, 4])], samples: [1, 5, 0])
    let mask = try Masks.decoded(file.bytes)
    #expect(mask.layout.palette?.colors == [9, 8, 7, 6, 5, 4])
    let again = MaskContent(try Masks.decoded(try Masks.encoded(mask)))
    #expect(again.values == [1, 5, 0])
    #expect(again.layout.palette?.colors == [9, 8, 7, 6, 5, 4] + [UInt8](repeating: 0, count: 12))
    #expect(again.layout.bitDepth == 4)
  }

  @Test(arguments: 1...8)
  func aMaskIsUprightLikeAnImage(orientation: Int) throws {
    let place = Orientation(rawValue: orientation)
    var file = MaskKind(colorType: .palette, bitDepth: 2).file(width: 7, height: 4)
    let stored = MaskContent(try Masks.decoded(file.bytes))
    file.chunks.append(("eXIf", exif(orientation: orientation)))
    let mask = try Masks.decoded(file.bytes)
    var plain = PixelBuffer(ImageShape(width: 7, height: 4, channels: 1))
    var upright = PixelBuffer()
    plain.set(stored.values.map { UInt8($0) })
    try #require(place).apply(to: plain, into: &upright)
    #expect(MaskContent(mask).values == upright.bytes.map { Int($0) })
    #expect(mask.size == upright.shape.size)
    #expect(try MaskDecoder().size(of: file.bytes) == mask.size)
  }

  @Test func anImageInAnotherFormatIsRefused() throws {
    let jpeg = try encode(smoothImage(width: 8, height: 8, channels: 1), as: .jpeg)
    let reason = "JPEG image as a mask (its compression changes values; PNG keeps them)"
    #expect(throws: ImagingError.unsupported(reason)) { try MaskContent(Masks.decoded(jpeg)) }
    #expect(throws: ImagingError.unsupported("GIF image as a mask (PNG images are read)")) {
      try MaskContent(Masks.decoded([UInt8]("GIF89a".utf8) + [1, 0, 1, 0]))
    }
    #expect(throws: ImagingError.empty) { try MaskContent(Masks.decoded([])) }
  }
}

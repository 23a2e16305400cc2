import Imaging
import Testing

@Test(arguments: [
  ([0xFF, 0xD8, 0xFF, 0xE0], FileKind.jpeg), ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], .png),
  ([0x89, 0x50, 0x4E, 0x47, 0x0A], .unknown), ([0xFF, 0x0A, 0], .jpegXL),
  ([0, 0, 0, 0], .unknown), ([0xFF], .unknown), ([], .unknown),
])
func firstBytesTellTheKind(head: [UInt8], kind: FileKind) { #expect(FileKind(head) == kind) }

@Test(arguments: [
  ("GIF89a\u{10}\0\u{10}\0", FileKind.gif), ("RIFF\u{10}\0\0\0WEBPVP8 ", .webp), ("RIFF....WAVEfmt ", .text),
  ("II*\0\u{8}\0\0\0", .tiff), ("MM\0*\0\0\0\u{8}", .tiff), ("\0\0\0 ftypavif", .avif),
  ("\0\0\0 ftypheic", .heif), ("\0\0\0\u{C}jP  \r\n\u{87}\n", .jpeg2000), ("%PDF-1.7", .pdf),
  ("8BPS\0\u{1}\0\0\0\0\0\0", .psd), ("  <!DOCTYPE html><title>404</title>", .html), ("not found\n", .text),
])
func firstLettersTellTheKind(head: String, kind: FileKind) { #expect(FileKind([UInt8](head.utf8)) == kind) }

/// Bitmaps and icons as real programs write them.
struct WeakSignatureTests {
  /// "BM", size, four zeros, the pixel offset, and the second header up to its bit count.
  private static func bitmap(headerSize: UInt8 = 40, reserved: UInt8 = 0, planes: UInt8 = 1) -> [UInt8] {
    let dimensions: [UInt8] = headerSize == 12 ? [9, 0, 7, 0] : [9, 0, 0, 0, 7, 0, 0, 0]
    return [UInt8]("BM".utf8) + [0, 1, 0, 0, reserved, 0, 0, 0, 54, 0, 0, 0, headerSize, 0, 0, 0] + dimensions
      + [planes, 0, 24, 0]
  }

  @Test(arguments: [12, 40, 108, 124] as [UInt8]) func bitmapIsToldByItsHeaders(headerSize: UInt8) {
    #expect(FileKind(Self.bitmap(headerSize: headerSize)) == .bmp)
  }

  @Test func whatOnlyBeginsLikeABitmapIsNone() {
    for text in ["BMW 0.48 0.63 0.69 0.71\n", "BMI,age,file\n21.3,44,car.jpg\n", "BM....", "BM"] {
      #expect(FileKind([UInt8](text.utf8)) == .text)
    }
    for head in [Self.bitmap(headerSize: 41), Self.bitmap(reserved: 1), Self.bitmap(planes: 2), [0x42, 0x4D, 0, 1]] {
      #expect(FileKind(head) == .unknown)
    }
  }

  private static func directory(_ kind: UInt8, planes: UInt8 = 1, bits: UInt8 = 32, offset: UInt8 = 22) -> [UInt8] {
    [0, 0, kind, 0, 1, 0, 16, 16, 0, 0, planes, 0, bits, 0, 0, 4, 0, 0, offset, 0, 0, 0]
  }

  @Test func iconIsToldByTheFirstEntryOfItsDirectory() {
    #expect(FileKind(Self.directory(1)) == .ico)
    #expect(FileKind(Self.directory(2, planes: 7, bits: 9)) == .ico)  // a cursor and its hot spot
    #expect(FileKind(Self.directory(1, bits: 9)) == .unknown)
    #expect(FileKind(Self.directory(1, offset: 21)) == .unknown)
  }

  @Test func tablesOfNumbersAreNoIcons() {
    for numbers in [[65536, 2, 3, 4], [65536] + Array(1...20), [131_072] + Array(1...20), [65536, 0, 0, 0, 0, 0, 0]] {
      let head = numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
      #expect(FileKind(head) == .unknown, "\(numbers)")
    }
  }

  @Test func directoryOfATIFFLiesBehindItsHeader() {
    #expect(FileKind([UInt8]("II*\0....".utf8)) == .tiff)
    #expect(FileKind([UInt8]("II*\0\u{7}\0\0\0".utf8)) == .unknown)
    #expect(FileKind([UInt8]("MM\0*\0\0\0\u{7}".utf8)) == .unknown)
  }
}

@Test(arguments: ["P1\n2 3\n", "P2 2 3 255\n", "P6\n# a comment\n2\n3\n255\n\0", "P4\n2 3#\n", "P7\nWIDTH 2\n"])
func portableMapsAreToldByTheirHeaders(head: String) { #expect(FileKind([UInt8](head.utf8)) == .pnm) }

@Test(arguments: ["P1", "P2 2 3\n", "P6\n2 x 255\n", "P1 is first", "P62 3 255\n", "P7 WIDTH 2\n", "P8\n2 3\n"])
func whatOnlyBeginsLikeAPortableMapIsText(head: String) { #expect(FileKind([UInt8](head.utf8)) == .text) }

@Test func aPortableMapMayBeginWithALongComment() {
  let comment = "P5\n# \(String(repeating: "c", count: 100))\n"
  #expect(FileKind([UInt8](comment.utf8.prefix(FileKind.headCount))) == .pnm)
}

@Test func kindsThatAreNotReadAreNamedInTheError() {
  #expect(throws: ImagingError.unsupported("AVIF image")) { try Decoded([UInt8]("\0\0\0 ftypavif".utf8)) }
  #expect(throws: ImagingError.unsupported("HTML page")) { try Decoded([UInt8]("<html>".utf8)) }
}

@Test func noBytesAreEmpty() { #expect(throws: ImagingError.empty) { try Decoded([]) } }

@Test func fileNameEndingsStandForFormats() {
  #expect(ImageFormat(fileExtension: "JPG") == .jpeg)
  #expect(ImageFormat(fileExtension: "jfif") == .jpeg)
  #expect(ImageFormat(fileExtension: "Png") == .png)
  #expect(ImageFormat(fileExtension: "tiff") == .tiff)
  #expect(ImageFormat(fileExtension: "avif") == nil)
}

import Imaging
import Testing

@Test(arguments: [
  ([0xFF, 0xD8, 0xFF, 0xE0], FileKind.jpeg), ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], .png),
  ([0x89, 0x50, 0x4E, 0x47, 0x0A], .unknown), ([0xFF, 0x0A, 0], .jpegXL), ([0, 0, 1, 0, 1, 0], .ico),
  ([0, 0, 0, 0], .unknown), ([0xFF], .unknown), ([], .unknown),
])
func firstBytesTellTheKind(head: [UInt8], kind: FileKind) { #expect(FileKind(head) == kind) }

@Test(arguments: [
  ("GIF89a......", FileKind.gif), ("RIFF....WEBPVP8 ", .webp), ("RIFF....WAVEfmt ", .text), ("BM....", .bmp),
  ("II*\0....", .tiff), ("MM\0*....", .tiff), ("....ftypavif", .avif), ("....ftypheic", .heif),
  ("....jP  \r\n\u{87}\n", .jpeg2000), ("%PDF-1.7", .pdf), ("8BPS", .psd),
  ("  <!DOCTYPE html><title>404</title>", .html), ("not found\n", .text),
])
func firstLettersTellTheKind(head: String, kind: FileKind) { #expect(FileKind([UInt8](head.utf8)) == kind) }

@Test func kindsThatAreNotReadAreNamedInTheError() {
  #expect(throws: ImagingError.unsupported("WebP image")) { try Decoded([UInt8]("RIFF....WEBPVP8 ".utf8)) }
  #expect(throws: ImagingError.unsupported("HTML page")) { try Decoded([UInt8]("<html>".utf8)) }
}

@Test func noBytesAreEmpty() { #expect(throws: ImagingError.empty) { try Decoded([]) } }

@Test func fileNameEndingsStandForFormats() {
  #expect(ImageFormat(fileExtension: "JPG") == .jpeg)
  #expect(ImageFormat(fileExtension: "jfif") == .jpeg)
  #expect(ImageFormat(fileExtension: "Png") == .png)
  #expect(ImageFormat(fileExtension: "gif") == nil)
}

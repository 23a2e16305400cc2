import Foundation
import Imaging
import Scenes
import Testing

private func sample(_ format: ImageFormat, alpha: Bool = false) throws -> [UInt8] {
  var image = SceneGenerator(.scene, seed: 3).generate(width: 40, height: 28)
  if alpha { image.alpha = smoothPixels(width: 40, height: 28, channels: 1) }
  return try encode(image, as: format, quality: 85)
}

/// Fewer bytes than identify the format are of unknown kind; all longer prefixes are truncated files.
@Test func jpegCutAnywhereIsTruncated() throws {
  let file = try sample(.jpeg)
  for count in 3..<file.count {
    #expect { try Decoded(Array(file[..<count])) } throws: { "\($0)".hasPrefix("truncated") }
  }
  for count in 0..<3 { #expect(throws: ImagingError.self) { try Decoded(Array(file[..<count])) } }
}

@Test(arguments: [false, true])
func pngCutAnywhereIsTruncated(alpha: Bool) throws {
  let file = try sample(.png, alpha: alpha)
  for count in 8..<file.count {
    #expect { try Decoded(Array(file[..<count])) } throws: { "\($0)".hasPrefix("truncated") }
  }
}

@Test func jpegOfManyScansCutAnywhereIsTruncated() throws {
  let file = JPEGFile.flat([200, 90, 30], scanCount: 9)
  for count in 3..<file.count {
    #expect { try Decoded(Array(file[..<count])) } throws: { "\($0)".hasPrefix("truncated") }
  }
}

@Test func damageInsideAJPEGIsReportedWithThePicture() throws {
  var file = try sample(.jpeg)
  let middle = file.count * 2 / 3
  file.replaceSubrange(middle..<middle + 2, with: [0xFF, 0xD3])  // a restart marker in the wrong place
  let decoded = try Decoded(file)
  #expect(decoded.report.isDamaged)
  #expect(decoded.report.warningText.contains("Corrupt JPEG data"))
  #expect(decoded.shape == ImageShape(width: 40, height: 28, channels: 3))
}

@Test func aSoundFileAfterADamagedOneIsDecodedAsEver() throws {
  let file = try sample(.jpeg)
  let expected = try Decoded(file)
  var decoder = ImageDecoder()
  _ = try? Decoded(Array(file.dropLast(200)), with: &decoder)
  _ = try? Decoded(JPEGFile.flat([1, 2]), with: &decoder)
  #expect(try Decoded(file, with: &decoder) == expected)
}

/// Quantisation and Huffman tables of one file must not serve the next.
@Test func tablesOfOneFileAreNotUsedForTheNext() throws {
  let file = JPEGFile.flat([200])
  let table = JPEGFile.segment(0xDB, [0] + [UInt8](repeating: 8, count: 64))
  var decoder = ImageDecoder()
  _ = try Decoded(file, with: &decoder)
  #expect(throws: ImagingError.self) { try Decoded(Array(file[..<2] + file[(2 + table.count)...]), with: &decoder) }
}

@Test(arguments: ["jpeg", "png", "png with alpha", "scans"])
func fewChangedBytesNeverCrash(kind: String) throws {
  let file =
    switch kind {
    case "jpeg": try sample(.jpeg)
    case "scans": JPEGFile.flat([200, 90, 30, 40], adobeTransform: 2, scanCount: 12)
    default: try sample(.png, alpha: kind != "png")
    }
  var random = StreamKey(seed: 20, path: kind, copy: 0).stream(node: 0)
  var decoder = ImageDecoder()
  var (decodedCount, refusedCount) = (0, 0)
  for _ in 0..<2500 {
    var changed = file
    for _ in 0..<random.integer(1...6) {
      let place = random.integer(0...1) == 0 ? random.integer(0...changed.count - 1) : random.integer(0...60)
      changed[place] ^= UInt8(random.integer(1...255))
    }
    do throws(ImagingError) {
      let decoded = try Decoded(changed, maxPixels: 1_000_000, with: &decoder)
      #expect(decoded.color.count == decoded.shape.byteCount && decoded.shape.byteCount <= 3_000_000)
      decodedCount += 1
    } catch { refusedCount += 1 }
  }
  #expect(refusedCount > 0)
  #expect(decodedCount > 0 || kind.hasPrefix("png"))  // a PNG has checksums, so few changes pass
}

@Test func aPictureOfTheLimitDecodesAndALargerOneDoesNot() throws {
  for format in ImageFormat.written {
    let file = try sample(format)
    #expect(try Decoded(file, maxPixels: 40 * 28).shape.width == 40)
    #expect(throws: ImagingError.tooLarge(width: 40, height: 28, maxPixels: 40 * 28 - 1)) {
      try Decoded(file, maxPixels: 40 * 28 - 1)
    }
  }
}

/// The rows alone of the wide PNG would take 2 GB.
@Test func bombsAreRefusedBeforeMemoryIsTaken() throws {
  let before = try peakKilobytes()
  var jpeg = JPEGFile.flat([200, 128, 128])
  let frame = try #require(jpeg.indices.first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
  jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
  #expect(throws: ImagingError.tooLarge(width: 65500, height: 65500, maxPixels: ImageDecoder.defaultMaxPixels)) {
    try Decoded(jpeg)
  }
  for (width, height) in [(Int(Int32.max), 1), (1, Int(Int32.max)), (100_000, 100_000)] {
    let png = PNGFile(width: width, height: height, colorType: .rgba, samples: [])
    #expect(throws: ImagingError.tooLarge(width: width, height: height, maxPixels: ImageDecoder.defaultMaxPixels)) {
      try Decoded(png.bytes)
    }
  }
  for (name, bomb) in smallFilesOfHugeImages {
    let error = #expect(throws: ImagingError.self) { try Decoded(bomb) }
    #expect(error?.description.hasPrefix("too large") == true, "\(name): \(error?.description ?? "")")
  }
  #expect(try peakKilobytes() - before < 512 * 1024)
}

/// Files of a few bytes whose headers say that the image has gigabytes.
private let smallFilesOfHugeImages: [(name: String, bytes: [UInt8])] = {
  let little = { (number: Int, count: Int) in [UInt8](BigEndian.bytes(of: number, count: count).reversed()) }
  let letters = { (text: String) in [UInt8](text.utf8) }
  let bitmap = [54, 40, 60_000, 60_000].flatMap { little($0, 4) } + little(1, 2) + little(24, 2)
  let canvas = letters("VP8X") + little(10, 4) + little(2, 4) + little(0xFFFFFF, 3) + little(0xFFF, 3)
  let frame = letters("ANMF") + little(16, 4) + [UInt8](repeating: 0, count: 16)
  let tags = [
    (256, 100_000), (257, 100_000), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 100_000), (279, 100_000),
  ]
  let entries = tags.flatMap { little($0.0, 2) + little(4, 2) + little(1, 4) + little($0.1, 4) }
  return [
    ("BMP", letters("BM") + little(0, 8) + bitmap + little(0, 24)),
    (
      "GIF",
      letters("GIF89a") + little(0xFFFF, 2) + little(0xFFFF, 2) + [0x80, 0, 0, 1, 2, 3, 4, 5, 6, 0x2C]
        + little(0, 4) + little(1, 2) + little(1, 2) + [0, 2, 1, 0x44, 0, 0x3B]
    ),
    ("PNM", letters("P6 100000 100000 255\n")),
    ("TIFF", letters("II") + little(42, 2) + little(8, 4) + little(tags.count, 2) + entries + little(0, 4)),
    ("WebP", letters("RIFF") + little(4 + canvas.count + frame.count, 4) + letters("WEBP") + canvas + frame),
  ]
}()

/// A file of 170 kB whose entries stand for 540 MB, because all of them name the same bytes.
@Test func valuesThatShareBytesAreNotCopiedForEach() throws {
  let little = { (number: Int, count: Int) in [UInt8](BigEndian.bytes(of: number, count: count).reversed()) }
  let directory = { (entries: [[Int]]) in
    let fields = entries.flatMap { zip($0, [2, 2, 4, 4]).flatMap(little) }
    return little(entries.count, 2) + fields + little(0, 4)
  }
  let shared = directory([[Int]](repeating: [0x9000, 7, 65_000, 8], count: 4096))
  let (exif, gps) = (8 + 65_000, 8 + 65_000 + shared.count)
  let image = directory([
    [0x100, 4, 1, 1], [0x101, 4, 1, 1], [0x102, 3, 1, 8], [0x103, 3, 1, 1], [0x106, 3, 1, 1], [0x111, 4, 1, 8],
    [0x115, 3, 1, 1], [0x116, 4, 1, 1], [0x117, 4, 1, 1], [0x8769, 4, 1, exif], [0x8825, 4, 1, gps],
  ])
  let head = [UInt8]("II".utf8) + little(42, 2) + little(gps + shared.count, 4)
  let before = try peakKilobytes()
  let decoded = try Decoded(head + [UInt8](repeating: 7, count: 65_000) + shared + shared + image)
  #expect(decoded.color == [7])
  #expect(try peakKilobytes() - before < 256 * 1024)
}

/// Peak resident memory of this process.
private func peakKilobytes() throws -> Int {
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
  return try #require(line.split(separator: " ").compactMap { Int($0) }.first)
}

@Test func imagesAreDecodedIntoBorrowedMemory() throws {
  for format in ImageFormat.written {
    let file = try sample(format)
    let expected = try Decoded(file)
    let slot = UnsafeMutableRawBufferPointer.allocate(byteCount: 5000, alignment: 16)
    defer { unsafe slot.deallocate() }
    unsafe slot.initializeMemory(as: UInt8.self, repeating: 0xA5)
    var image = unsafe Image(
      color: PixelBuffer(borrowing: slot, shape: ImageShape(width: 0, height: 0, channels: 1)))
    var decoder = ImageDecoder()
    _ = try decoder.decode(file, into: &image)
    let bytes = unsafe [UInt8](slot)
    #expect(Array(bytes[..<expected.color.count]) == expected.color)
    #expect(bytes[expected.color.count...].allSatisfy { $0 == 0xA5 })
  }
}

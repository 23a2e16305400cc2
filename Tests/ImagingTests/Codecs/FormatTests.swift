import Foundation
import Imaging
import Testing

/// All formats, by files of other writers.
@Suite(.enabled(if: FormatFiles.others != nil, FormatFiles.isMissing))
struct FormatTests {
  @Test(arguments: FormatFiles.others?.entries ?? [])
  func aFileIsReadAsPillowReadsIt(entry: FormatFiles.Entry) throws {
    let files = try #require(FormatFiles.others)
    let decoded = try Decoded(files.bytes(entry.name))
    #expect(decoded.shape.width == entry.width && decoded.shape.height == entry.height)
    #expect(!decoded.report.isDamaged, "\(decoded.report.warningText)")
    let worst = zip(decoded.rgba, files.pixels(entry)).map { abs(Int($0) - Int($1)) }.max()
    #expect(try #require(worst) <= entry.tolerance)
  }

  @Test func everyFormatIsThere() {
    let found = (FormatFiles.others?.entries ?? []).compactMap { entry in
      FileKind(Array(FormatFiles.others?.bytes(entry.name).prefix(FileKind.headCount) ?? [])).format
    }
    #expect(Set(found) == Set(ImageFormat.allCases).subtracting([.jpeg]))
  }

  @Test(arguments: [("frames.gif", 3), ("frames.webp", 3), ("pages.tif", 2), ("rgb.bmp", 1), ("lossy.webp", 1)])
  func framesAreCounted(name: String, count: Int) throws {
    #expect(try Decoded(#require(FormatFiles.others).bytes(name)).report.frameCount == count)
  }

  @Test func theHeaderTellsWhatIsDecoded() throws {
    let files = try #require(FormatFiles.others)
    let decoder = ImageDecoder()
    for entry in files.entries {
      let bytes = files.bytes(entry.name)
      let header = unsafe try decoder.header(of: bytes.span.bytes)
      let decoded = try Decoded(bytes)
      #expect(header.possibleShapes.contains(decoded.shape) && header.hasAlpha == (decoded.alpha != nil), "\(entry)")
    }
  }

  @Test func aPictureOfTheLimitDecodesAndALargerOneDoesNot() throws {
    let files = try #require(FormatFiles.others)
    for entry in files.entries {
      let bytes = files.bytes(entry.name)
      let count = entry.width * entry.height
      #expect(try Decoded(bytes, maxPixels: count).shape.width == entry.width)
      let error = #expect(throws: ImagingError.self) { try Decoded(bytes, maxPixels: count - 1) }
      #expect(error?.description.hasPrefix("too large") == true, "\(entry): \(error?.description ?? "")")
    }
  }

  /// Text has no end: a last number that is cut is a number. Pages behind the first are not read.
  private static var files: [FormatFiles.Entry] {
    (FormatFiles.others?.entries ?? []).filter { entry in
      !["text", "close", "pages"].contains { entry.name.hasPrefix($0) }
    }
  }

  @Test(arguments: files) func aFileCutAnywhereIsTold(entry: FormatFiles.Entry) throws {
    let files = try #require(FormatFiles.others)
    let (bytes, pixels) = (files.bytes(entry.name), try Decoded(files.bytes(entry.name)).rgba)
    var decoder = ImageDecoder()
    for count in stride(from: 1, to: bytes.count, by: max(1, bytes.count / 1500)) {
      do throws(ImagingError) {
        let decoded = try Decoded(Array(bytes[..<count]), with: &decoder)
        // Only what no reader misses may be cut: the padding of a last row, or a tag that says nothing of pixels.
        #expect(decoded.rgba == pixels && (decoded.report.isDamaged || bytes.count - count < 4), "\(count)")
      } catch {
        #expect(!error.description.hasPrefix("out of memory"))
      }
    }
  }

  @Test(arguments: files) func changedBitsNeverCrash(entry: FormatFiles.Entry) throws {
    let bytes = try #require(FormatFiles.others).bytes(entry.name)
    var random = StreamKey(seed: 21, path: entry.name, copy: 0).stream(node: 0)
    var decoder = ImageDecoder()
    var deep = DeepDecoder()
    deep.maxPixels = 1_000_000
    var image = DeepImage()
    for _ in 0..<1500 {
      var changed = bytes
      for _ in 0..<random.integer(1...3) {
        let place = random.integer(0...(random.integer(0...1) == 0 ? changed.count - 1 : min(300, changed.count - 1)))
        changed[place] ^= 1 << UInt8(random.integer(0...7))
      }
      if let decoded = try? Decoded(changed, maxPixels: 1_000_000, with: &decoder) {
        #expect(decoded.color.count == decoded.shape.byteCount && decoded.shape.byteCount <= 3_000_000)
      }
      if entry.name.hasPrefix("deep") { try? deep.decode(changed, into: &image) }
    }
  }
}

/// What is written, as others read it.
@Suite(.enabled(if: FormatFiles.others != nil, FormatFiles.isMissing))
struct WrittenFormatTests {
  private static let names = ["grey", "color", "grey-alpha", "color-alpha"]

  private static func image(_ name: String) -> Image {
    var image = smoothImage(width: 61, height: 47, channels: name.hasPrefix("grey") ? 1 : 3)
    if name.hasSuffix("alpha") { image.alpha = smoothPixels(width: 61, height: 47, channels: 1) }
    return image
  }

  @Test func pillowReadsTheSamePixels() throws {
    var files = try FormatFiles()
    var options = EncodingOptions(quality: 90)
    for name in Self.names {
      for format in ImageFormat.written {
        options.isLossless = false
        var encoder = ImageEncoder()
        try files.write(encoder.encode(Self.image(name), as: format, options), "\(name).\(format.fileExtensions[0])")
        options.isLossless = true
        if format == .webp { try files.write(encoder.encode(Self.image(name), as: format, options), "\(name)-.webp") }
      }
    }
    try files.run("read")
    #expect(files.entries.count == 5 * Self.names.count)
    for entry in files.entries {
      let ours = try Decoded(files.bytes(entry.name))
      let (mine, theirs) = (ours.rgba, files.pixels(entry))
      #expect(entry.name.hasSuffix(".jpg") ? difference(mine, theirs) < 1 : mine == theirs, "\(entry.name)")
    }
  }

  @Test(arguments: names) func withoutLossEveryByteComesBack(name: String) throws {
    var options = EncodingOptions()
    options.isLossless = true
    var encoder = ImageEncoder()
    let source = try Decoded(encode(Self.image(name), as: .png))
    for format in [ImageFormat.webp, .tiff] {
      let copy = try Decoded(encoder.encode(Self.image(name), as: format, options))
      #expect(copy.rgba == source.rgba && copy.alpha == source.alpha)
      #expect(copy.shape.channels == (format == .webp ? 3 : source.shape.channels))
    }
  }

  @Test func qualityDecidesTheSizeOfALossyWebP() throws {
    let sizes = try [20, 60, 95].map { quality in
      try encode(Self.image("color"), as: .webp, quality: quality).count
    }
    #expect(sizes == sizes.sorted() && Set(sizes).count == 3)
  }

  @Test func aWebPWithoutLossStaysSoUnlessSaidOtherwise() throws {
    let files = try #require(FormatFiles.others)
    var decoder = ImageDecoder()
    var image = Image()
    var encoder = ImageEncoder()
    for (name, isLossless) in [("lossless.webp", true), ("lossy.webp", false)] {
      _ = try decoder.decode(files.bytes(name), into: &image)
      #expect(image.metadata.isLossless == isLossless)
      let copy = try Decoded(encoder.encode(image, as: .webp))
      #expect((copy.color == image.color.bytes) == isLossless)
    }
  }
}

import Imaging
import Testing

/// The metadata that copies keep from their sources.
struct MetadataTests {
  /// EXIF with an entry of each kind: orientation, maker, thumbnail offset, colour space, maker note, gamma, the
  /// interoperability rule "R03", a latitude; and a second directory with a thumbnail.
  static func exif() -> [UInt8] {
    var bytes: [UInt8] = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8]
    let number = { (value: Int) in BigEndian.bytes(of: value, count: 4) }
    let entry = { (tag: Int, type: Int, count: Int, value: [UInt8]) in
      BigEndian.bytes(of: tag, count: 2) + BigEndian.bytes(of: type, count: 2) + number(count) + value
    }
    bytes += [0, 4] + entry(0x010F, 2, 6, number(62)) + entry(0x0112, 3, 1, [0, 6, 0, 0])
    bytes += entry(0x8769, 4, 1, number(68)) + entry(0x8825, 4, 1, number(164)) + number(184)
    bytes += [UInt8]("Maker\0".utf8)
    bytes += [0, 4] + entry(0x927C, 7, 20, number(122)) + entry(0xA001, 3, 1, [0xFF, 0xFF, 0, 0])
    bytes += entry(0xA002, 3, 1, [0, 99, 0, 0]) + entry(0xA005, 4, 1, number(142)) + number(0)
    bytes += [UInt8]("the maker's secret..".utf8)
    bytes += [0, 1] + entry(0x0001, 2, 4, [UInt8]("R03\0".utf8)) + number(0) + [0, 0, 0, 0]
    bytes += [0, 1] + entry(0x0001, 2, 2, [UInt8]("N\0\0\0".utf8)) + number(0) + [0, 0]
    return bytes + [0, 1] + entry(0x0201, 4, 1, number(202)) + number(0) + [UInt8]("thumbnail".utf8)
  }

  static func metadata() -> ImageMetadata {
    var metadata = ImageMetadata()
    metadata.colorProfile = profile("RGB ", byteCount: 64)
    metadata.exif = exif()
    metadata.xmp = [UInt8]("<x:xmpmeta tiff:Orientation=\"6\"/>".utf8)
    metadata.density = PixelDensity(.inch, 300, 300)
    return metadata
  }

  private static func holds(_ bytes: [UInt8], _ text: String) -> Bool {
    bytes.firstRange(of: [UInt8](text.utf8)) != nil
  }

  private static func image(_ metadata: ImageMetadata) -> Image {
    var image = smoothImage(width: 16, height: 16, channels: 3)
    image.metadata = metadata
    return image
  }

  /// `metadata` as read back from a file.
  private static func through(
    _ metadata: ImageMetadata, _ format: ImageFormat, _ choice: MetadataChoice
  ) throws -> ImageMetadata {
    var options = EncodingOptions()
    options.metadata = choice
    var encoder = ImageEncoder()
    return try Self.metadata(of: encoder.encode(Self.image(metadata), as: format, options))
  }

  @Test func ofEXIFTheColourTagsAreKept() throws {
    let source = try #require(TIFFBytes(Self.metadata().kept(by: .colour).exif))
    let image = try Self.entries(source, at: 8)
    #expect(image.map(\.tag) == [0x8769])
    let exif = try Self.entries(source, at: source.number(of: image[0]))
    #expect(exif.map(\.tag) == [0xA001, 0xA005])
    #expect(source.number(of: exif[0]) == 0xFFFF)
    let rules = try Self.entries(source, at: source.number(of: exif[1]))
    #expect(rules.map(\.value) == [[UInt8]("R03\0".utf8)])
  }

  private static func entries(_ source: TIFFBytes, at place: Int?) throws -> [TIFFBytes.Entry] {
    let place = try #require(place)
    return try #require(source.entries(at: place, limit: 1000))
  }

  @Test func ofAllOrientationThumbnailAndMakersNoteAreDropped() throws {
    let kept = Self.metadata().kept(by: .all)
    #expect(
      ExifReader.orientation(in: Self.exif()) == .rotate90 && ExifReader.orientation(in: kept.exif) == .upright)
    #expect(Self.holds(kept.exif, "Maker\0") && Self.holds(kept.exif, "N\0") && Self.holds(kept.exif, "R03\0"))
    #expect(!Self.holds(kept.exif, "thumbnail") && !Self.holds(kept.exif, "secret"))
    #expect(kept.xmp == [UInt8]("<x:xmpmeta tiff:Orientation=\"1\"/>".utf8))
    #expect(kept.kept(by: .all) == kept)
  }

  @Test func packetWithAThumbnailIsDropped() {
    var metadata = ImageMetadata()
    metadata.xmp = [UInt8]("<xmpGImg:image>/9j/4AAQ</xmpGImg:image>".utf8)
    #expect(metadata.kept(by: .all).xmp.isEmpty)
  }

  @Test(arguments: ImageFormat.written, MetadataChoice.allCases)
  func fileHasWhatIsKept(format: ImageFormat, choice: MetadataChoice) throws {
    var metadata = Self.metadata()
    if format == .png { metadata.colorProfile = [] }  // libpng accepts only valid ones: PNGTests have one
    let kept = metadata.kept(by: choice), found = try Self.through(metadata, format, choice)
    let exif = format == .tiff ? ExifTree(kept.exif)?.littleEndian.bytes ?? [] : kept.exif
    #expect(found.colorProfile == kept.colorProfile && found.exif == exif && found.xmp == kept.xmp)
    let isDense = choice == .all && format != .webp  // which has no place for it
    let density = !isDense ? nil : format == .png ? PixelDensity(.metre, 11811, 11811) : metadata.density
    #expect(found.density?.horizontal ?? 1 == density?.horizontal ?? 1)
  }

  @Test func nothingIsWrittenWhereNothingIsKept() throws {
    for format in ImageFormat.written {
      var options = EncodingOptions()
      options.metadata = .none
      var encoder = ImageEncoder()
      let plain = try encode(Self.image(ImageMetadata()), as: format)
      #expect(try encoder.encode(Self.image(Self.metadata()), as: format, options) == plain)
    }
  }

  @Test func colourChunksOfAPNGComeBackAsTheyWere() throws {
    let chunks: [(type: String, content: [UInt8])] = [
      ("gAMA", [0, 1, 0x86, 0xA0]), ("cHRM", [UInt8](1...32)), ("sRGB", [2]), ("cICP", [9, 16, 0, 1]),
    ]
    let file = PNGFile(width: 2, height: 1, colorType: .grey, chunks: chunks, samples: [3, 4]).bytes
    let found = try Self.metadata(of: file)
    #expect(found.colorChunks == chunks.map { PNGChunk($0.type, $0.content) })
    let copy = try encode(Self.image(found), as: .png)
    #expect(try Self.metadata(of: copy).colorChunks == found.colorChunks)
  }

  private static func metadata(of file: [UInt8]) throws -> ImageMetadata {
    var decoder = ImageDecoder()
    decoder.metadata = .all
    var image = Image()
    _ = try decoder.decode(file, into: &image)
    return image.metadata
  }

  @Test func chunkThatIsBrokenIsNotKept() {
    let chunks: [(type: String, content: [UInt8])] = [("gAMA", [0, 1]), ("gAMA", [0, 0, 0, 9])]
    var bytes = PNGFile(width: 1, height: 1, colorType: .grey, chunks: chunks, samples: [3]).bytes
    #expect(PNGChunks(bytes.span).colorChunks == [PNGChunk("gAMA", [0, 0, 0, 9])])
    let place = bytes.firstRange(of: [0, 0, 0, 9])?.lowerBound ?? 0
    bytes[place] = 1
    #expect(PNGChunks(bytes.span).colorChunks.isEmpty)
  }

  @Test func asBytesTheyComeBack() throws {
    var metadata = Self.metadata()
    metadata.colorChunks = [PNGChunk("sRGB", [1]), PNGChunk("gAMA", [0, 0, 0, 9])]
    metadata.subsampling = .yuv440
    #expect(metadata.bytes.count == metadata.byteCount)
    #expect(ImageMetadata(bytes: metadata.bytes) == metadata)
    // The last two fields are 6 and 14 bytes long; a cut between fields keeps those before it.
    for count in 1..<20 where count != 6 {
      #expect(ImageMetadata(bytes: Array(metadata.bytes.dropLast(count))) == nil)
    }
    #expect(ImageMetadata(bytes: []) == ImageMetadata())
    #expect(ImageMetadata(bytes: [9, 0, 0, 0, 0]) == nil)
  }

  @Test func brokenEXIFDoesNoHarm() {
    let whole = Self.exif()
    for count in whole.indices { _ = ExifTree(Array(whole[..<count]))?.portableTags.bytes }
    for index in whole.indices {
      for value in [0, 1, 0x7F, 0xFF] as [UInt8] {
        var broken = whole
        broken[index] = value
        let kept = ExifTree(broken)?.portableTags.bytes ?? []
        #expect(kept.count <= ExifTree.byteLimit)
      }
    }
  }

  @Test(arguments: [
    (PixelDensity.Unit.inch, 300, 11811), (.centimetre, 118, 11800), (.metre, 2835, 2835), (.aspect, 3, 3),
  ])
  func densityIsGivenPerMetre(unit: PixelDensity.Unit, number: Int, perMetre: Int) {
    #expect(PixelDensity(unit, number, number).perMetre.horizontal == perMetre)
    #expect(PixelDensity(.metre, 2835, 2835).perInch == PixelDensity(.inch, 72, 72))
    #expect(PixelDensity(.inch, 70_000, 1).perInch == nil)
  }
}

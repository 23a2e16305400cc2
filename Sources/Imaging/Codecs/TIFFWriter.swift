internal import CImaging

/// The parts of a TIFF file around its strips: little-endian, the strips first, then the directories. Deflated with
/// predictor 2, which all readers of TIFF know.
struct TIFFWriter {
  private enum Tag {
    static let width = 0x0100
    static let height = 0x0101
    static let bits = 0x0102
    static let compression = 0x0103
    static let photometric = 0x0106
    static let stripOffsets = 0x0111
    static let samples = 0x0115
    static let rowsPerStrip = 0x0116
    static let stripByteCounts = 0x0117
    static let across = 0x011A
    static let down = 0x011B
    static let unit = 0x0128
    static let predictor = 0x013D
    static let extraSamples = 0x0152
    static let xmp = 0x02BC
    static let colorProfile = 0x8773
  }

  let shape: ImageShape
  let hasAlpha: Bool
  /// 16 bits a sample, else 8.
  let isDeep: Bool

  /// As libtiff advises: some kilobytes, so that a reader needs little memory and can skip rows; more save space.
  private static let stripByteCount = 256 << 10
  private static let headByteCount = 8
  private static let (short, long, rational, bytes, undefined) = (3, 4, 5, 1, 7)

  private var sampleCount: Int { shape.channels + (hasAlpha ? 1 : 0) }

  /// Rows of each strip but the last.
  var rowsPerStrip: Int {
    max(1, min(shape.height, Self.stripByteCount / (shape.width * sampleCount * (isDeep ? 2 : 1))))
  }

  /// The first rows of all strips.
  var firstRows: [Int] { Array(stride(from: 0, to: shape.height, by: rowsPerStrip)) }

  /// The whole file.
  /// - Parameters:
  ///   - strips: one after another.
  ///   - byteCounts: of each.
  /// - Throws: `.unsupported` if the file would have 4 GiB or more, the limit of the format.
  @unsafe
  func file(
    _ strips: UnsafeBufferPointer<UInt8>, byteCounts: [Int], _ metadata: ImageMetadata, profile: [UInt8]
  ) throws(ImagingError) -> [UInt8] {
    let stripsCount = strips.count
    let start = Self.headByteCount + stripsCount + stripsCount % 2
    let exif = ExifTree(metadata.exif)?.littleEndian
    let tree = (exif ?? ExifTree(isLittleEndian: true, image: [], exif: [], gps: [], interoperability: []))
      .adding(entries(byteCounts, metadata, profile))
    let directories = tree.directories(at: start)
    guard start + directories.count <= Int(UInt32.max) else { throw .unsupported("a TIFF of 4 GiB or more") }
    var file = tree.head(directoriesAt: start)
    file.reserveCapacity(start + directories.count)
    unsafe file += strips
    if file.count < start { file.append(0) }
    file += directories
    return file
  }

  private func entries(_ byteCounts: [Int], _ metadata: ImageMetadata, _ profile: [UInt8]) -> [TIFFBytes.Entry] {
    var offsets = [Self.headByteCount]
    for count in byteCounts.dropLast() { offsets.append(offsets[offsets.count - 1] + count) }
    var entries = [
      entry(Tag.width, Self.long, [shape.width]), entry(Tag.height, Self.long, [shape.height]),
      entry(Tag.bits, Self.short, Array(repeating: isDeep ? 16 : 8, count: sampleCount)),
      entry(Tag.compression, Self.short, [8]),  // Adobe's deflate
      entry(Tag.photometric, Self.short, [shape.channels == 3 ? 2 : 1]),  // R, G, B, or 0 is black
      entry(Tag.stripOffsets, Self.long, offsets), entry(Tag.samples, Self.short, [sampleCount]),
      entry(Tag.rowsPerStrip, Self.long, [rowsPerStrip]), entry(Tag.stripByteCounts, Self.long, byteCounts),
      entry(Tag.predictor, Self.short, [2]),
    ]
    if hasAlpha { entries.append(entry(Tag.extraSamples, Self.short, [2])) }  // not premultiplied
    if let density = metadata.density?.perInch {
      entries += [
        entry(Tag.across, Self.rational, [density.horizontal, 1]),
        entry(Tag.down, Self.rational, [density.vertical, 1]),
        entry(Tag.unit, Self.short, [Int(density.unit.rawValue) + 1]),
      ]
    }
    if !metadata.xmp.isEmpty { entries.append(entry(Tag.xmp, Self.bytes, metadata.xmp)) }
    if !profile.isEmpty { entries.append(entry(Tag.colorProfile, Self.undefined, profile)) }
    return entries
  }

  private func entry(_ tag: Int, _ type: Int, _ bytes: [UInt8]) -> TIFFBytes.Entry {
    TIFFBytes.Entry(tag: tag, type: type, count: bytes.count, value: bytes)
  }

  private func entry(_ tag: Int, _ type: Int, _ numbers: [Int]) -> TIFFBytes.Entry {
    let value = numbers.flatMap { BigEndian.bytes(of: $0, count: type == Self.short ? 2 : 4).reversed() }
    return TIFFBytes.Entry(tag: tag, type: type, count: numbers.count / (type == Self.rational ? 2 : 1), value: value)
  }
}

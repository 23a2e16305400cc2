internal import CImaging

/// A PNG file being read. Owns libpng's state; the bytes must outlive it.
@safe
struct PNGReader: ~Copyable, ImageReader {
  static let format = ImageFormat.png
  private let state: OpaquePointer
  private let scratchCount: Int
  let shape: ImageShape
  let hasAlpha: Bool
  let metadata: ImageMetadata
  let frameCount: Int
  let headerOrientation: Orientation

  @unsafe
  init(_ bytes: UnsafeRawBufferPointer, _ settings: ReadingSettings) throws(ImagingError) {
    guard let state = unsafe cimaging_png_open() else { throw .outOfMemory }
    var header = unsafe cimaging_png_header()
    var message = cimaging_message()
    let status = unsafe cimaging_png_read_header(state, bytes.baseAddress, bytes.count, &header, &message)
    let shape = unsafe ImageShape(
      width: Int(header.width), height: Int(header.height), channels: Int(header.channels))
    guard status == CIMAGING_OK, !shape.exceeds(settings.maxPixels) else {
      unsafe cimaging_png_close(state)
      throw ImagingError(header: status, message, shape, maxPixels: settings.maxPixels)
    }
    unsafe self.state = state
    self.shape = shape
    scratchCount = unsafe header.scratch_count
    hasAlpha = unsafe header.has_alpha != 0
    let profile = unsafe [UInt8](UnsafeBufferPointer(start: header.color_profile, count: header.color_profile_count))
    let chunks = unsafe PNGChunks(bytes.bindMemory(to: UInt8.self).span)
    (frameCount, headerOrientation) = (chunks.frameCount, ExifReader.orientation(in: chunks.exif))
    var metadata = ImageMetadata()
    metadata.colorProfile = ColorProfile.fitting(profile, channels: shape.channels)
    (metadata.colorChunks, metadata.exif) = (chunks.colorChunks, chunks.exif)
    (metadata.xmp, metadata.density) = (chunks.xmp, chunks.density)
    metadata.isDeep = unsafe header.bit_depth > 8
    self.metadata = metadata.kept(by: settings.metadata)
  }

  deinit {
    unsafe cimaging_png_close(state)
  }

  mutating func readPixels(
    into color: inout PixelBuffer, alpha: inout PixelBuffer, scratch: inout PixelBuffer
  ) throws(ImagingError) -> cimaging_warnings {
    try color.reshape(to: shape)
    if hasAlpha { try alpha.reshape(to: alphaShape) }
    try scratch.reshape(to: ImageShape(width: scratchCount, height: 1, channels: 1))
    var (colorPixels, alphaPixels) = unsafe (color.cPixels, alpha.cPixels)
    var warnings = cimaging_warnings()
    var message = cimaging_message()
    let status = unsafe scratch.withBytes { scratch in
      unsafe withUnsafePointer(to: &alphaPixels) { alphaPixels in
        unsafe cimaging_png_read_pixels(
          state, &colorPixels, hasAlpha ? alphaPixels : nil, scratch.baseAddress, &warnings, &message)
      }
    }
    guard status == CIMAGING_OK else { throw ImagingError(decoding: status, message) }
    return warnings
  }

  /// A PNG may tell its orientation behind the pixels.
  var isOrientationCertain: Bool { headerOrientation != .upright }

  /// Valid only after the pixels have been read, because the EXIF chunk may follow them.
  var orientation: Orientation {
    var count = 0
    let exif = unsafe cimaging_png_exif(state, &count)
    return unsafe ExifReader.orientation(in: [UInt8](UnsafeBufferPointer(start: exif, count: count)))
  }
}

/// Metadata from the chunks of a PNG file. Parsed here because libpng rejects unusual ones and alters some; pixels and
/// the compressed colour profile are left to libpng.
///
/// Chunks that are broken or have a wrong checksum are skipped; reporting them is left to libpng.
package struct PNGChunks {
  package private(set) var colorChunks: [PNGChunk] = []
  /// A TIFF structure; empty if there is none.
  package private(set) var exif: [UInt8] = []
  /// The XMP packet if it is not compressed; empty if there is none.
  package private(set) var xmp: [UInt8] = []
  package private(set) var density: PixelDensity?
  /// Frames of an animation (APNG).
  package private(set) var frameCount = 1

  /// The required length of each colour chunk: libpng and other readers reject others.
  private static let colorByteCounts = ["cICP": 4, "cHRM": 32, "gAMA": 4, "sRGB": 1]
  private static let xmpHead = [UInt8]("XML:com.adobe.xmp\0\0\0\0\0".utf8)
  private static let signatureByteCount = 8
  /// More than any text or EXIF that copies could keep.
  private static let byteLimit = 1 << 20

  package init(_ bytes: Span<UInt8>) {
    let end = Self.number("IEND")
    var offset = Self.signatureByteCount
    // A file may have millions of empty chunks, so skipping a chunk must not allocate.
    while offset + 12 <= bytes.count {
      let (count, type) = (Self.number(bytes, at: offset), Self.number(bytes, at: offset + 4))
      let next = offset + 12 + count
      guard next <= bytes.count, type != end else { return }
      if count <= Self.byteLimit, let name = Self.kept[type] { note(name, bytes.extracting(offset + 4..<next)) }
      offset = next
    }
  }

  /// The chunk types that are parsed, by their four letters as an integer.
  private static let kept = Dictionary(
    uniqueKeysWithValues: (colorByteCounts.keys + ["eXIf", "iTXt", "pHYs", "acTL"]).map { (number($0), $0) })

  private static func number(_ name: String) -> Int { BigEndian.number(name.utf8) }

  private static func number(_ bytes: Span<UInt8>, at offset: Int) -> Int {
    Int(bytes[offset]) << 24 | Int(bytes[offset + 1]) << 16 | Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3])
  }

  /// - Parameter body: type, content and checksum.
  private mutating func note(_ type: String, _ body: Span<UInt8>) {
    let end = body.count - 4
    guard CRC32.of(body.extracting(..<end)) == UInt32(BigEndian.number((end..<body.count).map { body[$0] })) else {
      return
    }
    let content = (4..<end).map { body[$0] }
    switch type {
    case "eXIf": if exif.isEmpty { exif = content }
    case "iTXt": if xmp.isEmpty, content.starts(with: Self.xmpHead) { xmp = Array(content[Self.xmpHead.count...]) }
    case "pHYs": noteDensity(content)
    case "acTL": if content.count == 8 { frameCount = max(1, BigEndian.number(content[..<4])) }
    default:
      guard Self.colorByteCounts[type] == content.count, !colorChunks.contains(where: { $0.type == type }) else {
        return
      }
      colorChunks.append(PNGChunk(type, content))
    }
  }

  private mutating func noteDensity(_ content: [UInt8]) {
    guard density == nil, content.count == 9, content[8] <= 1 else { return }
    let (horizontal, vertical) = (BigEndian.number(content[..<4]), BigEndian.number(content[4..<8]))
    guard horizontal > 0, vertical > 0 else { return }
    let found = PixelDensity(content[8] == 1 ? .metre : .aspect, horizontal, vertical)
    if !found.isPlain { density = found }
  }

  /// Inserts the chunks for `metadata` behind the header.
  static func inserting(_ metadata: ImageMetadata, into file: [UInt8]) -> [UInt8] {
    var chunks = metadata.colorChunks
    if !metadata.exif.isEmpty { chunks.append(PNGChunk("eXIf", metadata.exif)) }
    if !metadata.xmp.isEmpty { chunks.append(PNGChunk("iTXt", xmpHead + metadata.xmp)) }
    if let density = metadata.density?.perMetre, max(density.horizontal, density.vertical) <= Int(Int32.max) {
      let numbers = BigEndian.bytes(of: density.horizontal, count: 4) + BigEndian.bytes(of: density.vertical, count: 4)
      chunks.append(PNGChunk("pHYs", numbers + [density.unit == .metre ? 1 : 0]))
    }
    let place = signatureByteCount + 12 + 13  // IHDR holds 13 bytes
    guard !chunks.isEmpty, file.count > place else { return file }
    return file[..<place] + chunks.flatMap(\.bytes) + file[place...]
  }
}

extension PNGChunk {
  /// The chunk as in a file.
  fileprivate var bytes: [UInt8] {
    let body = [UInt8](type.utf8) + content
    return BigEndian.bytes(of: content.count, count: 4) + body + BigEndian.bytes(of: Int(CRC32.of(body.span)), count: 4)
  }
}

/// The checksum of PNG chunks.
enum CRC32 {
  private static let table = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in rest >> 1 ^ (rest & 1 == 1 ? 0xEDB8_8320 : 0) }
  }

  static func of(_ bytes: Span<UInt8>) -> UInt32 {
    var rest = UInt32.max
    for index in bytes.indices { rest = table[Int(UInt8(truncatingIfNeeded: rest) ^ bytes[index])] ^ rest >> 8 }
    return ~rest
  }
}

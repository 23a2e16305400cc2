internal import CImaging

/// A JPEG file being read. Owns libjpeg's state; the bytes must outlive it.
@safe
struct JPEGReader: ~Copyable, ImageReader {
  static let format = ImageFormat.jpeg
  private let state: OpaquePointer
  private let dct: JPEGDCT
  /// As read, before the orientation is applied.
  let shape: ImageShape
  /// Set if the pixels are read smaller than stored.
  let reduction: Reduction?
  let headerOrientation: Orientation
  let metadata: ImageMetadata
  let frameCount: Int

  @unsafe
  init(_ bytes: UnsafeRawBufferPointer, _ settings: ReadingSettings) throws(ImagingError) {
    guard let state = unsafe cimaging_jpeg_open() else { throw .outOfMemory }
    var header = cimaging_jpeg_header()
    var message = cimaging_message()
    let status = unsafe cimaging_jpeg_read_header(state, bytes.baseAddress, bytes.count, &header, &message)
    let shape = ImageShape(
      width: Int(header.width), height: Int(header.height), channels: Int(header.channels))
    guard status == CIMAGING_OK, !shape.exceeds(settings.maxPixels) else {
      unsafe cimaging_jpeg_close(state)
      throw ImagingError(header: status, message, shape, maxPixels: settings.maxPixels)
    }
    let segments = unsafe JPEGSegments(bytes.bindMemory(to: UInt8.self).span)
    let orientation = ExifReader.orientation(in: segments.exif)
    do throws(ImagingError) {
      (self.shape, reduction) = unsafe try Self.reduce(state, shape, orientation, to: settings.leastSize)
    } catch {
      unsafe cimaging_jpeg_close(state)
      throw error
    }
    unsafe self.state = state
    (dct, headerOrientation, frameCount) = (settings.jpegDCT, orientation, segments.frameCount)
    var metadata = segments.metadata
    metadata.colorProfile = ColorProfile.fitting(metadata.colorProfile, channels: shape.channels)
    metadata.subsampling = Subsampling(across: header.sampling_across, down: header.sampling_down)
    self.metadata = metadata.kept(by: settings.metadata)
  }

  deinit {
    unsafe cimaging_jpeg_close(state)
  }

  /// Scales in eighths. libjpeg-turbo has no vector code for the others, which take longer than the next of these.
  private static let quickEighths = [1, 2, 4]

  /// Has the pixels read at the smallest scale that is not too small, if there is one.
  /// - Returns: the shape as read, and how it relates to the stored one.
  private static func reduce(
    _ state: OpaquePointer, _ stored: ImageShape, _ orientation: Orientation, to leastSize: LeastSize
  ) throws(ImagingError) -> (shape: ImageShape, reduction: Reduction?) {
    let upright = orientation.shape(of: stored)
    guard let least = leastSize(upright) else { return (stored, nil) }
    let isEnough = { (eighths: Int) in
      eighths * upright.width >= 8 * least.width && eighths * upright.height >= 8 * least.height
    }
    guard let eighths = quickEighths.first(where: isEnough) else { return (stored, nil) }
    var (header, message) = (cimaging_jpeg_header(), cimaging_message())
    let status = unsafe cimaging_jpeg_shrink(state, Int32(eighths), &header, &message)
    guard status == CIMAGING_OK else { throw ImagingError(decoding: status, message) }
    return (
      stored.sized(Int(header.width), Int(header.height)), Reduction(eighths: eighths, of: stored, orientation)
    )
  }

  mutating func readPixels(
    into color: inout PixelBuffer, alpha: inout PixelBuffer, scratch: inout PixelBuffer
  ) throws(ImagingError) -> cimaging_warnings {
    try color.reshape(to: shape)
    var pixels = unsafe color.cPixels
    var warnings = cimaging_warnings()
    var message = cimaging_message()
    let status = unsafe cimaging_jpeg_read_pixels(
      state, &pixels, dct == .fast ? 1 : 0, &warnings, &message)
    guard status == CIMAGING_OK else { throw ImagingError(decoding: status, message) }
    return warnings
  }
}

/// Metadata from the segments before a JPEG's first scan: EXIF, XMP, colour profile, pixel density, and the number of
/// images in the file.
///
/// Parsed here because libjpeg keeps such segments in a list that it walks from the start for each further one: a
/// megabyte of empty segments would take seconds. Broken segments are skipped; reporting them is left to libjpeg.
struct JPEGSegments {
  /// The TIFF structure of the first EXIF segment; empty if there is none.
  private(set) var exif: [UInt8] = []
  /// The first XMP packet; empty if there is none.
  private(set) var xmp: [UInt8] = []
  private(set) var density: PixelDensity?
  /// Images in the file that are meant to be shown; previews do not count.
  private(set) var frameCount = 1
  private var profileChunks: [UInt8: [UInt8]] = [:]
  private var profileChunkCount: UInt8 = 0
  private var isProfileBroken = false

  private enum Marker {
    static let startOfScan: UInt8 = 0xDA
    static let endOfImage: UInt8 = 0xD9
    static let jfif: UInt8 = 0xE0
    static let exif: UInt8 = 0xE1
    static let colorProfile: UInt8 = 0xE2
    /// Markers without a length: restarts and start of image.
    static let alone: ClosedRange<UInt8> = 0xD0...0xD8
  }

  private static let exifSignature = [UInt8]("Exif\0\0".utf8)
  private static let jfifSignature = [UInt8]("JFIF\0".utf8)
  private static let xmpSignature = [UInt8]("http://ns.adobe.com/xap/1.0/\0".utf8)
  private static let multiPictureSignature = [UInt8]("MPF\0".utf8)
  private static let profileSignature = [UInt8]("ICC_PROFILE\0".utf8)

  init(_ bytes: Span<UInt8>) {
    var offset = 0
    while offset + 4 <= bytes.count {
      let marker = bytes[offset + 1]
      guard bytes[offset] == 0xFF, marker != 0x00, marker != 0xFF else {
        offset += 1
        continue
      }
      guard marker != Marker.startOfScan, marker != Marker.endOfImage else { return }
      offset += 2
      if Marker.alone.contains(marker) { continue }
      let end = offset + Int(bytes[offset]) << 8 + Int(bytes[offset + 1])
      guard end >= offset + 2, end <= bytes.count else { return }
      note(marker, bytes.extracting(offset + 2..<end))
      offset = end
    }
  }

  /// All metadata that copies may keep.
  var metadata: ImageMetadata {
    var metadata = ImageMetadata()
    (metadata.colorProfile, metadata.exif, metadata.xmp, metadata.density) = (colorProfile, exif, xmp, density)
    return metadata
  }

  /// The segments that hold the ICC profile, as in the file; empty if there is none or a part is missing.
  var profileSegments: [UInt8] {
    guard !colorProfile.isEmpty else { return [] }
    return profileChunks.sorted { $0.key < $1.key }.flatMap { number, chunk in
      let body = Self.profileSignature + [number, profileChunkCount] + chunk
      let count = body.count + 2
      return [0xFF, Marker.colorProfile, UInt8(count >> 8), UInt8(count & 0xFF)] + body
    }
  }

  /// The segments for EXIF and XMP. Data too long for a segment is left out.
  static func segments(of metadata: ImageMetadata) -> [UInt8] {
    [(exifSignature, metadata.exif), (xmpSignature, metadata.xmp)].flatMap { signature, content -> [UInt8] in
      let body = signature + content
      guard !content.isEmpty, body.count + 2 <= 0xFFFF else { return [] }
      return [0xFF, Marker.exif] + BigEndian.bytes(of: body.count + 2, count: 2) + body
    }
  }

  /// Inserts segments behind the JFIF segment, which must come first, and writes `density` into it.
  static func inserting(_ segments: [UInt8], _ density: PixelDensity?, into file: [UInt8]) -> [UInt8] {
    let hasJFIF = file.count > 18 && file[2] == 0xFF && file[3] == Marker.jfif
    let place = hasJFIF ? 4 + Int(file[4]) << 8 + Int(file[5]) : 2
    guard file.count > place, !segments.isEmpty || density != nil else { return file }
    var head = [UInt8](file[..<place])
    if hasJFIF, let density = density?.perInch {
      let numbers = BigEndian.bytes(of: density.horizontal, count: 2) + BigEndian.bytes(of: density.vertical, count: 2)
      head.replaceSubrange(13..<18, with: [density.unit.rawValue] + numbers)
    }
    return head + segments + file[place...]
  }

  /// The ICC profile, joined from its segments; empty if there is none or a part is missing.
  var colorProfile: [UInt8] {
    guard !isProfileBroken, profileChunks.count == Int(profileChunkCount) else { return [] }
    return profileChunks.sorted { $0.key < $1.key }.flatMap(\.value)
  }

  private mutating func note(_ marker: UInt8, _ content: Span<UInt8>) {
    switch marker {
    case Marker.jfif:
      if let rest = Self.rest(of: content, behind: Self.jfifSignature) { noteDensity(rest) }
    case Marker.exif:
      if exif.isEmpty, let rest = Self.rest(of: content, behind: Self.exifSignature) { exif = rest }
      if xmp.isEmpty, let rest = Self.rest(of: content, behind: Self.xmpSignature) { xmp = rest }
    case Marker.colorProfile:
      if let rest = Self.rest(of: content, behind: Self.profileSignature) { noteProfileChunk(rest) }
      if let rest = Self.rest(of: content, behind: Self.multiPictureSignature) { noteFrameCount(rest) }
    default: return
    }
  }

  /// After the version: the unit and two numbers.
  private mutating func noteDensity(_ content: [UInt8]) {
    guard density == nil, content.count >= 7, let unit = PixelDensity.Unit(rawValue: content[2]), unit != .metre,
      case let (horizontal, vertical) = (BigEndian.number(content[3..<5]), BigEndian.number(content[5..<7])),
      horizontal > 0, vertical > 0
    else { return }
    let found = PixelDensity(unit, horizontal, vertical)
    if !found.isPlain { density = found }
  }

  /// The multi-picture format of CIPA (DC-007): a list with 16 bytes per image, whose first number holds the image type
  /// in its lower 24 bits.
  private mutating func noteFrameCount(_ content: [UInt8]) {
    guard let index = TIFFBytes(content), let directory = index.firstDirectory,
      let list = index.entries(at: directory, limit: 0xFFFF)?.first(where: { $0.tag == 0xB002 })
    else { return }
    let kinds = stride(from: 0, to: list.value.count - 15, by: 16).map {
      index.number(in: list.value[$0..<$0 + 4]) & 0xFF_FFFF
    }
    let (primary, panorama, multiAngle) = (0x03_0000, 0x02_0001, 0x02_0003)
    frameCount = max(1, kinds.count { $0 == primary || (panorama...multiAngle).contains($0) })
  }

  /// A chunk of the profile: its number from 1, the chunk count, and the data.
  private mutating func noteProfileChunk(_ chunk: [UInt8]) {
    guard chunk.count > 2, chunk[0] > 0, chunk[0] <= chunk[1] else { return isProfileBroken = true }
    let isNew = profileChunks.updateValue([UInt8](chunk.dropFirst(2)), forKey: chunk[0]) == nil
    let isAgreed = profileChunkCount == 0 || profileChunkCount == chunk[1]
    profileChunkCount = chunk[1]
    if !isNew || !isAgreed { isProfileBroken = true }
  }

  private static func rest(of content: Span<UInt8>, behind signature: [UInt8]) -> [UInt8]? {
    guard content.count >= signature.count, signature.indices.allSatisfy({ content[$0] == signature[$0] }) else {
      return nil
    }
    return (signature.count..<content.count).map { content[$0] }
  }
}

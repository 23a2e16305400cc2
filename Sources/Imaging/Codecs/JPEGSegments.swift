/// What stands in the segments before a JPEG's first scan and is no part of the compressed image: EXIF, XMP, the colour
/// profile, the density of pixels, and how many pictures the file holds.
///
/// Read here and not by libjpeg, which keeps such segments in a list that it walks from the start for each further one:
/// a megabyte of empty segments would cost it seconds. Broken segments are passed over; libjpeg has its say on them.
struct JPEGSegments {
  /// The TIFF structure of the first EXIF segment; empty when there is none.
  private(set) var exif: [UInt8] = []
  /// The first packet of XMP; empty when there is none.
  private(set) var xmp: [UInt8] = []
  private(set) var density: PixelDensity?
  /// Pictures in the file that are to be shown; previews do not count.
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
    /// Those that stand alone: restarts and start of image.
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

  /// All that copies may keep.
  var metadata: ImageMetadata {
    var metadata = ImageMetadata()
    (metadata.colorProfile, metadata.exif, metadata.xmp, metadata.density) = (colorProfile, exif, xmp, density)
    return metadata
  }

  /// The segments that hold the ICC profile, as they stand in a file; empty when there is none or a part is missing.
  var profileSegments: [UInt8] {
    guard !colorProfile.isEmpty else { return [] }
    return profileChunks.sorted { $0.key < $1.key }.flatMap { number, chunk in
      let body = Self.profileSignature + [number, profileChunkCount] + chunk
      let count = body.count + 2
      return [0xFF, Marker.colorProfile, UInt8(count >> 8), UInt8(count & 0xFF)] + body
    }
  }

  /// The segments for EXIF and XMP. What is longer than a segment can be is left out.
  static func segments(of metadata: ImageMetadata) -> [UInt8] {
    [exifSignature + metadata.exif, xmpSignature + metadata.xmp].flatMap { body -> [UInt8] in
      let isEmpty = body.count == exifSignature.count || body.count == xmpSignature.count
      guard !isEmpty, body.count + 2 <= 0xFFFF else { return [] }
      return [0xFF, Marker.exif] + BigEndian.bytes(of: body.count + 2, count: 2) + body
    }
  }

  /// A file with further segments, behind the one of JFIF, which must be the first, and with a density in that.
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

  /// The ICC profile, put together again; empty when there is none or a part is missing.
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
      if let rest = Self.rest(of: content, behind: Self.multiPictureSignature) { notePictures(rest) }
    default: return
    }
  }

  /// Behind the version: the unit and two numbers.
  private mutating func noteDensity(_ content: [UInt8]) {
    guard density == nil, content.count >= 7, let unit = PixelDensity.Unit(rawValue: content[2]), unit != .metre,
      case let (horizontal, vertical) = (BigEndian.number(content[3..<5]), BigEndian.number(content[5..<7])),
      horizontal > 0, vertical > 0
    else { return }
    let found = PixelDensity(unit, horizontal, vertical)
    if !found.isPlain { density = found }
  }

  /// The multi-picture format of CIPA (DC-007): a list with 16 bytes for each picture, of which the lower 24 bits of the
  /// first number are what it is.
  private mutating func notePictures(_ content: [UInt8]) {
    guard let index = TIFFBytes(content), let directory = index.firstDirectory,
      let list = index.entries(at: directory, limit: 0xFFFF)?.first(where: { $0.tag == 0xB002 })
    else { return }
    let kinds = stride(from: 0, to: list.value.count - 15, by: 16).map {
      index.number(in: list.value[$0..<$0 + 4]) & 0xFF_FFFF
    }
    let (primary, panorama, multiAngle) = (0x03_0000, 0x02_0001, 0x02_0003)
    frameCount = max(1, kinds.count { $0 == primary || (panorama...multiAngle).contains($0) })
  }

  /// A chunk of the profile: its number from 1, how many there are, and its part.
  private mutating func noteProfileChunk(_ chunk: [UInt8]) {
    guard chunk.count > 2, (1...chunk[1]).contains(chunk[0]) else { return isProfileBroken = true }
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

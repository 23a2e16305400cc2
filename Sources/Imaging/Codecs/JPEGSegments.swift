/// What stands in the segments before a JPEG's first scan and is no part of the compressed image: EXIF and the colour
/// profile.
///
/// Read here and not by libjpeg, which keeps such segments in a list that it walks from the start for each further one:
/// a megabyte of empty segments would cost it seconds. Broken segments are passed over; libjpeg has its say on them.
struct JPEGSegments {
  /// The TIFF structure of the first EXIF segment; empty when there is none.
  private(set) var exif: [UInt8] = []
  private var profileChunks: [UInt8: [UInt8]] = [:]
  private var profileChunkCount: UInt8 = 0
  private var isProfileBroken = false

  private enum Marker {
    static let startOfScan: UInt8 = 0xDA
    static let endOfImage: UInt8 = 0xD9
    static let exif: UInt8 = 0xE1
    static let colorProfile: UInt8 = 0xE2
    /// Those that stand alone: restarts and start of image.
    static let alone: ClosedRange<UInt8> = 0xD0...0xD8
  }

  private static let exifSignature = [UInt8]("Exif\0\0".utf8)
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

  /// The segments that hold the ICC profile, as they stand in a file; empty when there is none or a part is missing.
  var profileSegments: [UInt8] {
    guard !colorProfile.isEmpty else { return [] }
    return profileChunks.sorted { $0.key < $1.key }.flatMap { number, chunk in
      let body = Self.profileSignature + [number, profileChunkCount] + chunk
      let count = body.count + 2
      return [0xFF, Marker.colorProfile, UInt8(count >> 8), UInt8(count & 0xFF)] + body
    }
  }

  /// A file with segments of a colour profile, behind the one of JFIF, which must be the first.
  static func inserting(profileSegments: [UInt8], into file: [UInt8]) -> [UInt8] {
    guard !profileSegments.isEmpty, file.count > 6 else { return file }
    let hasJFIF = file[2] == 0xFF && file[3] == 0xE0
    let place = hasJFIF ? 4 + Int(file[4]) << 8 + Int(file[5]) : 2
    return file[..<place] + profileSegments + file[place...]
  }

  /// The ICC profile, put together again; empty when there is none or a part is missing.
  var colorProfile: [UInt8] {
    guard !isProfileBroken, profileChunks.count == Int(profileChunkCount) else { return [] }
    return profileChunks.sorted { $0.key < $1.key }.flatMap(\.value)
  }

  private mutating func note(_ marker: UInt8, _ content: Span<UInt8>) {
    switch marker {
    case Marker.exif:
      if exif.isEmpty, let rest = Self.rest(of: content, behind: Self.exifSignature) { exif = rest }
    case Marker.colorProfile:
      if let rest = Self.rest(of: content, behind: Self.profileSignature) { noteProfileChunk(rest) }
    default: return
    }
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

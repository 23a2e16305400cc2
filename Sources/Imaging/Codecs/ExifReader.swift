/// Reads the orientation out of EXIF data, and nothing else: a photograph's other metadata stays behind.
///
/// The data comes from strangers, so each access is checked and whatever is broken means "upright".
public struct ExifReader {
  private let bytes: [UInt8]
  private let isLittleEndian: Bool

  /// The orientation in `exif`, a TIFF structure as it stands behind "Exif\0\0" in a JPEG or in an eXIf chunk of a PNG.
  public static func orientation(in exif: [UInt8]) -> Orientation {
    ExifReader(exif)?.orientation ?? .upright
  }

  private init?(_ bytes: [UInt8]) {
    switch bytes.prefix(4) {
    case [0x49, 0x49, 0x2A, 0x00]: isLittleEndian = true
    case [0x4D, 0x4D, 0x00, 0x2A]: isLittleEndian = false
    default: return nil
    }
    self.bytes = bytes
  }

  private enum Tag { static let orientation = 0x0112 }

  private enum FieldType {
    static let short = 3
    static let long = 4
  }

  private static let entryByteCount = 12

  /// The orientation of the first directory, which is that of the image; a second one describes the thumbnail.
  private var orientation: Orientation? {
    guard let directory = number(at: 4, byteCount: 4), let entryCount = number(at: directory, byteCount: 2) else {
      return nil
    }
    for index in 0..<entryCount {
      let entry = directory + 2 + index * Self.entryByteCount
      guard let tag = number(at: entry, byteCount: 2) else { return nil }
      if tag == Tag.orientation { return value(ofEntryAt: entry).flatMap(Orientation.init(rawValue:)) }
    }
    return nil
  }

  private func value(ofEntryAt entry: Int) -> Int? {
    switch number(at: entry + 2, byteCount: 2) {
    case FieldType.short: number(at: entry + 8, byteCount: 2)
    case FieldType.long: number(at: entry + 8, byteCount: 4)
    default: nil
    }
  }

  /// An unsigned number, or `nil` beyond the end.
  private func number(at offset: Int, byteCount: Int) -> Int? {
    guard offset >= 0, offset + byteCount <= bytes.count else { return nil }
    let digits = bytes[offset..<offset + byteCount]
    return isLittleEndian
      ? digits.reversed().reduce(0) { $0 << 8 | Int($1) }
      : digits.reduce(0) { $0 << 8 | Int($1) }
  }
}

/// What the chunks of a PNG file say besides the pixels. Read here and not by libpng, which takes odd ones for errors and
/// changes some; the pixels and the colour profile, which is compressed, are libpng's.
///
/// Broken chunks are passed over, as are those whose checksum is wrong; libpng has its say on them.
package struct PNGChunks {
  package private(set) var colorChunks: [PNGChunk] = []
  /// A TIFF structure; empty when there is none.
  package private(set) var exif: [UInt8] = []
  /// The packet of XMP, where it is not compressed; empty when there is none.
  package private(set) var xmp: [UInt8] = []
  package private(set) var density: PixelDensity?
  /// Pictures of an animation (APNG).
  package private(set) var frameCount = 1

  /// What a chunk of colour has to hold: libpng and other readers refuse others.
  private static let colorByteCounts = ["cICP": 4, "cHRM": 32, "gAMA": 4, "sRGB": 1]
  private static let xmpHead = [UInt8]("XML:com.adobe.xmp\0\0\0\0\0".utf8)
  private static let signatureByteCount = 8
  /// More than any text or EXIF that copies could keep.
  private static let byteLimit = 1 << 20

  package init(_ bytes: Span<UInt8>) {
    let end = Self.number("IEND")
    var offset = Self.signatureByteCount
    // A file may have millions of empty chunks: nothing is allocated for those that are passed over.
    while offset + 12 <= bytes.count {
      let (count, type) = (Self.number(bytes, at: offset), Self.number(bytes, at: offset + 4))
      let next = offset + 12 + count
      guard next <= bytes.count, type != end else { return }
      if count <= Self.byteLimit, let name = Self.kept[type] { note(name, bytes.extracting(offset + 4..<next)) }
      offset = next
    }
  }

  /// The chunks that are looked at, by their names as numbers.
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

  /// A file with the chunks that `metadata` make, behind the header.
  static func inserting(_ metadata: ImageMetadata, into file: [UInt8]) -> [UInt8] {
    var chunks = metadata.colorChunks
    if !metadata.exif.isEmpty { chunks.append(PNGChunk("eXIf", metadata.exif)) }
    if !metadata.xmp.isEmpty { chunks.append(PNGChunk("iTXt", xmpHead + metadata.xmp)) }
    if let density = metadata.density?.perMetre, max(density.horizontal, density.vertical) <= Int(Int32.max) {
      let numbers = BigEndian.bytes(of: density.horizontal, count: 4) + BigEndian.bytes(of: density.vertical, count: 4)
      chunks.append(PNGChunk("pHYs", numbers + [density.unit == .metre ? 1 : 0]))
    }
    let place = signatureByteCount + 12 + 13  // the header has 13 bytes
    guard !chunks.isEmpty, file.count > place else { return file }
    return file[..<place] + chunks.flatMap(\.bytes) + file[place...]
  }
}

extension PNGChunk {
  /// As it stands in a file.
  fileprivate var bytes: [UInt8] {
    let body = [UInt8](type.utf8) + content
    return BigEndian.bytes(of: content.count, count: 4) + body + BigEndian.bytes(of: Int(CRC32.of(body.span)), count: 4)
  }
}

/// The checksum of PNG's chunks.
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

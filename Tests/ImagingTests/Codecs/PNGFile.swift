/// Writes PNG files of every kind, including invalid ones: uncompressed, byte by byte as the specification has it.
struct PNGFile {
  enum ColorType: UInt8 {
    case grey = 0
    case rgb = 2
    case palette = 3
    case greyAlpha = 4
    case rgba = 6

    var samples: Int { [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][Int(rawValue)] ?? 1 }
  }

  var width: Int
  var height: Int
  var colorType: ColorType
  var bitDepth = 8
  var isInterlaced = false
  /// Chunks between header and pixels.
  var chunks: [(type: String, content: [UInt8])] = []
  /// Samples row by row.
  var samples: [Int]

  var bytes: [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let kind = [UInt8(bitDepth), colorType.rawValue, 0, 0, isInterlaced ? 1 : 0]
    file += Self.chunk("IHDR", bigEndian(width) + bigEndian(height) + kind)
    for chunk in chunks { file += Self.chunk(chunk.type, chunk.content) }
    return file + Self.chunk("IDAT", pixels) + Self.chunk("IEND", [])
  }

  /// Empty if there are no samples: the header may then claim any size.
  private var pixels: [UInt8] { samples.isEmpty ? [0x78, 0x01] : zlibStream(of: rows) }

  static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let body = [UInt8](type.utf8) + content
    return bigEndian(content.count) + body + bigEndian(Int(checksum(body)))
  }

  /// Origin and pixel spacing of each pass of Adam7; one pass if not interlaced.
  private var passes: [(x: Int, y: Int, dx: Int, dy: Int)] {
    guard isInterlaced else { return [(0, 0, 1, 1)] }
    return [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
  }

  /// Filter 0, then the packed samples.
  private var rows: [UInt8] {
    passes.flatMap { pass in
      stride(from: pass.y, to: pass.x < width ? height : 0, by: pass.dy).flatMap { row in
        let columns = stride(from: pass.x, to: width, by: pass.dx)
        let count = colorType.samples
        return [0] + packed(columns.flatMap { samples[(row * width + $0) * count..<(row * width + $0 + 1) * count] })
      }
    }
  }

  private func packed(_ row: [Int]) -> [UInt8] {
    if bitDepth == 16 { return row.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } }
    let perByte = 8 / bitDepth
    return stride(from: 0, to: row.count, by: perByte).map { first in
      (0..<perByte).reduce(0) { byte, index in
        byte << bitDepth | (first + index < row.count ? UInt8(row[first + index]) : 0)
      }
    }
  }
}

private func bigEndian(_ number: Int) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
}

/// CRC-32 as in PNG, bit by bit.
private func checksum(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(UInt32.max) { crc, byte in
    (0..<8).reduce(crc ^ UInt32(byte)) { rest, _ in rest >> 1 ^ (rest & 1 == 1 ? 0xEDB8_8320 : 0) }
  }
}

/// Stored blocks of at most 65,535 bytes, then the Adler-32.
private func zlibStream(of bytes: [UInt8]) -> [UInt8] {
  var stream: [UInt8] = [0x78, 0x01]
  for first in stride(from: 0, to: bytes.count, by: 0xFFFF) {
    let block = bytes[first..<min(first + 0xFFFF, bytes.count)]
    let isLast: UInt8 = block.endIndex == bytes.count ? 1 : 0
    let (low, high) = (UInt8(block.count & 0xFF), UInt8(block.count >> 8))
    stream += [isLast, low, high, ~low, ~high] + block
  }
  let (a, b) = bytes.reduce((1, 0)) { sums, byte in
    let a = (sums.0 + Int(byte)) % 65521
    return (a, (sums.1 + a) % 65521)
  }
  return stream + bigEndian(b << 16 | a)
}

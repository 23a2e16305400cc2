// Metadata serialized as it lies behind the pixels in shared memory: per field one type byte, a four-byte length, and
// the content. Writer and reader may be different processes.

extension ImageMetadata {
  private enum Field: UInt8 {
    case colorProfile = 1
    case colorChunk, exif, xmp, density, subsampling, lossless, deep
  }

  private static let headByteCount = 5

  private var fields: [(field: Field, content: [UInt8])] {
    var fields: [(Field, [UInt8])] = [(.colorProfile, colorProfile), (.exif, exif), (.xmp, xmp)].filter {
      !$0.1.isEmpty
    }
    fields += colorChunks.map { (.colorChunk, [UInt8]($0.type.utf8) + $0.content) }
    if let density { fields.append((.density, density.bytes)) }
    if let subsampling { fields.append((.subsampling, [subsampling.number])) }
    if isLossless { fields.append((.lossless, [])) }
    if isDeep { fields.append((.deep, [])) }
    return fields
  }

  /// Length of `bytes`.
  package var byteCount: Int { fields.reduce(0) { $0 + Self.headByteCount + $1.content.count } }

  package var bytes: [UInt8] {
    fields.reduce(into: []) { bytes, field in
      bytes.append(field.field.rawValue)
      bytes += BigEndian.bytes(of: field.content.count, count: 4)
      bytes += field.content
    }
  }

  /// Decodes `bytes`; `nil` if they are malformed.
  package init?(bytes: [UInt8]) {
    self.init()
    var rest = bytes[...]
    while !rest.isEmpty {
      guard rest.count >= Self.headByteCount, let field = Field(rawValue: rest[rest.startIndex]) else { return nil }
      let count = BigEndian.number(rest.dropFirst().prefix(4))
      rest = rest.dropFirst(Self.headByteCount)
      guard count <= rest.count, take(field, [UInt8](rest.prefix(count))) else { return nil }
      rest = rest.dropFirst(count)
    }
  }

  /// - Returns: whether the content is valid for the field.
  private mutating func take(_ field: Field, _ content: [UInt8]) -> Bool {
    switch field {
    case .colorProfile: colorProfile = content
    case .exif: exif = content
    case .xmp: xmp = content
    case .colorChunk:
      guard content.count >= 4 else { return false }
      colorChunks.append(PNGChunk(String(decoding: content.prefix(4), as: UTF8.self), [UInt8](content.dropFirst(4))))
    case .density:
      guard let value = PixelDensity(bytes: content) else { return false }
      density = value
    case .subsampling:
      guard content.count == 1, let value = Subsampling(number: content[0]) else { return false }
      subsampling = value
    case .lossless: isLossless = true
    case .deep: isDeep = true
    }
    return true
  }
}

extension PixelDensity {
  fileprivate var bytes: [UInt8] {
    [unit.rawValue] + BigEndian.bytes(of: horizontal, count: 4) + BigEndian.bytes(of: vertical, count: 4)
  }

  fileprivate init?(bytes: [UInt8]) {
    guard bytes.count == 9, let unit = Unit(rawValue: bytes[0]) else { return nil }
    self.init(unit, BigEndian.number(bytes[1..<5]), BigEndian.number(bytes[5..<9]))
  }
}

extension Subsampling {
  fileprivate var number: UInt8 { UInt8(Self.allCases.firstIndex(of: self) ?? 0) }

  fileprivate init?(number: UInt8) {
    guard Int(number) < Self.allCases.count else { return nil }
    self = Self.allCases[Int(number)]
  }
}

/// Integers as in PNG and JPEG files.
package enum BigEndian {
  package static func bytes(of number: Int, count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  package static func number(_ bytes: some Sequence<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}

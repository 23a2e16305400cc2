/// Writes JPEG files of 8 × 8 pixels of one colour with any number of components: kinds that the encoder does not
/// write.
enum JPEGFile {
  /// A file whose components have these constant values. With `scanCount`, each component has its own scan, and the
  /// first is repeated until there are that many.
  static func flat(_ values: [UInt8], adobeTransform: UInt8? = nil, scanCount: Int? = nil) -> [UInt8] {
    var file: [UInt8] = [0xFF, 0xD8]
    if let adobeTransform { file += segment(0xEE, [UInt8]("Adobe".utf8) + [0, 100, 0, 0, 0, 0, adobeTransform]) }
    // With a quantiser of 8, the first coefficient is the difference from mid-grey.
    file += segment(0xDB, [0] + [UInt8](repeating: 8, count: 64))
    let components = values.indices.flatMap { index -> [UInt8] in [UInt8(index + 1), 0x11, 0] }
    file += segment(0xC0, [8, 0, 8, 0, 8, UInt8(values.count)] + components)
    file += segment(0xC4, [0x00] + lengths(12, of: 4) + (0..<12))
    file += segment(0xC4, [0x10] + lengths(1, of: 1) + [0])
    guard let scanCount else { return file + scan([UInt8](0..<UInt8(values.count)), values) + [0xFF, 0xD9] }
    for index in 0..<scanCount {
      let component = index < values.count ? index : 0
      file += scan([UInt8(component)], [values[component]])
    }
    return file + [0xFF, 0xD9]
  }

  /// A marker segment: FF, marker, length, content.
  static func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
    let count = content.count + 2
    return [0xFF, marker, UInt8(count >> 8), UInt8(count & 0xFF)] + content
  }

  /// `file` with a segment after its start-of-image marker.
  static func inserting(_ marker: UInt8, _ content: [UInt8], into file: [UInt8]) -> [UInt8] {
    Array(file[..<2] + segment(marker, content) + file[2...])
  }

  private static func lengths(_ count: UInt8, of length: Int) -> [UInt8] {
    (1...16).map { $0 == length ? count : 0 }
  }

  private static func scan(_ components: [UInt8], _ values: [UInt8]) -> [UInt8] {
    let header =
      [UInt8(components.count)] + components.flatMap { component -> [UInt8] in [component + 1, 0x00] } + [0, 63, 0]
    return segment(0xDA, header) + packed(values.flatMap(bits))
  }

  /// The category of the first coefficient in four bits, its digits, then one bit: no other coefficients.
  private static func bits(of value: UInt8) -> [UInt8] {
    let level = Int(value) - 128
    let category = Int.bitWidth - abs(level).leadingZeroBitCount
    let digits = level < 0 ? level + (1 << category) - 1 : level
    let places = { (number: Int, count: Int) in (0..<count).reversed().map { UInt8(number >> $0 & 1) } }
    return places(category, 4) + places(digits, category) + [0]
  }

  /// The last byte is padded with ones, and FF is followed by a zero byte.
  private static func packed(_ bits: [UInt8]) -> [UInt8] {
    stride(from: 0, to: bits.count, by: 8).flatMap { first -> [UInt8] in
      let byte = (first..<first + 8).reduce(UInt8(0)) { $0 << 1 | ($1 < bits.count ? bits[$1] : 1) }
      return byte == 0xFF ? [0xFF, 0x00] : [byte]
    }
  }
}

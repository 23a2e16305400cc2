/// Colours for the classes of a data set.
///
/// A name begins at the colour that its hash says, and takes the next one that no other class has. So a class has the
/// same colour on every sheet of its data set, mostly also in other data sets, and two classes have different ones as
/// long as there are enough.
package struct ClassPalette: Sendable {
  private let indices: [String: Int]

  /// - Parameter names: all classes of the data set, in any order.
  package init(_ names: some Sequence<String>) {
    var indices: [String: Int] = [:]
    var isTaken = [Bool](repeating: false, count: Self.colors.count)
    for name in Set(names).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let index = Self.firstFree(Self.preferred(name), isTaken)
      isTaken[index] = true
      indices[name] = index
      if !isTaken.contains(false) { isTaken = [Bool](repeating: false, count: Self.colors.count) }
    }
    self.indices = indices
  }

  /// The colour of a class; of one that the data set does not have, too.
  func color(of name: String) -> Color { Self.colors[indices[name] ?? Self.preferred(name)] }

  /// The colour of a value in a mask: R, G, B.
  package static func color(ofValue value: Int) -> SIMD3<UInt8> {
    let color = colors[(value &- 1) % colors.count < 0 ? 0 : (value &- 1) % colors.count]
    return SIMD3(UInt8(color.x), UInt8(color.y), UInt8(color.z))
  }

  /// Black or white, whichever is easier to read on `color`.
  static func ink(on color: Color) -> Color {
    // Rec. 709 luma; the limit lies between the dark colours and the others.
    (color * Color(0.2126, 0.7152, 0.0722)).sum() > 132 ? Color(16, 16, 20) : Color(255, 255, 255)
  }

  /// FNV-1a, whose values are the same in every process, unlike those of `Hasher`.
  private static func preferred(_ name: String) -> Int {
    let hash = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return Int((hash ^ hash >> 32) % UInt64(preferredCount))
  }

  /// Prefers colours whose neighbours are free, too, so that few classes look unlike each other.
  private static func firstFree(_ first: Int, _ isTaken: [Bool]) -> Int {
    let places = (0..<isTaken.count).lazy.map { (first + $0 * stepOnCollision) % isTaken.count }
    let isFarFromOthers = { (place: Int) in
      place < preferredCount
        && [place, (place + 1) % preferredCount, (place + preferredCount - 1) % preferredCount]
          .allSatisfy { !isTaken[$0] }
    }
    return places.first(where: isFarFromOthers) ?? places.first { !isTaken[$0] } ?? first
  }

  /// The vivid ones come first, and are preferred; each hue is 30 degrees from the next.
  private static let preferredCount = 12
  /// To a colour that is unlike the first; has no divisor in common with the number of colours, so all are reached.
  private static let stepOnCollision = 5

  /// Of one lightness each (OKLCH 0.74, 0.60 and 0.88) and of hues at even distances, so that no class stands out.
  private static let colors: [Color] = [
    0xFF7D81, 0xFF8432, 0xDC9E08, 0xB2B209, 0x5BC840, 0x04C89D, 0x11C2CA, 0x0CBAF4, 0x78ABFF, 0xAA99FF, 0xE17AF8,
    0xFF71BB, 0xDA3870, 0xC85D02, 0x977E05, 0x2E9903, 0x0B9488, 0x088CB9, 0x626DF5, 0xB24DC8, 0xFFD24C, 0xABF051,
    0x03FBC6, 0x78EBFF,
  ].map { Color(Double($0 >> 16), Double($0 >> 8 & 255), Double($0 & 255)) }
}

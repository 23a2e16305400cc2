/// The header of a BMP file: those of Windows, from version 3 on, and of OS/2.
struct BMPHeader {
  /// How pixels are stored.
  private enum Compression {
    static let none = 0
    static let runs8 = 1
    static let runs4 = 2
    static let masks = 3
    static let masksWithAlpha = 6
  }

  /// The bits of a channel in a pixel.
  struct Mask {
    let bits: UInt32

    /// The channel of a pixel, scaled to 0 … 255 and rounded.
    func level(of pixel: UInt32) -> UInt8 {
      guard bits != 0 else { return 0 }
      let shift = UInt32(bits.trailingZeroBitCount)
      let (level, largest) = (UInt64((pixel & bits) >> shift), UInt64(bits >> shift))
      return UInt8(truncatingIfNeeded: (level * 255 + largest / 2) / largest)
    }
  }

  let width, height: Int
  let isTopDown: Bool
  /// Of a pixel: 1, 2, 4 or 8 of an index; 16, 24 or 32.
  let bitCount: Int
  /// 1 if there is a palette, and all its colours are grey.
  let channels: Int
  /// 256 colours, grey or R, G, B; those that the file does not have are black. Empty above 8 bits.
  let palette: [UInt8]
  /// Red, green, blue, alpha, of 16 and 32 bits.
  let masks: [Mask]
  let pixelOffset: Int
  let isRunLength: Bool
  let density: PixelDensity?
  /// Empty if there is none.
  let colorProfile: [UInt8]

  var hasAlpha: Bool { masks[3].bits != 0 }
  /// Bytes of a row, without and with padding.
  var rowByteCount: Int { (width * bitCount + 7) / 8 }
  var rowStride: Int { (width * bitCount + 31) / 32 * 4 }

  private static let fileHeaderByteCount = 14

  init(_ bytes: FileBytes, maxPixels: Int) throws(ImagingError) {
    let truncated = ImagingError.truncated("the BMP file ends inside its header")
    guard let byteCount = bytes.little(4, at: 14), let offset = bytes.little(4, at: 10) else { throw truncated }
    let isCore = byteCount == 12
    guard let width = isCore ? bytes.little(2, at: 18) : bytes.signed(at: 18),
      let height = isCore ? bytes.little(2, at: 20) : bytes.signed(at: 22),
      let bitCount = bytes.little(2, at: isCore ? 24 : 28),
      let compression = byteCount < 40 ? Compression.none : bytes.little(4, at: 30)
    else { throw truncated }
    guard width > 0, height != 0 else { throw .damaged("a BMP image of \(width) x \(height)") }
    (self.width, self.height, isTopDown) = (width, abs(height), height < 0)
    let shape = ImageShape(width: width, height: abs(height), channels: 1)
    guard !shape.exceeds(maxPixels) else {
      throw .tooLarge(width: shape.width, height: shape.height, maxPixels: maxPixels)
    }
    (self.bitCount, pixelOffset) = (bitCount, offset)
    isRunLength = try Self.isRunLength(compression, bitCount, isOS2: byteCount == 64)
    guard let masks = Self.masks(bytes, byteCount, compression, bitCount) else { throw truncated }
    self.masks = masks.map { Mask(bits: $0) }
    let start = Self.fileHeaderByteCount + byteCount + (byteCount == 40 ? Self.maskByteCount(compression) : 0)
    let colors = bitCount > 8 ? [] : Self.colors(bytes, at: start, byteCount, bitCount)
    let greys = Self.greys(of: colors)
    (channels, palette) = (greys == nil ? 3 : 1, greys ?? colors)
    density = Self.density(bytes, byteCount)
    colorProfile = Self.colorProfile(bytes, byteCount)
  }

  /// - Throws: unless the compression is known and fits the number of bits.
  private static func isRunLength(_ compression: Int, _ bitCount: Int, isOS2: Bool) throws(ImagingError) -> Bool {
    switch (compression, bitCount) {
    case (Compression.none, 1), (Compression.none, 2), (Compression.none, 4), (Compression.none, 8),
      (Compression.none, 16), (Compression.none, 24), (Compression.none, 32):
      return false
    case (Compression.masks, 16), (Compression.masks, 32), (Compression.masksWithAlpha, 16),
      (Compression.masksWithAlpha, 32):
      if !isOS2 { return false }
    case (Compression.runs8, 8), (Compression.runs4, 4): return true
    default: break
    }
    throw .unsupported("a BMP image with \(bitCount) bits to a pixel and compression \(compression)")
  }

  private static func maskByteCount(_ compression: Int) -> Int {
    switch compression {
    case Compression.masks: 12
    case Compression.masksWithAlpha: 16
    default: 0
    }
  }

  /// The bits of red, green, blue and alpha; `nil` beyond the end. Without masks, 16 bits have 5 of each colour, and
  /// what 32 bits have beyond 24 means nothing.
  private static func masks(_ bytes: FileBytes, _ byteCount: Int, _ compression: Int, _ bitCount: Int) -> [UInt32]? {
    guard maskByteCount(compression) > 0 else {
      return bitCount == 16 ? [0x7C00, 0x03E0, 0x001F, 0] : [0xFF_0000, 0xFF00, 0xFF, 0]
    }
    let hasAlpha = compression == Compression.masksWithAlpha || byteCount >= 56
    var masks: [UInt32] = []
    for number in 0..<(hasAlpha ? 4 : 3) {
      guard let mask = bytes.little(4, at: 54 + 4 * number) else { return nil }
      masks.append(UInt32(truncatingIfNeeded: mask))
    }
    return hasAlpha ? masks : masks + [0]
  }

  /// Red, green and blue of 256 colours. Those that the file should have but does not are black.
  private static func colors(_ bytes: FileBytes, at start: Int, _ byteCount: Int, _ bitCount: Int) -> [UInt8] {
    let entryByteCount = byteCount == 12 ? 3 : 4
    let stated = byteCount >= 40 ? bytes.little(4, at: 46) ?? 0 : 0
    let count = (1...1 << bitCount).contains(stated) ? stated : 1 << bitCount
    var colors = [UInt8](repeating: 0, count: 3 * 256)
    for index in 0..<count {
      guard let entry = bytes.copy(3, at: start + entryByteCount * index) else { break }
      for channel in 0..<3 { colors[3 * index + channel] = entry[2 - channel] }
    }
    return colors
  }

  /// The levels of colours that are all grey; `nil` for others.
  private static func greys(of colors: [UInt8]) -> [UInt8]? {
    var greys: [UInt8] = []
    for first in stride(from: 0, to: colors.count, by: 3) {
      guard colors[first] == colors[first + 1], colors[first] == colors[first + 2] else { return nil }
      greys.append(colors[first])
    }
    return greys.isEmpty ? nil : greys
  }

  private static func density(_ bytes: FileBytes, _ byteCount: Int) -> PixelDensity? {
    guard byteCount >= 40, let across = bytes.signed(at: 38), let down = bytes.signed(at: 42), across > 0, down > 0
    else { return nil }
    return PixelDensity(.metre, across, down)
  }

  /// Version 5 has a place for an ICC profile.
  private static func colorProfile(_ bytes: FileBytes, _ byteCount: Int) -> [UInt8] {
    guard byteCount == 124, bytes.holds("DEBM", at: 70), let offset = bytes.little(4, at: 126),
      let count = bytes.little(4, at: 130)
    else { return [] }
    return bytes.copy(count, at: fileHeaderByteCount + offset) ?? []
  }
}

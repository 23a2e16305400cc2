/// The compressed indices of a GIF frame: Lempel, Ziv and Welch's codes of growing size, in blocks of up to 255 bytes.
struct GIFCodes {
  private static let codeLimit = 4096
  /// Bits of a first code, less one.
  private var rootBitCount = 0
  private var offset: Int
  /// Bytes left in the block.
  private var blockByteCount = 0
  private var bits: UInt32 = 0
  private var bitCount = 0

  // A code stands for what another stands for, and an index behind it.
  private var prefixes = [UInt16](repeating: 0, count: codeLimit)
  private var lasts = [UInt8](repeating: 0, count: codeLimit)
  private var firsts = [UInt8](repeating: 0, count: codeLimit)
  private var lengths = [Int](repeating: 1, count: codeLimit)

  /// - Parameter offset: of the byte that tells the size of the first codes.
  init(at offset: Int) { self.offset = offset }

  /// Reads indices until there are enough.
  /// - Returns: how many there are; fewer if the data say that they end.
  /// - Throws: `.truncated` if the file ends, `.damaged` if a code stands for nothing.
  mutating func read(_ bytes: Span<UInt8>, into indices: inout MutableSpan<UInt8>) throws(ImagingError) -> Int {
    guard offset < bytes.count else { throw Self.truncated }
    rootBitCount = Int(bytes[offset])
    offset += 1
    guard (1...8).contains(rootBitCount) else { throw .damaged("GIF indices of \(rootBitCount) bits") }
    let clear = 1 << rootBitCount
    for index in 0..<clear { (lasts[index], firsts[index]) = (UInt8(index), UInt8(index)) }
    var (count, next, width) = (0, clear + 2, rootBitCount + 1)
    var before: Int?
    while count < indices.count, let code = try code(width, bytes), code != clear + 1 {
      if code == clear {
        (next, width, before) = (clear + 2, rootBitCount + 1, nil)
        continue
      }
      guard code < clear || (before != nil && (code < next || code == next && next < Self.codeLimit)) else {
        throw .damaged("a GIF frame has a code without a meaning")
      }
      if let before, next < Self.codeLimit {
        define(next, before, last: firsts[code == next ? before : code])
        next += 1
        if next == 1 << width && width < 12 { width += 1 }
      }
      count = write(code, at: count, into: &indices)
      before = code
    }
    return count
  }

  private static let truncated = ImagingError.truncated("the GIF file ends before its image does")

  private mutating func define(_ code: Int, _ prefix: Int, last: UInt8) {
    (prefixes[code], lasts[code]) = (UInt16(prefix), last)
    (firsts[code], lengths[code]) = (firsts[prefix], lengths[prefix] + 1)
  }

  /// Writes what a code stands for, from its end; what does not fit is left out.
  /// - Returns: the place behind it.
  private func write(_ code: Int, at start: Int, into indices: inout MutableSpan<UInt8>) -> Int {
    let end = start + lengths[code]
    var (code, place) = (code, end - 1)
    while place >= start {
      if place < indices.count { indices[place] = lasts[code] }
      code = Int(prefixes[code])
      place -= 1
    }
    return min(end, indices.count)
  }

  /// The next code, its lowest bits first; `nil` where the blocks end.
  private mutating func code(_ width: Int, _ bytes: Span<UInt8>) throws(ImagingError) -> Int? {
    while bitCount < width {
      if blockByteCount == 0 {
        guard offset < bytes.count else { throw Self.truncated }
        blockByteCount = Int(bytes[offset])
        offset += 1
        if blockByteCount == 0 { return nil }
      }
      guard offset < bytes.count else { throw Self.truncated }
      bits |= UInt32(bytes[offset]) << UInt32(bitCount)
      (offset, blockByteCount, bitCount) = (offset + 1, blockByteCount - 1, bitCount + 8)
    }
    let code = Int(bits & (1 << UInt32(width) - 1))
    (bits, bitCount) = (bits >> UInt32(width), bitCount - width)
    return code
  }
}

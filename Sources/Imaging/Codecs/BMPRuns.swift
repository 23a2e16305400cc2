internal import CImaging

/// The indices of a BMP file that is compressed by run lengths. Pixels that no run reaches have index 0.
struct BMPRuns {
  private(set) var warnings = cimaging_warnings()
  private let header: BMPHeader
  private var x = 0
  /// Of the row, as stored.
  private var y = 0
  private var offset: Int

  init(_ header: BMPHeader) {
    self.header = header
    offset = header.pixelOffset
  }

  /// Reads to the end of the image.
  /// - Parameter indices: one for each pixel, upright.
  mutating func read(_ bytes: Span<UInt8>, into indices: inout MutableSpan<UInt8>) throws(ImagingError) {
    indices.update(repeating: 0)
    while y < header.height {
      let (count, value) = (Int(try next(bytes)), try next(bytes))
      if count > 0 {
        for place in 0..<count { put(nibble(place, of: value), into: &indices) }
      } else if value == 0 {
        (x, y) = (0, y + 1)
      } else if value == 1 {
        return
      } else if value == 2 {
        x += Int(try next(bytes))
        y += Int(try next(bytes))
      } else {
        try readLiterally(Int(value), bytes, into: &indices)
      }
    }
  }

  /// Indices one by one, padded to an even number of bytes.
  private mutating func readLiterally(
    _ count: Int, _ bytes: Span<UInt8>, into indices: inout MutableSpan<UInt8>
  ) throws(ImagingError) {
    let start = offset
    var value: UInt8 = 0
    for place in 0..<count {
      if header.bitCount == 8 || place.isMultiple(of: 2) { value = try next(bytes) }
      put(nibble(place, of: value), into: &indices)
    }
    offset += (offset - start) % 2
  }

  private mutating func next(_ bytes: Span<UInt8>) throws(ImagingError) -> UInt8 {
    guard offset < bytes.count else { throw .truncated("the BMP file ends before its image does") }
    offset += 1
    return bytes[offset - 1]
  }

  /// The index in a byte that holds one of 8 bits, or two of 4.
  private func nibble(_ place: Int, of value: UInt8) -> UInt8 {
    if header.bitCount == 8 { return value }
    return place.isMultiple(of: 2) ? value >> 4 : value & 15
  }

  private mutating func put(_ index: UInt8, into indices: inout MutableSpan<UInt8>) {
    defer { x += 1 }
    guard x < header.width, y < header.height else {
      if warnings.count == 0 { unsafe cimaging_warnings_add(&warnings, "pixels beyond the edge of a BMP image") }
      return
    }
    indices[(header.isTopDown ? y : header.height - 1 - y) * header.width + x] = index
  }
}

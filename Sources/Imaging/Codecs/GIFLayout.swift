/// Where the parts of a GIF file lie: the canvas, the first frame, and the number of the others.
struct GIFLayout {
  struct Frame {
    var x, y: Int
    var size: ImageSize
    var isInterlaced: Bool
    /// Red, green and blue of 256 indices; those without a colour are black.
    var palette: [UInt8]
    /// The index of transparent pixels.
    var clearIndex: UInt8?
    /// Of the byte that tells the size of codes.
    var dataOffset: Int

    /// The row of the image that is stored as the `place`th: of interlaced frames every eighth comes first, then those
    /// in the middle between, and so on.
    func row(_ place: Int) -> Int {
      guard isInterlaced else { return place }
      var rest = place
      for (first, step) in [(0, 8), (4, 8), (2, 4), (1, 2)] {
        let count = (size.height - first + step - 1) / step
        if rest < count { return first + step * rest }
        rest -= max(0, count)
      }
      return size.height
    }
  }

  let canvas: ImageSize
  let first: Frame
  let frameCount: Int
  /// Whether the file ends with its end marker.
  let isComplete: Bool

  /// Whether the first frame leaves no pixel of the canvas free.
  var isCovered: Bool {
    first.x == 0 && first.y == 0 && first.size.width >= canvas.width && first.size.height >= canvas.height
  }

  private static let headerByteCount = 13

  /// Reads to the end of the file, but no pixels; allocates nothing that grows with the image.
  init(_ bytes: FileBytes) throws(ImagingError) {
    guard let width = bytes.little(2, at: 6), let height = bytes.little(2, at: 8), let flags = bytes[10] else {
      throw .truncated("the GIF file ends inside its header")
    }
    let palette = Self.palette(bytes, flags, at: Self.headerByteCount)
    var walk = Walk(offset: Self.headerByteCount + Self.paletteByteCount(flags), palette: palette)
    while walk.step(bytes) {}
    guard let first = walk.first else {
      throw walk.isComplete ? .damaged("a GIF file without a frame") : .truncated("the GIF file has no frame")
    }
    guard !first.palette.isEmpty else { throw .damaged("a GIF frame without colours") }
    guard first.size.pixelCount > 0 else { throw .damaged("an empty GIF frame") }
    // Some writers leave the canvas empty.
    canvas = width * height > 0 ? ImageSize(width: width, height: height) : first.size
    (self.first, frameCount, isComplete) = (first, walk.frameCount, walk.isComplete)
  }

  private static func paletteByteCount(_ flags: UInt8) -> Int { flags & 0x80 == 0 ? 0 : 6 << Int(flags & 7) }

  /// Empty if there is none.
  private static func palette(_ bytes: FileBytes, _ flags: UInt8, at offset: Int) -> [UInt8] {
    guard flags & 0x80 != 0, let colors = bytes.copy(paletteByteCount(flags), at: offset) else { return [] }
    return colors + [UInt8](repeating: 0, count: 3 * 256 - colors.count)
  }

  /// A walk from block to block.
  private struct Walk {
    var offset: Int
    /// The one of the file.
    let palette: [UInt8]
    var first: Frame?
    var frameCount = 0
    var isComplete = false
    private var clearIndex: UInt8?

    init(offset: Int, palette: [UInt8]) { (self.offset, self.palette) = (offset, palette) }

    /// Walks over a block.
    /// - Returns: `false` at the end, or where something is no block.
    mutating func step(_ bytes: FileBytes) -> Bool {
      switch bytes[offset] {
      case 0x3B:
        isComplete = true
        return false
      case 0x21:
        if bytes[offset + 1] == 0xF9, bytes[offset + 2] == 4, let flags = bytes[offset + 3] {
          clearIndex = flags & 1 == 1 ? bytes[offset + 6] : nil
        }
        return skipData(bytes, from: offset + 2)
      case 0x2C: return takeFrame(bytes)
      default: return false
      }
    }

    private mutating func takeFrame(_ bytes: FileBytes) -> Bool {
      let numbers = (0..<4).compactMap { bytes.little(2, at: offset + 1 + 2 * $0) }
      guard numbers.count == 4, let flags = bytes[offset + 9] else { return false }
      let start = offset + 10 + GIFLayout.paletteByteCount(flags)
      if frameCount == 0 {
        let own = GIFLayout.palette(bytes, flags, at: offset + 10)
        first = Frame(
          x: numbers[0], y: numbers[1], size: ImageSize(width: numbers[2], height: numbers[3]),
          isInterlaced: flags & 0x40 != 0, palette: own.isEmpty ? palette : own, clearIndex: clearIndex,
          dataOffset: start)
      }
      (frameCount, clearIndex) = (frameCount + 1, nil)
      return skipData(bytes, from: start + 1)
    }

    /// Skips blocks of up to 255 bytes, each behind its length; the last has none.
    private mutating func skipData(_ bytes: FileBytes, from start: Int) -> Bool {
      offset = start
      while let count = bytes[offset] {
        offset += 1 + Int(count)
        if count == 0 { return true }
      }
      return false
    }
  }
}

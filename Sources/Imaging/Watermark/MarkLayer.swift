/// A mark of one size and opacity, for images of one number of channels: for each byte what is added, and the share of
/// the image that stays.
struct MarkLayer {
  let shape: ImageShape
  private let added: [UInt8]
  private let kept: [UInt8]

  /// - Parameter opacity: 0 ... 255.
  init(_ mark: Mark, channels: Int, opacity: UInt8) {
    shape = ImageShape(width: mark.width, height: mark.height, channels: channels)
    let (colors, alphas) = (mark.color.bytes, mark.alpha.bytes)
    var added = [UInt8](repeating: 0, count: shape.byteCount)
    var kept = added
    for pixel in alphas.indices {
      let covered = alphas[pixel].scaled(by: opacity)
      for channel in 0..<channels {
        let value = channels == 1 ? Self.grey(colors, pixel * 3) : colors[pixel * 3 + channel]
        // No more than what is covered, or the sum in `blend` would exceed a byte.
        added[pixel * channels + channel] = min(value.scaled(by: opacity), covered)
        kept[pixel * channels + channel] = 255 - covered
      }
    }
    (self.added, self.kept) = (added, kept)
  }

  /// Luma, ITU-R BT.601, of the R, G, B at `place`.
  private static func grey(_ colors: [UInt8], _ place: Int) -> UInt8 {
    let (red, green, blue) = (Int(colors[place]), Int(colors[place + 1]), Int(colors[place + 2]))
    return UInt8((red * 299 + green * 587 + blue * 114 + 500) / 1000)
  }

  /// Paints the part that lies on the image, with the mark's upper left corner at (x, y).
  func paint(on image: inout PixelBuffer, x: Int, y: Int) {
    let (target, channels) = (image.shape, shape.channels)
    precondition(target.channels == channels, "a layer for images of this kind")
    let columns = max(0, -x)..<max(0, -x, min(shape.width, target.width - x))
    let rows = max(0, -y)..<max(0, -y, min(shape.height, target.height - y))
    let byteCount = columns.count * channels
    guard byteCount > 0 else { return }
    // Both ranges lie in the mark and, moved by (x, y), in the image.
    unsafe image.withBytes { pixels in
      for row in rows {
        let from = (row * shape.width + columns.lowerBound) * channels
        let to = ((y + row) * target.width + x + columns.lowerBound) * channels
        unsafe blend(UnsafeMutableRawBufferPointer(rebasing: pixels[to..<to + byteCount]), from: from)
      }
    }
  }

  private func blend(_ pixels: UnsafeMutableRawBufferPointer, from start: Int) {
    let (added, kept) = (added.span.extracting(droppingFirst: start), kept.span.extracting(droppingFirst: start))
    unsafe added.withUnsafeBufferPointer { added in
      unsafe kept.withUnsafeBufferPointer { kept in
        for index in 0..<pixels.count {
          unsafe pixels[index] = added[index] &+ pixels[index].scaled(by: kept[index])
        }
      }
    }
  }
}

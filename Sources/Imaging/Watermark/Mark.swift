/// The picture of a watermark, its colours multiplied by their transparency, as scaling needs it.
///
/// It never changes, so that threads may share it.
final class Mark: @unchecked Sendable {
  /// R, G, B.
  let color: PixelBuffer
  let alpha: PixelBuffer

  var width: Int { alpha.shape.width }
  var height: Int { alpha.shape.height }

  private init(multiplied color: consuming PixelBuffer, alpha: consuming PixelBuffer) {
    self.color = color
    self.alpha = alpha
  }

  /// Takes colours that are not multiplied; grey becomes R, G, B.
  convenience init(_ color: borrowing PixelBuffer, alpha: consuming PixelBuffer) throws(ImagingError) {
    let (count, channels) = (alpha.shape.byteCount, color.shape.channels)
    var multiplied = PixelBuffer()
    try multiplied.reshape(to: ImageShape(width: alpha.shape.width, height: alpha.shape.height, channels: 3))
    unsafe color.withBytes { colors in
      unsafe alpha.withBytes { alphas in
        unsafe multiplied.withBytes { result in
          for pixel in 0..<count {
            for channel in 0..<3 {
              let value = unsafe colors[pixel * channels + min(channel, channels - 1)]
              unsafe result[pixel * 3 + channel] = value.scaled(by: alphas[pixel])
            }
          }
        }
      }
    }
    self.init(multiplied: multiplied, alpha: alpha)
  }

  func scaled(width: Int, height: Int) throws(ImagingError) -> Mark {
    var color = PixelBuffer()
    var alpha = PixelBuffer()
    try color.scale(self.color, width: width, height: height)
    try alpha.scale(self.alpha, width: width, height: height)
    return Mark(multiplied: color, alpha: alpha)
  }
}

extension UInt8 {
  /// The product as a share of 255, rounded to nearest.
  @inline(__always)
  func scaled(by share: UInt8) -> UInt8 {
    // Exact for every product of two bytes, and in 16 bits, so that it can be done for many at once.
    let sum = UInt16(self) &* UInt16(share) &+ 128
    return UInt8(truncatingIfNeeded: (sum &+ sum >> 8) >> 8)
  }
}

package import Imaging

extension Image {
  /// A mask as colours to lay over its image: those of its palette, or of the classes. Where nothing is marked, which is
  /// value 0 or black, it is transparent.
  package init(coloring mask: borrowing MaskImage) throws(ImagingError) {
    let (size, layout) = (mask.size, mask.layout)
    let high = mask.withPlane(.color) { $0.bytes }
    let low = layout.bitDepth == 16 ? mask.withPlane(.colorLow) { $0.bytes } : []
    var colors: [UInt8] = []
    colors.reserveCapacity(size.pixelCount * 3)
    var opacities: [UInt8] = []
    opacities.reserveCapacity(size.pixelCount)
    for pixel in 0..<size.pixelCount {
      let bytes = (0..<layout.channels).map { high[pixel * layout.channels + $0] }
      let color: SIMD3<UInt8>
      if layout.channels == 3 {
        color = SIMD3(bytes[0], bytes[1], bytes[2])
      } else {
        color = layout.color(of: low.isEmpty ? Int(bytes[0]) : Int(bytes[0]) << 8 | Int(low[pixel]))
      }
      colors += [color.x, color.y, color.z]
      opacities.append(color == .zero ? 0 : 255)
    }
    self = try Image(size, colors: colors, opacities: opacities)
  }

  private init(_ size: ImageSize, colors: [UInt8], opacities: [UInt8]) throws(ImagingError) {
    var color = PixelBuffer()
    var alpha = PixelBuffer()
    try color.reshape(to: ImageShape(width: size.width, height: size.height, channels: 3))
    try alpha.reshape(to: ImageShape(width: size.width, height: size.height, channels: 1))
    color.set(colors)
    alpha.set(opacities)
    self.init(color: color, alpha: alpha)
  }
}

extension MaskLayout {
  /// The colour of a value that is no colour itself; black if it marks nothing.
  fileprivate func color(of value: Int) -> SIMD3<UInt8> {
    if value == 0 { return .zero }
    guard let palette, value < palette.count else { return ClassPalette.color(ofValue: value) }
    let color = (0..<3).map { palette.colors[3 * value + $0] }
    // Palettes are often filled up with black.
    return color.allSatisfy { $0 == 0 } ? ClassPalette.color(ofValue: value) : SIMD3(color[0], color[1], color[2])
  }
}

internal import CImaging

// Layouts and planes of masks for the C layer.

extension MaskLayout {
  init(_ header: cimaging_png_layout) {
    let channels = Int(header.channels)
    if header.is_indexed != 0 {
      let colors = unsafe withUnsafeBytes(of: header.colors) { unsafe [UInt8]($0.prefix(3 * Int(header.color_count))) }
      let opacities = unsafe withUnsafeBytes(of: header.opacities) {
        unsafe [UInt8]($0.prefix(Int(header.opacity_count)))
      }
      self.init(.palette(MaskPalette(colors: colors, opacities: opacities)), bitDepth: Int(header.bit_depth))
    } else {
      self.init(channels == 3 ? .rgb : .grey, bitDepth: Int(header.bit_depth), hasAlpha: header.has_alpha != 0)
    }
    let value = header.clear_value
    if header.has_clear_value != 0 { clearValue = Array([value.0, value.1, value.2].prefix(channels)) }
  }
}

extension cimaging_png_layout {
  init(_ layout: MaskLayout, _ size: ImageSize) {
    self.init()
    (width, height) = (Int32(size.width), Int32(size.height))
    (bit_depth, channels, has_alpha) = (Int32(layout.bitDepth), Int32(layout.channels), layout.hasAlpha ? 1 : 0)
    if let palette = layout.palette {
      (is_indexed, color_count, opacity_count) = (1, Int32(palette.count), Int32(palette.opacities.count))
      // Both are as long as a palette may be.
      unsafe withUnsafeMutableBytes(of: &colors) { unsafe $0.copyBytes(from: palette.colors) }
      unsafe withUnsafeMutableBytes(of: &opacities) { unsafe $0.copyBytes(from: palette.opacities) }
    }
    guard !layout.clearValue.isEmpty else { return }
    let value = layout.clearValue + [0, 0]
    (has_clear_value, clear_value) = (1, (value[0], value[1], value[2]))
  }
}

extension MaskImage {
  /// The planes of the layout; the others are empty.
  @unsafe
  var cPlanes: [cimaging_pixels] {
    var pixels = unsafe [cimaging_pixels](repeating: cimaging_pixels(), count: planes.count)
    for plane in layout.planes { unsafe pixels[plane.rawValue] = unsafe planes[plane.rawValue].cPixels }
    return unsafe pixels
  }

  /// Calls `body` with the planes of the layout; the others are empty.
  @unsafe
  func withCPlanes<Result>(_ body: (UnsafePointer<cimaging_pixels>) -> Result) -> Result {
    unsafe cPlanes.withUnsafeBufferPointer { unsafe body($0.baseAddress.unsafelyUnwrapped) }
  }
}

internal import CImaging

/// A GIF file being read: its first frame, on a canvas that is transparent where the frame is not. All that this takes
/// is one small decompressor, which is safer where every access is checked than a library.
struct GIFReader: ~Copyable, ImageReader {
  static let format = ImageFormat.gif
  private let bytes: FileBytes
  private let layout: GIFLayout
  private let frame: GIFLayout.Frame
  let metadata = ImageMetadata()

  @unsafe
  init(_ bytes: UnsafeRawBufferPointer, _ settings: ReadingSettings) throws(ImagingError) {
    let file = unsafe FileBytes(bytes)
    let layout = try GIFLayout(file)
    for size in [layout.canvas, layout.first.size] {
      let shape = ImageShape(width: size.width, height: size.height, channels: 3)
      guard !shape.exceeds(settings.maxPixels) else {
        throw .tooLarge(width: shape.width, height: shape.height, maxPixels: settings.maxPixels)
      }
    }
    (self.bytes, self.layout, frame) = (file, layout, layout.first)
  }

  var shape: ImageShape { ImageShape(width: layout.canvas.width, height: layout.canvas.height, channels: 3) }
  var hasAlpha: Bool { frame.clearIndex != nil || !layout.isCovered }
  var frameCount: Int { layout.frameCount }

  mutating func readPixels(
    into color: inout PixelBuffer, alpha: inout PixelBuffer, scratch: inout PixelBuffer
  ) throws(ImagingError) -> cimaging_warnings {
    try color.reshape(to: shape)
    if hasAlpha { try alpha.reshape(to: alphaShape) }
    try scratch.reshape(to: ImageShape(width: frame.size.width, height: frame.size.height, channels: 1))
    var warnings = cimaging_warnings()
    let (bytes, frame) = (bytes, frame)
    let count = try scratch.withMutableSpan { indices throws(ImagingError) in
      indices.update(repeating: 0)
      return try bytes.withSpan { bytes throws(ImagingError) in
        var codes = GIFCodes(at: frame.dataOffset)
        return try codes.read(bytes, into: &indices)
      }
    }
    guard layout.isComplete else { throw .truncated("the GIF file ends before its image does") }
    if count < frame.size.pixelCount { unsafe cimaging_warnings_add(&warnings, "pixels of a GIF frame are missing") }
    paint(&scratch, count, color: &color, alpha: &alpha)
    return warnings
  }

  /// Writes the colours of the first `count` indices onto the canvas.
  private func paint(
    _ indices: inout PixelBuffer, _ count: Int, color: inout PixelBuffer, alpha: inout PixelBuffer
  ) {
    let (frame, width, height, hasAlpha) = (frame, shape.width, shape.height, hasAlpha)
    indices.withMutableSpan { indices in
      color.withMutableSpan { color in
        color.update(repeating: 0)
        eachPixel(count, width, height) { place, pixel in
          let entry = 3 * Int(indices[place])
          for channel in 0..<3 { color[3 * pixel + channel] = frame.palette[entry + channel] }
        }
      }
      guard hasAlpha else { return }
      alpha.withMutableSpan { alpha in
        alpha.update(repeating: 0)
        eachPixel(count, width, height) { place, pixel in
          alpha[pixel] = frame.clearIndex == indices[place] ? 0 : 255
        }
      }
    }
  }

  /// Calls `body` with the place of an index in the data and of its pixel on the canvas, unless that lies outside.
  private func eachPixel(_ count: Int, _ width: Int, _ height: Int, _ body: (_ place: Int, _ pixel: Int) -> Void) {
    let across = min(frame.size.width, width - frame.x)
    for row in 0..<(count + frame.size.width - 1) / frame.size.width {
      let y = frame.y + frame.row(row)
      guard y < height, across > 0 else { continue }
      let first = row * frame.size.width
      for x in 0..<min(across, count - first) { body(first + x, y * width + frame.x + x) }
    }
  }
}

internal import CImaging

/// A BMP file being read. The format is so simple that a decoder whose every access is checked is safer than a library.
struct BMPReader: ~Copyable, ImageReader {
  static let format = ImageFormat.bmp
  private let bytes: FileBytes
  private let header: BMPHeader
  let metadata: ImageMetadata

  @unsafe
  init(_ bytes: UnsafeRawBufferPointer, _ settings: ReadingSettings) throws(ImagingError) {
    let file = unsafe FileBytes(bytes)
    let header = try BMPHeader(file, maxPixels: settings.maxPixels)
    var metadata = ImageMetadata()
    metadata.density = header.density
    metadata.colorProfile = ColorProfile.fitting(header.colorProfile, channels: header.channels)
    (self.bytes, self.header, self.metadata) = (file, header, metadata.kept(by: settings.metadata))
  }

  var shape: ImageShape { ImageShape(width: header.width, height: header.height, channels: header.channels) }
  var hasAlpha: Bool { header.hasAlpha }

  mutating func readPixels(
    into color: inout PixelBuffer, alpha: inout PixelBuffer, scratch: inout PixelBuffer
  ) throws(ImagingError) -> cimaging_warnings {
    try color.reshape(to: shape)
    if hasAlpha { try alpha.reshape(to: alphaShape) }
    guard header.isRunLength else {
      try readRows(into: &color, alpha: &alpha)
      return cimaging_warnings()
    }
    try scratch.reshape(to: alphaShape)
    var runs = BMPRuns(header)
    let (bytes, header) = (bytes, header)
    try scratch.withMutableSpan { indices throws(ImagingError) in
      try bytes.withSpan { bytes throws(ImagingError) in try runs.read(bytes, into: &indices) }
      let indices = indices.span
      color.withMutableSpan { color in
        for index in indices.indices { header.write(header.palette, indices[index], at: index, into: &color) }
      }
    }
    return runs.warnings
  }

  private func readRows(into color: inout PixelBuffer, alpha: inout PixelBuffer) throws(ImagingError) {
    // Writers leave out the padding of the last row.
    let end = header.pixelOffset + (header.height - 1) * header.rowStride + header.rowByteCount
    guard end <= bytes.count else { throw .truncated("the BMP file ends before its image does") }
    let (header, bytes, hasAlpha) = (header, bytes, hasAlpha)
    bytes.withSpan { bytes in
      color.withMutableSpan { color in
        for row in 0..<header.height {
          let start = header.pixelOffset + row * header.rowStride
          header.readRow(bytes.extracting(start..<start + header.rowByteCount), row, into: &color)
        }
      }
      guard hasAlpha else { return }
      alpha.withMutableSpan { alpha in
        for row in 0..<header.height {
          let start = header.pixelOffset + row * header.rowStride
          header.readAlpha(bytes.extracting(start..<start + header.rowByteCount), row, into: &alpha)
        }
      }
    }
  }
}

extension BMPHeader {
  /// Index of the first pixel of a row, as stored, in the upright image.
  fileprivate func firstPixel(_ row: Int) -> Int { (isTopDown ? row : height - 1 - row) * width }

  /// Writes the colour of an index.
  fileprivate func write(_ palette: [UInt8], _ index: UInt8, at pixel: Int, into color: inout MutableSpan<UInt8>) {
    for channel in 0..<channels { color[pixel * channels + channel] = palette[Int(index) * channels + channel] }
  }

  fileprivate func readRow(_ row: Span<UInt8>, _ number: Int, into color: inout MutableSpan<UInt8>) {
    let first = firstPixel(number)
    switch bitCount {
    case 24: for x in 0..<width { for channel in 0..<3 { color[3 * (first + x) + channel] = row[3 * x + 2 - channel] } }
    case 16, 32:
      for x in 0..<width {
        let pixel = pixel(x, of: row)
        for channel in 0..<3 { color[3 * (first + x) + channel] = masks[channel].level(of: pixel) }
      }
    default:
      let (perByte, mask) = (8 / bitCount, UInt8(truncatingIfNeeded: 1 << bitCount - 1))
      for x in 0..<width {
        let index = row[x / perByte] >> UInt8(8 - bitCount * (x % perByte + 1)) & mask
        write(palette, index, at: first + x, into: &color)
      }
    }
  }

  fileprivate func readAlpha(_ row: Span<UInt8>, _ number: Int, into alpha: inout MutableSpan<UInt8>) {
    let first = firstPixel(number)
    for x in 0..<width { alpha[first + x] = masks[3].level(of: pixel(x, of: row)) }
  }

  private func pixel(_ x: Int, of row: Span<UInt8>) -> UInt32 {
    let byteCount = bitCount / 8
    return (0..<byteCount).reduce(0) { $0 | UInt32(row[byteCount * x + $1]) << UInt32(8 * $1) }
  }
}

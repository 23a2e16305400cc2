internal import CImaging

/// A PNG file being read. Owns libpng's state; the bytes must outlive it.
@safe
struct PNGReader: ~Copyable {
  private let state: OpaquePointer
  private let scratchCount: Int
  /// As stored, without alpha: width and height before the orientation is applied.
  let shape: ImageShape
  let hasAlpha: Bool
  let metadata: ImageMetadata
  let frameCount: Int

  /// Reads the header. Nothing that grows with the image is allocated, and more than `maxPixels` are refused.
  @unsafe
  init(_ bytes: UnsafeRawBufferPointer, maxPixels: Int, _ kept: MetadataChoice) throws(ImagingError) {
    guard let state = unsafe cimaging_png_open() else { throw .outOfMemory }
    var header = unsafe cimaging_png_header()
    var message = cimaging_message()
    let status = unsafe cimaging_png_read_header(state, bytes.baseAddress, bytes.count, &header, &message)
    let shape = unsafe ImageShape(
      width: Int(header.width), height: Int(header.height), channels: Int(header.channels))
    guard status == CIMAGING_OK, !shape.exceeds(maxPixels) else {
      unsafe cimaging_png_close(state)
      throw ImagingError(header: status, message, shape, maxPixels: maxPixels)
    }
    unsafe self.state = state
    self.shape = shape
    scratchCount = unsafe header.scratch_count
    hasAlpha = unsafe header.has_alpha != 0
    let profile = unsafe [UInt8](UnsafeBufferPointer(start: header.color_profile, count: header.color_profile_count))
    let chunks = unsafe PNGChunks(bytes.bindMemory(to: UInt8.self).span)
    frameCount = chunks.frameCount
    var metadata = ImageMetadata()
    metadata.colorProfile = ColorProfile.fitting(profile, channels: shape.channels)
    (metadata.colorChunks, metadata.exif) = (chunks.colorChunks, chunks.exif)
    (metadata.xmp, metadata.density) = (chunks.xmp, chunks.density)
    self.metadata = metadata.kept(by: kept)
  }

  deinit {
    unsafe cimaging_png_close(state)
  }

  /// Reads the pixels as stored, and the file to its end. `alpha` is touched only where `hasAlpha`; `scratch` grows to
  /// what is needed.
  mutating func readPixels(
    into color: inout PixelBuffer, alpha: inout PixelBuffer, scratch: inout PixelBuffer
  ) throws(ImagingError) -> cimaging_warnings {
    try color.reshape(to: shape)
    if hasAlpha { try alpha.reshape(to: ImageShape(width: shape.width, height: shape.height, channels: 1)) }
    try scratch.reshape(to: ImageShape(width: scratchCount, height: 1, channels: 1))
    var (colorPixels, alphaPixels) = unsafe (color.cPixels, alpha.cPixels)
    var warnings = cimaging_warnings()
    var message = cimaging_message()
    let status = unsafe scratch.withBytes { scratch in
      unsafe withUnsafePointer(to: &alphaPixels) { alphaPixels in
        unsafe cimaging_png_read_pixels(
          state, &colorPixels, hasAlpha ? alphaPixels : nil, scratch.baseAddress, &warnings, &message)
      }
    }
    guard status == CIMAGING_OK else { throw ImagingError(decoding: status, message) }
    return warnings
  }

  /// The orientation, which may stand behind the pixels: ask when they have been read.
  var orientation: Orientation {
    var count = 0
    let exif = unsafe cimaging_png_exif(state, &count)
    return unsafe ExifReader.orientation(in: [UInt8](UnsafeBufferPointer(start: exif, count: count)))
  }
}

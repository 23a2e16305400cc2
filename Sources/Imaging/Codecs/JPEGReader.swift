internal import CImaging

/// A JPEG file being read. Owns libjpeg's state; the bytes must outlive it.
@safe
struct JPEGReader: ~Copyable {
  private let state: OpaquePointer
  /// As stored: width and height before the orientation is applied.
  private(set) var shape: ImageShape
  let orientation: Orientation
  let metadata: ImageMetadata
  let frameCount: Int

  /// Reads the header. Nothing that grows with the image is allocated, and more than `maxPixels` are refused.
  @unsafe
  init(_ bytes: UnsafeRawBufferPointer, maxPixels: Int, _ kept: MetadataChoice) throws(ImagingError) {
    guard let state = unsafe cimaging_jpeg_open() else { throw .outOfMemory }
    var header = cimaging_jpeg_header()
    var message = cimaging_message()
    let status = unsafe cimaging_jpeg_read_header(state, bytes.baseAddress, bytes.count, &header, &message)
    let shape = ImageShape(
      width: Int(header.width), height: Int(header.height), channels: Int(header.channels))
    guard status == CIMAGING_OK, !shape.exceeds(maxPixels) else {
      unsafe cimaging_jpeg_close(state)
      throw ImagingError(header: status, message, shape, maxPixels: maxPixels)
    }
    unsafe self.state = state
    self.shape = shape
    let segments = unsafe JPEGSegments(bytes.bindMemory(to: UInt8.self).span)
    orientation = ExifReader.orientation(in: segments.exif)
    frameCount = segments.frameCount
    var metadata = segments.metadata
    metadata.colorProfile = ColorProfile.fitting(metadata.colorProfile, channels: shape.channels)
    metadata.subsampling = Subsampling(across: header.sampling_across, down: header.sampling_down)
    self.metadata = metadata.kept(by: kept)
  }

  deinit {
    unsafe cimaging_jpeg_close(state)
  }

  /// Has the pixels come smaller, but no smaller than what fits into an upright box of `width` × `height`.
  mutating func shrink(toFit width: Int, _ height: Int) throws(ImagingError) {
    let upright = orientation.shape(of: shape)
    let isEnough = { (eighths: Int) in
      eighths * upright.width >= 8 * width || eighths * upright.height >= 8 * height
    }
    let eighths = (1..<8).first(where: isEnough) ?? 8
    var (header, message) = (cimaging_jpeg_header(), cimaging_message())
    let status = unsafe cimaging_jpeg_shrink(state, Int32(eighths), &header, &message)
    guard status == CIMAGING_OK else { throw ImagingError(decoding: status, message) }
    (shape.width, shape.height) = (Int(header.width), Int(header.height))
  }

  /// Reads the pixels as stored.
  mutating func readPixels(
    into color: inout PixelBuffer, _ dct: JPEGDCT
  ) throws(ImagingError) -> cimaging_warnings {
    try color.reshape(to: shape)
    var pixels = unsafe color.cPixels
    var warnings = cimaging_warnings()
    var message = cimaging_message()
    let status = unsafe cimaging_jpeg_read_pixels(
      state, &pixels, dct == .fast ? 1 : 0, &warnings, &message)
    guard status == CIMAGING_OK else { throw ImagingError(decoding: status, message) }
    return warnings
  }
}

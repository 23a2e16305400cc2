internal import CImaging

/// A TIFF file being read. Owns libtiff's state; the bytes must outlive it.
@safe
struct TIFFReader: ~Copyable, ImageReader {
  static let format = ImageFormat.tiff
  private let state: OpaquePointer
  private let scratchCount: Int
  private let directories: TIFFDirectories
  let shape: ImageShape
  let hasAlpha: Bool
  let headerOrientation: Orientation
  let metadata: ImageMetadata

  @unsafe
  init(_ bytes: UnsafeRawBufferPointer, _ settings: ReadingSettings) throws(ImagingError) {
    guard let state = unsafe cimaging_tiff_open() else { throw .outOfMemory }
    var (header, message) = (cimaging_tiff_header(), cimaging_message())
    let status = unsafe cimaging_tiff_read_header(state, bytes.baseAddress, bytes.count, &header, &message)
    let shape = ImageShape(width: Int(header.width), height: Int(header.height), channels: Int(header.channels))
    let directories = unsafe TIFFDirectories(FileBytes(bytes))
    guard status == CIMAGING_OK, !shape.exceeds(settings.maxPixels) else {
      unsafe cimaging_tiff_close(state)
      let isCut = status == CIMAGING_FAILED && directories.isCut && !shape.exceeds(settings.maxPixels)
      throw isCut
        ? Self.truncated : ImagingError(header: status, message, shape, maxPixels: settings.maxPixels)
    }
    unsafe self.state = state
    (self.shape, self.directories, scratchCount) = (shape, directories, header.scratch_count)
    hasAlpha = header.has_alpha != 0
    headerOrientation = Orientation(rawValue: Int(header.orientation)) ?? .upright
    var metadata = ImageMetadata()
    metadata.colorProfile = ColorProfile.fitting(directories.colorProfile, channels: shape.channels)
    (metadata.exif, metadata.xmp, metadata.density) = (directories.exif, directories.xmp, directories.density)
    metadata.isDeep = header.bit_depth > 8
    self.metadata = metadata.kept(by: settings.metadata)
  }

  deinit {
    unsafe cimaging_tiff_close(state)
  }

  var frameCount: Int { directories.imageCount }

  private static let truncated = ImagingError.truncated("the TIFF file ends before its image does")

  mutating func readPixels(
    into color: inout PixelBuffer, alpha: inout PixelBuffer, scratch: inout PixelBuffer
  ) throws(ImagingError) -> cimaging_warnings {
    guard !directories.isCut else { throw Self.truncated }
    try color.reshape(to: shape)
    if hasAlpha { try alpha.reshape(to: alphaShape) }
    try scratch.reshape(to: ImageShape(width: scratchCount, height: 1, channels: 1))
    let planes = unsafe [color.cPixels, cimaging_pixels(), alpha.cPixels, cimaging_pixels()]
    var (warnings, message) = (cimaging_warnings(), cimaging_message())
    let status = unsafe scratch.withBytes { scratch in
      unsafe cimaging_tiff_read_pixels(state, planes, 0, scratch.baseAddress, &warnings, &message)
    }
    guard status == CIMAGING_OK else { throw ImagingError(decoding: status, message) }
    if directories.lacksValues {
      unsafe cimaging_warnings_add(&warnings, "values of a TIFF directory lie behind the end")
    }
    return warnings
  }

  /// Reads the pixels as stored, with 16 bits to a sample.
  mutating func readDeepPixels(
    into samples: inout MaskImage, scratch: inout PixelBuffer
  ) throws(ImagingError) {
    let layout = MaskLayout(shape.channels == 3 ? .rgb : .grey, bitDepth: 16, hasAlpha: hasAlpha)
    try samples.reshape(to: shape.size, layout)
    try scratch.reshape(to: ImageShape(width: scratchCount, height: 1, channels: 1))
    var (warnings, message) = (cimaging_warnings(), cimaging_message())
    let status = unsafe samples.withCPlanes { planes in
      unsafe scratch.withBytes { scratch in
        unsafe cimaging_tiff_read_pixels(state, planes, 1, scratch.baseAddress, &warnings, &message)
      }
    }
    guard status == CIMAGING_OK else { throw ImagingError(decoding: status, message) }
  }
}

extension ImageFormat {
  /// Loads what reads these formats and is not linked, so that processes forked afterwards share it. What cannot be
  /// loaded is told when it is needed.
  package static func prepareReaders(of formats: some Sequence<ImageFormat>) {
    guard formats.contains(.tiff) else { return }
    var message = cimaging_message()
    _ = unsafe cimaging_tiff_load(&message)
  }
}

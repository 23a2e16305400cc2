internal import CImaging
internal import Platform

/// Encodes images as files in memory, one after another, reusing its output buffer. The same image gives
/// the same bytes. Usable in any process.
@safe
package struct ImageEncoder: ~Copyable {
  /// The default JPEG quality, as in OpenCV's `imwrite`.
  package static let defaultQuality = 95

  private var output = unsafe cimaging_output()

  /// Allocates nothing yet.
  package init() {}

  deinit {
    var output = unsafe output
    unsafe cimaging_output_free(&output)
  }

  /// Encodes a whole file with default options and this quality.
  package mutating func encode(
    _ image: borrowing Image, as format: ImageFormat, quality: Int = defaultQuality
  ) throws(ImagingError) -> [UInt8] {
    try encode(image, as: format, EncodingOptions(quality: quality))
  }

  /// Encodes a whole file: an image, or an array of what `options.tensor` makes of its colours.
  package mutating func encode(
    _ image: borrowing Image, as format: OutputFormat, _ options: EncodingOptions
  ) throws(ImagingError) -> [UInt8] {
    switch format {
    case .image(let format): try encode(image, as: format, options)
    case .array: try ArrayFile(image.color, options.tensor).bytes
    case .archive: try ZipFile("image.npy", ArrayFile(image.color, options.tensor).bytes).bytes
    }
  }

  /// Encodes a whole file.
  ///
  /// JPEG drops alpha, which it cannot store; the others keep it. The colour profile is written if it fits the
  /// channels. Of the other metadata, each format gets what it has a place for.
  package mutating func encode(
    _ image: borrowing Image, as format: ImageFormat, _ options: EncodingOptions
  ) throws(ImagingError) -> [UInt8] {
    precondition((1...100).contains(options.quality), "quality lies between 1 and 100")
    precondition(image.color.shape.byteCount > 0, "an image to encode has pixels")
    let metadata = image.metadata.kept(by: options.metadata)
    let profile = ColorProfile.fitting(metadata.colorProfile, channels: image.color.shape.channels)
    var message = cimaging_message()
    switch format {
    case .jpeg:
      let file = try file(writeJPEG(image, options, profile, &message), message)
      return JPEGSegments.inserting(JPEGSegments.segments(of: metadata), metadata.density, into: file)
    case .png:
      let file = try file(writePNG(image, options, profile, &message), message)
      return PNGChunks.inserting(metadata, into: file)
    case .webp:
      let file = try file(writeWebP(image, options, &message), message)
      return WebPChunks.inserting(
        metadata, profile: profile, image.color.shape, hasAlpha: image.alpha != nil, into: file)
    case .tiff: return try writeTIFF(image, metadata, profile)
    case .bmp, .gif, .pnm: preconditionFailure("copies are not written as \(format)")
    }
  }

  /// Encodes a whole PNG or TIFF file with 16 bits to a sample.
  package mutating func encode(
    _ image: borrowing DeepImage, as format: ImageFormat, _ options: EncodingOptions
  ) throws(ImagingError) -> [UInt8] {
    let layout = image.samples.layout
    let metadata = image.metadata.kept(by: options.metadata)
    let profile = ColorProfile.fitting(metadata.colorProfile, channels: layout.channels)
    if format == .tiff {
      let writer = TIFFWriter(
        shape: layout.shape(of: .color, image.size), hasAlpha: layout.hasAlpha, isDeep: true)
      return unsafe try write(image.samples.cPlanes, as: writer, metadata, profile)
    }
    precondition(format == .png, "a format for samples of 16 bits")
    var (pixels, message) = (cimaging_png_layout(layout, image.size), cimaging_message())
    let status = unsafe profile.withUnsafeBufferPointer { profile in
      var settings = unsafe cimaging_png_settings(
        color_profile: profile.baseAddress, color_profile_count: profile.count, is_indexed: 0)
      return unsafe cimaging_png_write_planes(&pixels, image.samples.cPlanes, &settings, &output, &message)
    }
    let file = try file(status, message)
    return PNGChunks.inserting(metadata, into: file)
  }

  /// What a library has written.
  private func file(_ status: cimaging_status, _ message: cimaging_message) throws(ImagingError) -> [UInt8] {
    try check(status, message)
    guard unsafe Memory.hasRoom(forArrayOf: output.count) else { throw .outOfMemory }
    return unsafe [UInt8](UnsafeBufferPointer(start: output.base, count: output.count))
  }

  private func check(_ status: cimaging_status, _ message: cimaging_message) throws(ImagingError) {
    switch status {
    case CIMAGING_OK: return
    case CIMAGING_UNSUPPORTED: throw .unsupported(message.string)
    case CIMAGING_OUT_OF_MEMORY: throw .outOfMemory
    default: throw .failed(message.string)
    }
  }

  private mutating func writeJPEG(
    _ image: borrowing Image, _ options: EncodingOptions, _ profile: [UInt8], _ message: inout cimaging_message
  ) -> cimaging_status {
    var pixels = unsafe image.color.cPixels
    let subsampling = options.subsampling ?? image.metadata.subsampling ?? .yuv420
    var settings = cimaging_jpeg_settings(
      quality: Int32(options.quality), is_fast: options.jpegDCT == .fast ? 1 : 0,
      sampling_across: subsampling.factors.across, sampling_down: subsampling.factors.down, is_exchanged: 0)
    return unsafe cimaging_jpeg_write(&pixels, &settings, profile, profile.count, &output, &message)
  }

  private mutating func writePNG(
    _ image: borrowing Image, _ options: EncodingOptions, _ profile: [UInt8], _ message: inout cimaging_message
  ) -> cimaging_status {
    unsafe profile.withUnsafeBufferPointer { profile in
      var color = unsafe image.color.cPixels
      var settings = unsafe cimaging_png_settings(
        color_profile: profile.baseAddress, color_profile_count: profile.count, is_indexed: options.isPalette ? 1 : 0)
      switch image.alpha {
      case .none: return unsafe cimaging_png_write(&color, nil, &settings, &output, &message)
      case .some(let plane):
        var alpha = unsafe plane.cPixels
        precondition(unsafe alpha.width == color.width && alpha.height == color.height, "alpha of the image's size")
        return unsafe cimaging_png_write(&color, &alpha, &settings, &output, &message)
      }
    }
  }
}

extension ImageEncoder {
  private mutating func writeWebP(
    _ image: borrowing Image, _ options: EncodingOptions, _ message: inout cimaging_message
  ) -> cimaging_status {
    let isLossless = options.isLossless ?? image.metadata.isLossless
    var settings = cimaging_webp_settings(quality: Int32(options.quality), is_lossless: isLossless ? 1 : 0)
    var color = unsafe image.color.cPixels
    switch image.alpha {
    case .none: return unsafe cimaging_webp_write(&color, nil, &settings, &output, &message)
    case .some(let plane):
      var alpha = unsafe plane.cPixels
      precondition(unsafe alpha.width == color.width && alpha.height == color.height, "alpha of the image's size")
      return unsafe cimaging_webp_write(&color, &alpha, &settings, &output, &message)
    }
  }

  private mutating func writeTIFF(
    _ image: borrowing Image, _ metadata: ImageMetadata, _ profile: [UInt8]
  ) throws(ImagingError) -> [UInt8] {
    let writer = TIFFWriter(shape: image.color.shape, hasAlpha: image.alpha != nil, isDeep: false)
    var planes = unsafe [image.color.cPixels, cimaging_pixels(), cimaging_pixels(), cimaging_pixels()]
    switch image.alpha {
    case .none: break
    case .some(let plane): unsafe planes[MaskPlane.alpha.rawValue] = plane.cPixels
    }
    return unsafe try write(planes, as: writer, metadata, profile)
  }

  /// Writes the strips of a TIFF, then what goes around them.
  @unsafe
  private mutating func write(
    _ planes: [cimaging_pixels], as writer: TIFFWriter, _ metadata: ImageMetadata, _ profile: [UInt8]
  ) throws(ImagingError) -> [UInt8] {
    var settings = cimaging_tiff_settings(is_deep: writer.isDeep ? 1 : 0, has_alpha: writer.hasAlpha ? 1 : 0)
    var (message, byteCounts) = (cimaging_message(), [Int]())
    unsafe output.count = 0
    for row in writer.firstRows {
      let start = unsafe output.count
      let count = min(writer.rowsPerStrip, writer.shape.height - row)
      try check(
        unsafe cimaging_tiff_write_strip(planes, &settings, Int32(row), Int32(count), &output, &message), message)
      byteCounts.append(unsafe output.count - start)
    }
    guard unsafe Memory.hasRoom(forArrayOf: output.count) else { throw .outOfMemory }
    let strips = unsafe UnsafeBufferPointer(start: output.base, count: output.count)
    return unsafe try writer.file(strips, byteCounts: byteCounts, metadata, profile: profile)
  }
}

package struct EncodingOptions: Codable, Hashable, Sendable {
  /// Of JPEG and lossy WebP, 1 to 100.
  package var quality = ImageEncoder.defaultQuality
  /// Chroma subsampling of a JPEG; `nil` keeps the source's, or uses 4:2:0 if the source was no JPEG.
  package var subsampling: Subsampling?
  package var metadata = MetadataChoice.colour
  package var jpegDCT = JPEGDCT.exact
  /// Whether a colour PNG is written with a palette, if it has at most 256 colours, each with its opacity.
  package var isPalette = false
  /// Whether a WebP is written without loss; `nil` keeps the way of the source, or is lossy if that was no WebP.
  package var isLossless: Bool?
  /// What arrays hold.
  package var tensor = TensorOptions()

  package init(quality: Int = ImageEncoder.defaultQuality) { self.quality = quality }
}

/// Chroma subsampling of a JPEG. The choice changes the bytes.
package enum Subsampling: String, CaseIterable, Codable, Hashable, Sendable {
  /// Full chroma resolution.
  case yuv444 = "444"
  /// Half horizontally.
  case yuv422 = "422"
  /// Half horizontally and vertically.
  case yuv420 = "420"
  /// Half vertically: 4:2:2 of a rotated image.
  case yuv440 = "440"
  /// A quarter horizontally.
  case yuv411 = "411"
  /// A quarter horizontally and half vertically.
  case yuv410 = "410"

  /// Luma samples per chroma sample, horizontally and vertically.
  var factors: (across: Int32, down: Int32) {
    switch self {
    case .yuv444: (1, 1)
    case .yuv422: (2, 1)
    case .yuv420: (2, 2)
    case .yuv440: (1, 2)
    case .yuv411: (4, 1)
    case .yuv410: (4, 2)
    }
  }

  init?(across: Int32, down: Int32) {
    guard let found = Self.allCases.first(where: { $0.factors == (across, down) }) else { return nil }
    self = found
  }
}

/// Precision of JPEG's cosine transform. The choice changes the bytes.
package enum JPEGDCT: String, CaseIterable, Codable, Sendable {
  /// libjpeg's accurate integer DCT, as in nearly every program.
  case exact
  /// Fewer multiplications, and chroma repeated instead of interpolated when decoding: for processors on which `exact`
  /// is slow. With AVX2 it saves a tenth of decoding time and nothing of encoding.
  case fast
}

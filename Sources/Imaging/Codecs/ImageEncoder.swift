internal import CImaging
internal import Platform

/// Encodes images as JPEG and PNG files in memory, one after another, with the same working memory. The same image gives
/// the same bytes. Any process may use it.
@safe
public struct ImageEncoder: ~Copyable {
  /// The JPEG quality unless told otherwise, as of OpenCV's `imwrite`.
  public static let defaultQuality = 95

  private var output = unsafe cimaging_output()

  /// An encoder without any memory yet.
  public init() {}

  deinit {
    var output = unsafe output
    unsafe cimaging_output_free(&output)
  }

  /// The bytes of a whole file, as `encode` with options gives them, of a quality.
  public mutating func encode(
    _ image: borrowing Image, as format: ImageFormat, quality: Int = defaultQuality
  ) throws(ImagingError) -> [UInt8] {
    try encode(image, as: format, EncodingOptions(quality: quality))
  }

  /// The bytes of a whole file.
  ///
  /// JPEG: alpha is left out, for JPEG has none. PNG: lossless, alpha kept. The colour profile is written where it fits
  /// the channels. Of the other metadata each format takes what it has a place for.
  package mutating func encode(
    _ image: borrowing Image, as format: ImageFormat, _ options: EncodingOptions
  ) throws(ImagingError) -> [UInt8] {
    precondition((1...100).contains(options.quality), "JPEG quality lies between 1 and 100")
    precondition(image.color.shape.byteCount > 0, "an image to encode has pixels")
    let metadata = image.metadata.kept(by: options.metadata)
    let profile = ColorProfile.fitting(metadata.colorProfile, channels: image.color.shape.channels)
    var message = cimaging_message()
    let status =
      switch format {
      case .jpeg: writeJPEG(image, options, profile, &message)
      case .png: writePNG(image, profile, &message)
      }
    switch status {
    case CIMAGING_OK: guard unsafe Memory.hasRoom(forArrayOf: output.count) else { throw .outOfMemory }
    case CIMAGING_UNSUPPORTED: throw .unsupported(message.string)
    case CIMAGING_OUT_OF_MEMORY: throw .outOfMemory
    default: throw .failed(message.string)
    }
    let file = unsafe [UInt8](UnsafeBufferPointer(start: output.base, count: output.count))
    switch format {
    case .jpeg: return JPEGSegments.inserting(JPEGSegments.segments(of: metadata), metadata.density, into: file)
    case .png: return PNGChunks.inserting(metadata, into: file)
    }
  }

  private mutating func writeJPEG(
    _ image: borrowing Image, _ options: EncodingOptions, _ profile: [UInt8], _ message: inout cimaging_message
  ) -> cimaging_status {
    var pixels = unsafe image.color.cPixels
    let subsampling = options.subsampling ?? image.metadata.subsampling ?? .quarter
    var settings = cimaging_jpeg_settings(
      quality: Int32(options.quality), is_fast: options.jpegDCT == .fast ? 1 : 0,
      sampling_across: subsampling.factors.across, sampling_down: subsampling.factors.down)
    return unsafe cimaging_jpeg_write(&pixels, &settings, profile, profile.count, &output, &message)
  }

  private mutating func writePNG(
    _ image: borrowing Image, _ profile: [UInt8], _ message: inout cimaging_message
  ) -> cimaging_status {
    var color = unsafe image.color.cPixels
    switch image.alpha {
    case .none:
      return unsafe cimaging_png_write(&color, nil, profile, profile.count, &output, &message)
    case .some(let plane):
      var alpha = unsafe plane.cPixels
      precondition(unsafe alpha.width == color.width && alpha.height == color.height, "alpha of the image's size")
      return unsafe cimaging_png_write(&color, &alpha, profile, profile.count, &output, &message)
    }
  }
}

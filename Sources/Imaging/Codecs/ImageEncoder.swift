internal import CImaging
internal import Platform

/// Encodes images as JPEG and PNG files in memory, one after another, with the same working memory. The same image gives
/// the same bytes. Any process may use it.
@safe
public struct ImageEncoder: ~Copyable {
  /// The JPEG quality unless told otherwise, as of OpenCV's `imwrite`.
  public static let defaultQuality = 95

  /// How JPEG is encoded.
  public var jpegDCT = JPEGDCT.exact
  private var output = unsafe cimaging_output()

  /// An encoder without any memory yet.
  public init() {}

  deinit {
    var output = unsafe output
    unsafe cimaging_output_free(&output)
  }

  /// The bytes of a whole file.
  ///
  /// JPEG: `quality` 1 to 100, 4:2:0; alpha is left out, for JPEG has none. PNG: lossless, alpha kept, `quality` unused.
  /// The colour profile is written where it fits the channels. No other metadata: no orientation that would turn the
  /// upright pixels again, no thumbnail that shows what has been made unrecognisable.
  public mutating func encode(
    _ image: borrowing Image, as format: ImageFormat, quality: Int = defaultQuality
  ) throws(ImagingError) -> [UInt8] {
    precondition((1...100).contains(quality), "JPEG quality lies between 1 and 100")
    precondition(image.color.shape.byteCount > 0, "an image to encode has pixels")
    let profile = ColorProfile.fitting(image.colorProfile, channels: image.color.shape.channels)
    var message = cimaging_message()
    let status =
      switch format {
      case .jpeg: writeJPEG(image.color, quality, profile, &message)
      case .png: writePNG(image, profile, &message)
      }
    switch status {
    case CIMAGING_OK:
      guard unsafe Memory.hasRoom(forArrayOf: output.count) else { throw .outOfMemory }
      return unsafe [UInt8](UnsafeBufferPointer(start: output.base, count: output.count))
    case CIMAGING_UNSUPPORTED: throw .unsupported(message.string)
    case CIMAGING_OUT_OF_MEMORY: throw .outOfMemory
    default: throw .failed(message.string)
    }
  }

  private mutating func writeJPEG(
    _ color: borrowing PixelBuffer, _ quality: Int, _ profile: [UInt8], _ message: inout cimaging_message
  ) -> cimaging_status {
    var pixels = unsafe color.cPixels
    var settings = cimaging_jpeg_settings(quality: Int32(quality), is_fast: jpegDCT == .fast ? 1 : 0)
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

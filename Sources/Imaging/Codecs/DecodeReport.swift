internal import CImaging

/// What there is to say about an image that was decoded.
public struct DecodeReport: Hashable, Sendable {
  /// What the bytes were.
  public var format: ImageFormat
  /// Pictures in the file, of which the first is decoded.
  public var frameCount: Int
  /// How often the decoder complained of damage that it decoded around.
  public var warningCount: Int
  /// The first complaint, and the last where there were several; empty when there was none.
  public var warningText: String

  /// Whether parts of the image may be wrong.
  public var isDamaged: Bool { warningCount > 0 }

  init(_ format: ImageFormat, frameCount: Int, _ warnings: cimaging_warnings) {
    (self.format, self.frameCount) = (format, frameCount)
    warningCount = Int(warnings.count)
    warningText =
      switch warnings.count {
      case 0: ""
      case 1: warnings.first.string
      case 2: "\(warnings.first.string); \(warnings.last.string)"
      default: "\(warnings.first.string) … \(warnings.last.string) (\(warnings.count) warnings)"
      }
  }
}

extension ImagingError {
  /// What a decoder's status means.
  init(decoding status: cimaging_status, _ message: cimaging_message) {
    self =
      switch status {
      case CIMAGING_TRUNCATED: .truncated(message.string)
      case CIMAGING_UNSUPPORTED: .unsupported(message.string)
      case CIMAGING_OUT_OF_MEMORY: .outOfMemory
      default: .damaged(message.string)
      }
  }

  /// Why an image whose header could not be read in full is refused, `maxPixels` first.
  init(header status: cimaging_status, _ message: cimaging_message, _ shape: ImageShape, maxPixels: Int) {
    self =
      shape.exceeds(maxPixels)
      ? .tooLarge(width: shape.width, height: shape.height, maxPixels: maxPixels)
      : ImagingError(decoding: status, message)
  }
}

extension ImageShape {
  func exceeds(_ maxPixels: Int) -> Bool { width * height > maxPixels }
}

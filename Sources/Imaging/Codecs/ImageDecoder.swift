internal import CImaging

/// Decodes image files from memory, one after another, reusing its scratch memory.
///
/// Input may be hostile: the format is detected from the content, the size is checked before anything is allocated for
/// it, and library warnings go into the `DecodeOutcome`, never to standard error. Usable in any process.
package struct ImageDecoder: ~Copyable {
  /// The default pixel limit: the size at which Pillow refuses to decode.
  package static let defaultMaxPixels = 178_956_970

  package var jpegDCT = JPEGDCT.exact
  /// Which metadata decoded images keep.
  package var metadata = MetadataChoice.colour
  /// What may be decoded smaller than stored, and how small.
  package var leastSize: LeastSize = { _ in nil }
  /// Scratch: pixels as stored, before the orientation is applied.
  private var stored = PixelBuffer()
  private var scratch = PixelBuffer()

  /// Allocates nothing yet.
  package init() {}

  /// Decodes a whole file into `image`, upright: grey or R, G, B, with alpha as a separate plane, and metadata.
  ///
  /// A file that ends early throws `.truncated`, even if only its end marker is missing. Damage beyond repair throws;
  /// other damage is counted in the report. After an error the contents of `image` are unspecified.
  package mutating func decode(
    _ bytes: [UInt8], maxPixels: Int = defaultMaxPixels, into image: inout Image
  ) throws(ImagingError) -> DecodeOutcome {
    unsafe try decode(bytes.span.bytes, maxPixels: maxPixels, into: &image)
  }

  /// Decodes from memory of any kind.
  package mutating func decode(
    _ bytes: RawSpan, maxPixels: Int = defaultMaxPixels, into image: inout Image
  ) throws(ImagingError) -> DecodeOutcome {
    let (reader, settings) = (try Self.format(of: bytes).reader, settings(maxPixels))
    return unsafe try bytes.withUnsafeBytes { bytes throws(ImagingError) in
      unsafe try reader.decode(bytes, settings, with: &self, into: &image)
    }
  }

  /// Reads the header of a file; `bytes` must hold at least its first few hundred thousand bytes. Allocates nothing
  /// that grows with the image.
  package func header(of bytes: RawSpan, maxPixels: Int = defaultMaxPixels) throws(ImagingError) -> ImageHeader {
    let (reader, settings) = (try Self.format(of: bytes).reader, settings(maxPixels))
    return unsafe try bytes.withUnsafeBytes { bytes throws(ImagingError) in
      unsafe try reader.header(of: bytes, settings)
    }
  }

  private static func format(of bytes: RawSpan) throws(ImagingError) -> ImageFormat {
    guard !bytes.isEmpty else { throw .empty }
    let head = unsafe bytes.extracting(first: FileKind.headCount).withUnsafeBytes { unsafe [UInt8]($0) }
    let kind = FileKind(head)
    guard let format = kind.format else { throw .unsupported(kind.name) }
    return format
  }

  private func settings(_ maxPixels: Int) -> ReadingSettings {
    ReadingSettings(maxPixels: maxPixels, metadata: metadata, jpegDCT: jpegDCT, leastSize: leastSize)
  }

  /// Reads the pixels behind a header. Those known to be turned are read into scratch memory, to be copied only once.
  mutating func decode<Reader: ImageReader & ~Copyable>(
    _ reader: inout Reader, into image: inout Image
  ) throws(ImagingError) -> DecodeOutcome {
    var alpha = image.alpha.take() ?? PixelBuffer()
    (image.metadata, image.reduction) = (reader.metadata, reader.reduction)
    let isTurned = reader.isOrientationCertain && reader.headerOrientation != .upright
    let warnings: cimaging_warnings
    if isTurned {
      warnings = try reader.readPixels(into: &stored, alpha: &alpha, scratch: &scratch)
      try reader.orientation.apply(to: stored, into: &image.color)
    } else {
      warnings = try reader.readPixels(into: &image.color, alpha: &alpha, scratch: &scratch)
      try bringUpright(&image.color, from: reader.orientation)
    }
    let outcome = DecodeOutcome(Reader.format, frameCount: reader.frameCount, warnings)
    guard reader.hasAlpha else { return outcome }
    try bringUpright(&alpha, from: reader.orientation)
    image.alpha = consume alpha
    return outcome
  }

  /// Goes through a copy, because `pixels` may borrow its memory and the result must end up there.
  private mutating func bringUpright(
    _ pixels: inout PixelBuffer, from orientation: Orientation
  ) throws(ImagingError) {
    guard orientation != .upright else { return }
    try stored.copy(from: pixels)
    try orientation.apply(to: stored, into: &pixels)
  }
}

/// Properties of an image known from its header.
package struct ImageHeader: Hashable, Sendable {
  /// Width, height and channels as decoded; the orientation may still swap width and height.
  package var shape: ImageShape
  /// Set if a decoder with the same settings decodes it smaller than stored.
  package var reduction: Reduction?
  package var hasAlpha: Bool
  /// As far as the header tells: a PNG may tell it behind its pixels.
  package var orientation: Orientation
  /// Whether nothing behind the header can tell another orientation.
  package var isOrientationCertain: Bool
  /// Size of the kept metadata when serialized.
  package var metadataByteCount: Int

  init<Reader: ImageReader & ~Copyable>(_ reader: borrowing Reader) {
    (shape, hasAlpha, metadataByteCount) = (reader.shape, reader.hasAlpha, reader.metadata.byteCount)
    (reduction, orientation) = (reader.reduction, reader.headerOrientation)
    isOrientationCertain = reader.isOrientationCertain
  }

  /// Width and height of the upright image.
  package var uprightSize: ImageSize { orientation.shape(of: shape).size }

  /// The upright shapes that the image in its file may have: one or two.
  package var possibleShapes: Set<ImageShape> {
    let size = reduction?.fullSize ?? uprightSize
    let upright = shape.sized(size.width, size.height)
    return isOrientationCertain ? [upright] : [upright, upright.transposed]
  }
}

/// Format, frame count and warnings of a decoded image.
package struct DecodeOutcome: Hashable, Sendable {
  package var format: ImageFormat
  /// Images in the file; only the first is decoded.
  package var frameCount: Int
  /// Warnings about damage that the decoder worked around.
  package var warningCount: Int
  /// The first warning, and the last if there were several; empty if there were none.
  package var warningText: String

  /// Whether parts of the image may be wrong.
  package var isDamaged: Bool { warningCount > 0 }

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
  /// The error for a decoder's status.
  init(decoding status: cimaging_status, _ message: cimaging_message) {
    self =
      switch status {
      case CIMAGING_TRUNCATED: .truncated(message.string)
      case CIMAGING_UNSUPPORTED: .unsupported(message.string)
      case CIMAGING_OUT_OF_MEMORY: .outOfMemory
      default: .damaged(message.string)
      }
  }

  /// The error for a header that could not be read or exceeds `maxPixels`; the latter takes precedence.
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

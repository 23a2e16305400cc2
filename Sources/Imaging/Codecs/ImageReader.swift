internal import CImaging

/// A file of one format being read: its header first, then its pixels. It borrows the bytes, which must outlive it.
///
/// Input may be hostile. A reader refuses more than `maxPixels` before it allocates anything that grows with the image,
/// looks at nothing beyond the end of the bytes, and prints nothing.
protocol ImageReader: ~Copyable {
  static var format: ImageFormat { get }

  /// Reads the header. The bytes may be only the first of a file; that they end is told if the header is incomplete.
  @unsafe
  init(_ bytes: UnsafeRawBufferPointer, _ settings: ReadingSettings) throws(ImagingError)

  /// As read, without alpha, before the orientation is applied.
  var shape: ImageShape { get }
  var hasAlpha: Bool { get }
  /// What is kept of it.
  var metadata: ImageMetadata { get }
  /// Images in the file; only the first is read.
  var frameCount: Int { get }
  /// Set if the pixels are read smaller than stored.
  var reduction: Reduction? { get }
  /// As the header tells it.
  var headerOrientation: Orientation { get }
  /// Whether nothing behind the header can tell another orientation.
  var isOrientationCertain: Bool { get }
  /// Valid only after the pixels have been read.
  var orientation: Orientation { get }

  /// Reads the pixels as stored, and the file to its end; `alpha` only if `hasAlpha`. `scratch` grows as needed.
  /// - Returns: warnings about damage that was worked around.
  mutating func readPixels(
    into color: inout PixelBuffer, alpha: inout PixelBuffer, scratch: inout PixelBuffer
  ) throws(ImagingError) -> cimaging_warnings
}

extension ImageReader where Self: ~Copyable {
  var hasAlpha: Bool { false }
  var frameCount: Int { 1 }
  var reduction: Reduction? { nil }
  var headerOrientation: Orientation { .upright }
  var isOrientationCertain: Bool { true }
  var orientation: Orientation { headerOrientation }

  /// The shape of the alpha plane.
  var alphaShape: ImageShape { ImageShape(width: shape.width, height: shape.height, channels: 1) }

  /// Reads the header of a file.
  @unsafe
  static func header(of bytes: UnsafeRawBufferPointer, _ settings: ReadingSettings) throws(ImagingError) -> ImageHeader
  {
    ImageHeader(unsafe try Self(bytes, settings))
  }

  /// Decodes a file.
  @unsafe
  static func decode(
    _ bytes: UnsafeRawBufferPointer, _ settings: ReadingSettings, with decoder: inout ImageDecoder,
    into image: inout Image
  ) throws(ImagingError) -> DecodeOutcome {
    var reader = unsafe try Self(bytes, settings)
    return try decoder.decode(&reader, into: &image)
  }
}

extension ImageFormat {
  /// What reads the format: the only list of readers.
  var reader: any (ImageReader & ~Copyable).Type {
    switch self {
    case .jpeg: JPEGReader.self
    case .png: PNGReader.self
    case .webp: WebPReader.self
    case .tiff: TIFFReader.self
    case .bmp: BMPReader.self
    case .gif: GIFReader.self
    case .pnm: PNMReader.self
    }
  }
}

/// How files are to be read.
struct ReadingSettings {
  let maxPixels: Int
  let metadata: MetadataChoice
  let jpegDCT: JPEGDCT
  /// What may be decoded smaller than stored, and how small.
  let leastSize: LeastSize
}

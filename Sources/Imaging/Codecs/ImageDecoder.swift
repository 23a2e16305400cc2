internal import CImaging

/// Decodes JPEG and PNG files out of memory, one after another, with the same working memory.
///
/// Made for hostile input: the kind is told by content, the size is checked before anything is allocated for it, what
/// the libraries say goes into the report and never to standard error. Any process may use it.
public struct ImageDecoder: ~Copyable {
  /// The pixel limit unless told otherwise: the size at which Pillow refuses to decode.
  public static let defaultMaxPixels = 178_956_970

  /// How JPEG is decoded.
  public var jpegDCT = JPEGDCT.exact
  /// Which metadata the image gets.
  package var metadata = MetadataChoice.colour
  /// Pixels as stored, where they are not upright.
  private var stored = PixelBuffer()
  private var scratch = PixelBuffer()

  /// A decoder without any memory yet.
  public init() {}

  /// Decodes a whole file into `image`, upright: grey or R, G, B, alpha apart, with its metadata.
  ///
  /// A file that ends early throws `.truncated`, even where only its last marker is missing. Other damage throws where
  /// it is beyond repair, and is noted in the report where it is not. After an error the image holds rubbish.
  public mutating func decode(
    _ bytes: [UInt8], maxPixels: Int = defaultMaxPixels, into image: inout Image
  ) throws(ImagingError) -> DecodeReport {
    unsafe try decode(bytes.span.bytes, maxPixels: maxPixels, into: &image)
  }

  /// As the other one, from memory of any kind.
  ///
  /// - Parameter box: width and height that the image is going to be shrunk into, with its proportions: a JPEG may then
  ///   come smaller than it is stored, though no smaller than that needs. Most of the work of decoding is saved.
  public mutating func decode(
    _ bytes: RawSpan, maxPixels: Int = defaultMaxPixels, toFit box: (width: Int, height: Int)? = nil,
    into image: inout Image
  ) throws(ImagingError) -> DecodeReport {
    guard !bytes.isEmpty else { throw .empty }
    let head = unsafe bytes.extracting(first: FileKind.headCount).withUnsafeBytes { unsafe [UInt8]($0) }
    let kind = FileKind(head)
    guard let format = kind.format else { throw .unsupported(kind.name) }
    return unsafe try bytes.withUnsafeBytes { bytes throws(ImagingError) in
      switch format {
      case .jpeg: unsafe try decodeJPEG(bytes, maxPixels, box, into: &image)
      case .png: unsafe try decodePNG(bytes, maxPixels, into: &image)
      }
    }
  }

  /// What the header of a file says, of which `bytes` are at least the first few hundred thousand. Nothing that grows with
  /// the image is allocated.
  public func header(of bytes: RawSpan, maxPixels: Int = defaultMaxPixels) throws(ImagingError) -> ImageHeader {
    guard !bytes.isEmpty else { throw .empty }
    let head = unsafe bytes.extracting(first: FileKind.headCount).withUnsafeBytes { unsafe [UInt8]($0) }
    let kind = FileKind(head)
    return unsafe try bytes.withUnsafeBytes { bytes throws(ImagingError) in
      switch kind.format {
      case .jpeg: ImageHeader(unsafe try JPEGReader(bytes, maxPixels: maxPixels, metadata))
      case .png: ImageHeader(unsafe try PNGReader(bytes, maxPixels: maxPixels, metadata))
      case nil: throw .unsupported(kind.name)
      }
    }
  }

  private mutating func decodeJPEG(
    _ bytes: UnsafeRawBufferPointer, _ maxPixels: Int, _ box: (width: Int, height: Int)?, into image: inout Image
  ) throws(ImagingError) -> DecodeReport {
    var reader = unsafe try JPEGReader(bytes, maxPixels: maxPixels, metadata)
    if let box { try reader.shrink(toFit: box.width, box.height) }
    image.alpha = nil
    image.metadata = reader.metadata
    guard reader.orientation != .upright else {
      let warnings = try reader.readPixels(into: &image.color, jpegDCT)
      return DecodeReport(.jpeg, frameCount: reader.frameCount, warnings)
    }
    let warnings = try reader.readPixels(into: &stored, jpegDCT)
    try reader.orientation.apply(to: stored, into: &image.color)
    return DecodeReport(.jpeg, frameCount: reader.frameCount, warnings)
  }

  private mutating func decodePNG(
    _ bytes: UnsafeRawBufferPointer, _ maxPixels: Int, into image: inout Image
  ) throws(ImagingError) -> DecodeReport {
    var reader = unsafe try PNGReader(bytes, maxPixels: maxPixels, metadata)
    var alpha = image.alpha.take() ?? PixelBuffer()
    image.metadata = reader.metadata
    let warnings = try reader.readPixels(into: &image.color, alpha: &alpha, scratch: &scratch)
    let report = DecodeReport(.png, frameCount: reader.frameCount, warnings)
    let orientation = reader.orientation
    try bringUpright(&image.color, from: orientation)
    guard reader.hasAlpha else { return report }
    try bringUpright(&alpha, from: orientation)
    image.alpha = consume alpha
    return report
  }

  /// By way of a copy: the memory of `pixels` may be somebody else's, and the result must lie there.
  private mutating func bringUpright(
    _ pixels: inout PixelBuffer, from orientation: Orientation
  ) throws(ImagingError) {
    guard orientation != .upright else { return }
    try stored.copy(from: pixels)
    try orientation.apply(to: stored, into: &pixels)
  }
}

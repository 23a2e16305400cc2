internal import CImaging

/// A WebP file being read; of an animation the first frame, on a canvas that is transparent where the frame is not.
@safe
struct WebPReader: ~Copyable, ImageReader {
  static let format = ImageFormat.webp
  private let bytes: UnsafeRawBufferPointer
  private let chunks: WebPChunks
  /// The first frame on the canvas.
  private let frame: Rectangle
  let shape: ImageShape
  let hasAlpha: Bool
  let metadata: ImageMetadata

  @unsafe
  init(_ bytes: UnsafeRawBufferPointer, _ settings: ReadingSettings) throws(ImagingError) {
    let chunks = unsafe WebPChunks(FileBytes(bytes))
    guard !chunks.lacksExif else { throw Self.truncated }
    var (header, message) = (cimaging_webp_header(), cimaging_message())
    let data = unsafe chunks.imageData(in: bytes)
    let status = unsafe cimaging_webp_read_header(data.baseAddress, data.count, &header, &message)
    let size = ImageSize(width: Int(header.width), height: Int(header.height))
    let canvas = chunks.frame == nil ? size : chunks.canvas
    let shape = ImageShape(width: canvas.width, height: canvas.height, channels: 3)
    guard status == CIMAGING_OK, !shape.exceeds(settings.maxPixels) else {
      throw ImagingError(header: status, message, shape, maxPixels: settings.maxPixels)
    }
    let place = chunks.frame ?? Rectangle(x: 0, y: 0, width: size.width, height: size.height)
    let isInside = place.x + size.width <= canvas.width && place.y + size.height <= canvas.height
    guard place.width == size.width, place.height == size.height, isInside else {
      throw .damaged("a WebP frame does not lie on its canvas")
    }
    unsafe self.bytes = bytes
    (self.chunks, frame, self.shape) = (chunks, place, shape)
    hasAlpha = header.has_alpha != 0 || size != canvas
    var metadata = ImageMetadata()
    metadata.colorProfile = ColorProfile.fitting(chunks.colorProfile, channels: shape.channels)
    (metadata.exif, metadata.xmp, metadata.isLossless) = (chunks.exif, chunks.xmp, header.is_lossless != 0)
    self.metadata = metadata.kept(by: settings.metadata)
  }

  var frameCount: Int { chunks.frameCount }
  var headerOrientation: Orientation { ExifReader.orientation(in: chunks.exif) }

  private static let truncated = ImagingError.truncated("the WebP file ends before its image does")

  mutating func readPixels(
    into color: inout PixelBuffer, alpha: inout PixelBuffer, scratch: inout PixelBuffer
  ) throws(ImagingError) -> cimaging_warnings {
    guard chunks.isComplete else { throw Self.truncated }
    try color.reshape(to: shape)
    if hasAlpha {
      try alpha.reshape(to: alphaShape)
      try scratch.reshape(to: ImageShape(width: 4 * frame.width, height: frame.height, channels: 1))
    }
    if frame.width * frame.height < shape.width * shape.height {
      color.withMutableSpan { $0.update(repeating: 0) }
      alpha.withMutableSpan { $0.update(repeating: 0) }
    }
    let data = unsafe chunks.imageData(in: bytes)
    var (colorPart, alphaPart) = unsafe (part(of: color.cPixels), part(of: alpha.cPixels))
    var message = cimaging_message()
    let status = unsafe scratch.withBytes { scratch in
      unsafe withUnsafePointer(to: &alphaPart) { alphaPart in
        unsafe cimaging_webp_read_pixels(
          data.baseAddress, data.count, &colorPart, hasAlpha ? alphaPart : nil, scratch.baseAddress, &message)
      }
    }
    guard status == CIMAGING_OK else { throw ImagingError(decoding: status, message) }
    return cimaging_warnings()
  }

  /// The part of a plane on which the frame lies.
  private func part(of plane: cimaging_pixels) -> cimaging_pixels {
    var part = unsafe plane
    let offset = unsafe frame.y * plane.row_stride + frame.x * Int(plane.channels)
    unsafe (part.base, part.width, part.height) = (plane.base + offset, Int32(frame.width), Int32(frame.height))
    return unsafe part
  }
}

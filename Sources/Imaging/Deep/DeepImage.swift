internal import CImaging

/// An image with 16 bits to a sample. Only its pixels can be moved.
package struct DeepImage: ~Copyable {
  /// Grey or R, G, B, and opacity if there is any: high and low bytes apart, as in a mask of 16 bits.
  var samples = MaskImage()
  package var metadata = ImageMetadata()

  /// An empty image to decode into.
  package init() {}

  package var size: ImageSize { samples.size }

  /// The samples of one pixel: those of its colour, then its opacity, if there is one.
  package subscript(row row: Int, column column: Int) -> [Int] { samples[row: row, column: column] }
}

extension ImageFormat {
  /// Whether samples of 16 bits can be written.
  package var isDeep: Bool { self == .png || self == .tiff }
}

/// Decodes images with 16 bits to a sample from memory, one after another, reusing its scratch memory. Samples of other
/// sizes are scaled to 16 bits.
///
/// Input may be hostile, as with `ImageDecoder`.
package struct DeepDecoder: ~Copyable {
  package var maxPixels = ImageDecoder.defaultMaxPixels
  /// Which metadata decoded images keep.
  package var metadata = MetadataChoice.colour
  private var masks = MaskDecoder()
  private var scratch = PixelBuffer()
  private var runner = DeepRunner()

  /// Allocates nothing yet.
  package init() {}

  /// Decodes a whole PNG, TIFF or PNM file into `image`, upright. Damage that is decoded around is not told again:
  /// whoever knows that the image is deep has decoded it to 8 bits.
  package mutating func decode(_ bytes: [UInt8], into image: inout DeepImage) throws(ImagingError) {
    let settings = ReadingSettings(maxPixels: maxPixels, metadata: metadata, jpegDCT: .exact, leastSize: { _ in nil })
    let kind = FileKind(Array(bytes.prefix(FileKind.headCount)))
    switch kind {
    case .png: try decodePNG(bytes, settings, into: &image)
    case .tiff: try decodeTIFF(bytes, settings, into: &image)
    case .pnm: try decodePNM(bytes, settings, into: &image)
    default: throw .unsupported("\(kind.name) of more than 8 bits a sample")
    }
  }

  private mutating func decodePNG(
    _ bytes: [UInt8], _ settings: ReadingSettings, into image: inout DeepImage
  ) throws(ImagingError) {
    let span = unsafe bytes.span.bytes
    image.metadata = unsafe try span.withUnsafeBytes { bytes throws(ImagingError) in
      unsafe try PNGReader(bytes, settings).metadata
    }
    masks.maxPixels = maxPixels
    _ = try masks.decode(bytes, into: &image.samples)
    // Whoever has decoded it to 8 bits may have read it before it was changed.
    guard image.samples.layout.bitDepth == 16 else { throw .failed("the file has changed") }
    guard image.samples.layout.clearValue.isEmpty else {
      throw .unsupported("a transparent colour of 16 bits a sample")
    }
  }

  private func decodePNM(
    _ bytes: [UInt8], _ settings: ReadingSettings, into image: inout DeepImage
  ) throws(ImagingError) {
    let span = unsafe bytes.span.bytes
    image.metadata = unsafe try span.withUnsafeBytes { bytes throws(ImagingError) in
      let reader = unsafe try PNMReader(bytes, settings)
      try reader.readDeepPixels(into: &image.samples)
      return reader.metadata
    }
  }

  private mutating func decodeTIFF(
    _ bytes: [UInt8], _ settings: ReadingSettings, into image: inout DeepImage
  ) throws(ImagingError) {
    let span = unsafe bytes.span.bytes
    try unsafe span.withUnsafeBytes { bytes throws(ImagingError) in
      var reader = unsafe try TIFFReader(bytes, settings)
      try reader.readDeepPixels(into: &image.samples, scratch: &scratch)
      image.metadata = reader.metadata
      try runner.run([.geometry(.orientation(reader.orientation))], on: &image)
    }
  }
}

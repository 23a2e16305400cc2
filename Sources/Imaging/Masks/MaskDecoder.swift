internal import CImaging

/// Decodes mask files from memory, one after another, reusing its scratch memory.
///
/// Masks are PNG files: JPEG changes values, so a mask in it is none. Input may be hostile, as with `ImageDecoder`.
package struct MaskDecoder: ~Copyable {
  package var maxPixels = ImageDecoder.defaultMaxPixels
  /// Scratch: values as stored, before the orientation is applied.
  private var stored = MaskImage()
  private var scratch = PixelBuffer()
  private var runner = MaskRunner()

  /// Allocates nothing yet.
  package init() {}

  /// Reads the size that a mask will have, upright. Allocates nothing that grows with the mask.
  package func size(of bytes: [UInt8]) throws(ImagingError) -> ImageSize {
    try checkKind(of: bytes)
    let span = unsafe bytes.span.bytes
    return unsafe try span.withUnsafeBytes { bytes throws(ImagingError) in
      let reader = unsafe try MaskReader(bytes, maxPixels: maxPixels)
      return reader.orientation.shape(of: reader.layout.shape(of: .color, reader.size)).size
    }
  }

  /// Decodes a whole file into `mask`, upright.
  ///
  /// A file that ends early throws `.truncated`. Damage beyond repair throws; other damage is counted in the report.
  /// After an error the contents of `mask` are unspecified.
  package mutating func decode(_ bytes: [UInt8], into mask: inout MaskImage) throws(ImagingError) -> DecodeOutcome {
    try checkKind(of: bytes)
    let span = unsafe bytes.span.bytes
    return unsafe try span.withUnsafeBytes { bytes throws(ImagingError) in
      var reader = unsafe try MaskReader(bytes, maxPixels: maxPixels)
      guard reader.orientation != .upright else { return try reader.read(into: &mask, scratch: &scratch) }
      let outcome = try reader.read(into: &stored, scratch: &scratch)
      try runner.run([.geometry(.orientation(reader.orientation))], on: stored, into: &mask)
      return outcome
    }
  }

  private func checkKind(of bytes: [UInt8]) throws(ImagingError) {
    guard !bytes.isEmpty else { throw .empty }
    let kind = FileKind(Array(bytes.prefix(FileKind.headCount)))
    switch kind {
    case .png: return
    case .jpeg: throw .unsupported("\(kind.name) as a mask (its compression changes values; PNG keeps them)")
    default: throw .unsupported("\(kind.name) as a mask (PNG images are read)")
    }
  }
}

/// A mask file being read. Owns libpng's state; the bytes must outlive it.
@safe
private struct MaskReader: ~Copyable {
  private let state: OpaquePointer
  private var header: cimaging_png_layout
  let layout: MaskLayout
  /// As stored, before the orientation is applied.
  let size: ImageSize
  let orientation: Orientation
  private let frameCount: Int

  /// Reads up to the pixels; refuses more than `maxPixels`.
  @unsafe
  init(_ bytes: UnsafeRawBufferPointer, maxPixels: Int) throws(ImagingError) {
    guard let state = unsafe cimaging_png_open() else { throw .outOfMemory }
    var (header, message) = (cimaging_png_layout(), cimaging_message())
    let status = unsafe cimaging_png_read_layout(state, bytes.baseAddress, bytes.count, &header, &message)
    let shape = ImageShape(width: Int(header.width), height: Int(header.height), channels: 1)
    guard status == CIMAGING_OK, !shape.exceeds(maxPixels) else {
      unsafe cimaging_png_close(state)
      throw ImagingError(header: status, message, shape, maxPixels: maxPixels)
    }
    unsafe self.state = state
    let chunks = unsafe PNGChunks(bytes.bindMemory(to: UInt8.self).span)
    (self.header, layout, size) = (header, MaskLayout(header), shape.size)
    orientation = ExifReader.orientation(in: chunks.exif)
    frameCount = chunks.frameCount
  }

  deinit {
    unsafe cimaging_png_close(state)
  }

  /// Reads the file to its end.
  mutating func read(into mask: inout MaskImage, scratch: inout PixelBuffer) throws(ImagingError) -> DecodeOutcome {
    try mask.reshape(to: size, layout)
    try scratch.reshape(to: ImageShape(width: header.scratch_count, height: 1, channels: 1))
    var (warnings, message) = (cimaging_warnings(), cimaging_message())
    let status = unsafe mask.withCPlanes { planes in
      unsafe scratch.withBytes { scratch in
        unsafe cimaging_png_read_planes(state, &header, planes, scratch.baseAddress, &warnings, &message)
      }
    }
    guard status == CIMAGING_OK else { throw ImagingError(decoding: status, message) }
    return DecodeOutcome(.png, frameCount: frameCount, warnings)
  }
}

internal import Imaging

/// The decoders of images: header, whole, at reduced scale, with 16 bits a sample, as a mask, cut and with other limits.
struct ImageTarget {
  /// Other files are left alone, so that the corpus of a format stays one.
  let format: ImageFormat

  /// More would only take time.
  private static let maxPixels = 1 << 20

  func run(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard unsafe FileKind(Array(bytes.prefix(FileKind.headCount))).format == format else { return false }
    unsafe read(bytes)
    guard format == .png else { return true }
    // Few changed bytes get past the checksums.
    var sound = unsafe Array(bytes)
    PNGChecksums.correct(&sound)
    unsafe sound.withUnsafeBytes { unsafe read($0) }
    return true
  }

  private func read(_ bytes: UnsafeRawBufferPointer) {
    let span = unsafe bytes.bytes
    for metadata in [MetadataChoice.all, .colour] { decode(span, metadata) }
    decodeReduced(span)
    decodeDeep(unsafe Array(bytes))
    // A cut file, and a limit that many images exceed.
    let decoder = ImageDecoder()
    _ = try? decoder.header(of: span.extracting(first: span.byteCount / 2), maxPixels: Self.maxPixels)
    _ = try? decoder.header(of: span, maxPixels: 64)
  }

  /// What the header says must hold for the pixels, because shared memory is measured by it.
  private func decode(_ bytes: RawSpan, _ metadata: MetadataChoice) {
    var decoder = ImageDecoder()
    var image = Image()
    decoder.metadata = metadata
    let header = try? decoder.header(of: bytes, maxPixels: Self.maxPixels)
    guard let outcome = try? decoder.decode(bytes, maxPixels: Self.maxPixels, into: &image) else { return }
    promise(outcome.format == format && outcome.warningCount >= 0, "an outcome of another file")
    guard let header else { fatalError("an image is decoded whose header is refused") }
    promise(header.possibleShapes.contains(image.fullShape), "\(header.possibleShapes) became \(image.fullShape)")
    promise(header.hasAlpha == (image.alpha != nil), "alpha is not as announced")
    promise(
      image.metadata.byteCount <= header.metadataByteCount,
      "\(header.metadataByteCount) bytes of metadata became \(image.metadata.byteCount)")
    let pixels = image.color.shape.width * image.color.shape.height
    promise(pixels > 0 && pixels <= Self.maxPixels, "\(pixels) pixels")
    let again = ImageMetadata(bytes: image.metadata.bytes)
    promise(again == image.metadata, "metadata that does not survive being sent")
  }

  private func decodeReduced(_ bytes: RawSpan) {
    guard format == .jpeg else { return }
    var decoder = ImageDecoder()
    var image = Image()
    decoder.leastSize = { full in ImageSize(width: max(1, full.width / 5), height: max(1, full.height / 5)) }
    guard (try? decoder.decode(bytes, maxPixels: Self.maxPixels, into: &image)) != nil else { return }
    guard let header = try? decoder.header(of: bytes, maxPixels: Self.maxPixels) else {
      fatalError("an image is decoded whose header is refused")
    }
    promise(header.reduction == image.reduction, "reduced otherwise than announced")
    promise(header.possibleShapes.contains(image.fullShape), "\(header.possibleShapes) became \(image.fullShape)")
  }

  private func decodeDeep(_ bytes: [UInt8]) {
    var decoder = DeepDecoder()
    var image = DeepImage()
    decoder.maxPixels = Self.maxPixels
    try? decoder.decode(bytes, into: &image)
    guard format == .png else { return }
    var masks = MaskDecoder()
    var mask = MaskImage()
    masks.maxPixels = Self.maxPixels
    let size = try? masks.size(of: bytes)
    guard (try? masks.decode(bytes, into: &mask)) != nil else { return }
    promise(size == mask.size, "a mask of \(String(describing: size)) became \(mask.size)")
  }
}

/// The checksums of the chunks of a PNG file.
private enum PNGChecksums {
  static func correct(_ bytes: inout [UInt8]) {
    var offset = 8
    while offset + 12 <= bytes.count {
      let count = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = offset + 8 + count
      guard end + 4 <= bytes.count else { return }
      let checksum = checksum(of: bytes[offset + 4..<end])
      for place in 0..<4 { bytes[end + place] = UInt8(truncatingIfNeeded: checksum >> UInt32(24 - 8 * place)) }
      offset = end + 4
    }
  }

  private static func checksum(of bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { rest, byte in
      (0..<8).reduce(rest ^ UInt32(byte)) { rest, _ in rest >> 1 ^ (rest & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
  }
}

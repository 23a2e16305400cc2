/// What is known of an image before any of its pixels is.
public struct ImageHeader: Hashable, Sendable {
  /// Width, height and channels as stored; an orientation may exchange the sides.
  public var shape: ImageShape
  /// Whether there is an alpha plane.
  public var hasAlpha: Bool
  /// Size of the metadata that are kept, as bytes.
  public var metadataByteCount: Int

  init(_ reader: borrowing JPEGReader) {
    (shape, hasAlpha, metadataByteCount) = (reader.shape, false, reader.metadata.byteCount)
  }

  init(_ reader: borrowing PNGReader) {
    (shape, hasAlpha, metadataByteCount) = (reader.shape, reader.hasAlpha, reader.metadata.byteCount)
  }
}

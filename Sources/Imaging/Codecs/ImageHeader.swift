/// What is known of an image before any of its pixels is.
public struct ImageHeader: Hashable, Sendable {
  /// Width, height and channels as stored; an orientation may exchange the sides.
  public var shape: ImageShape
  /// Whether there is an alpha plane.
  public var hasAlpha: Bool
  /// Size of the embedded colour profile.
  public var colorProfileByteCount: Int

  init(_ reader: borrowing JPEGReader) {
    (shape, hasAlpha, colorProfileByteCount) = (reader.shape, false, reader.colorProfile.count)
  }

  init(_ reader: borrowing PNGReader) {
    (shape, hasAlpha, colorProfileByteCount) = (reader.shape, reader.hasAlpha, reader.colorProfile.count)
  }
}

/// Mirrors an image top to bottom. Grey, colour and alpha.
///
/// Source: Albumentations `VerticalFlip`, OpenCV `flip` with code 0.
public struct VerticalFlip: Transform {
  /// The sentence of `augment-cli transforms`.
  public static let summary = "Mirrors the image top to bottom."
  /// It has none.
  public static let parameters: [Parameter<VerticalFlip>] = []

  /// The transform; it has no parameters.
  public init() {}

  /// out(x, y) = in(x, height − 1 − y).
  public func operation(_ drawn: NothingDrawn, for shape: ImageShape) -> Operation { .geometry(.orientation(.flip)) }
}

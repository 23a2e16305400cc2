/// Mirrors an image left to right. Grey, colour and alpha.
///
/// Source: Albumentations `HorizontalFlip`, OpenCV `flip` with code 1.
public struct HorizontalFlip: Transform {
  /// The sentence of `augment-cli transforms`.
  public static let summary = "Mirrors the image left to right."
  /// It has none.
  public static let parameters: [Parameter<HorizontalFlip>] = []

  /// The transform; it has no parameters.
  public init() {}

  /// out(x, y) = in(width − 1 − x, y).
  public func operation(_ drawn: NothingDrawn, for shape: ImageShape) -> Operation { .geometry(.orientation(.mirror)) }
}

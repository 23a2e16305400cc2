/// Mirrors an image left to right. Grey, colour and alpha.
///
/// Source: Albumentations `HorizontalFlip`, OpenCV `flip` with code 1.
package struct HorizontalFlip: Transform {
  package static let summary = "Mirrors the image left to right."
  package static let parameters: [Parameter<HorizontalFlip>] = []

  package init() {}

  /// out(x, y) = in(width − 1 − x, y).
  package func operation(_ drawn: NothingDrawn, for shape: ImageShape) -> Operation { .geometry(.orientation(.mirror)) }
}

/// Mirrors an image top to bottom. Grey, colour and alpha.
///
/// Source: Albumentations `VerticalFlip`, OpenCV `flip` with code 0.
package struct VerticalFlip: Transform {
  package static let summary = "Mirrors the image top to bottom."
  package static let parameters: [Parameter<VerticalFlip>] = []

  package init() {}

  /// out(x, y) = in(x, height − 1 − y).
  package func operation(_ drawn: NothingDrawn, for shape: ImageShape) -> Operation { .geometry(.orientation(.flip)) }
}

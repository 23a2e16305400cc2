/// Mirrors an image left to right: a spectrogram played backwards. Grey, colour and alpha.
///
/// Source: Albumentations `TimeReverse`, another name for its `HorizontalFlip`.
package struct TimeReverse: Transform {
  package static let summary = "Mirrors the image left to right: a spectrogram played backwards."
  package static let parameters: [Parameter<TimeReverse>] = []

  package init() {}

  package func operation(_ drawn: NothingDrawn, for shape: ImageShape) -> Operation {
    HorizontalFlip().operation(drawn, for: shape)
  }
}

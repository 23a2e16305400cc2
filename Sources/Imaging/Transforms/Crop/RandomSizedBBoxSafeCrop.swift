/// Crops a random part that holds all boxes, and resizes it to a fixed size. Grey, colour and alpha.
///
/// Source: Albumentations `RandomSizedBBoxSafeCrop`, OpenCV `resize`. It fails where the crop has no pixels; here one is
/// left.
package struct RandomSizedBBoxSafeCrop: BoxSafeCrop, Resampled {
  package static let summary = "Crops a random part that holds all boxes, and resizes it; needs labels."
  package static let parameters: [Parameter<RandomSizedBBoxSafeCrop>] =
    [
      .integer("height", \.height, in: 1...65_535, "rows of the result").required,
      .integer("width", \.width, in: 1...65_535, "columns of the result").required,
      .erosionRate,
    ] + Parameter.sampling

  package var height = 224
  package var width = 224
  package var erosionRate = 0.0
  package var resampling = Resampling()

  package init() {}

  package func fixed(at drawn: Rectangle) -> PipelineNode? {
    var resize = Resize()
    (resize.height, resize.width, resize.resampling) = (height, width, resampling)
    return .crop(drawn, then: resize)
  }

  package func operation(_ drawn: Rectangle, for shape: ImageShape) -> Operation {
    .crop(drawn, of: shape, to: ImageSize(width: width, height: height), resampling)
  }
}

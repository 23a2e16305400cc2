/// Resizes to a fixed size. Grey, colour and alpha.
///
/// Source: Albumentations `Resize`, OpenCV `resize`.
package struct Resize: Resizing {
  package static let summary = "Resizes to a fixed size, whatever the proportions."
  package static let defaultProbability = 1.0
  package static let parameters: [Parameter<Resize>] =
    [
      .integer("height", \.height, in: 1...65_535, "rows of the result").required,
      .integer("width", \.width, in: 1...65_535, "columns of the result").required,
    ] + Parameter.resizing

  package var height = 224
  package var width = 224
  package var areaForDownscale: AreaForDownscale?
  package var resampling = Resampling()

  package init() {}

  package func operation(_ drawn: NothingDrawn, for shape: ImageShape) -> Operation {
    resize(
      shape, to: ImageSize(width: width, height: height), isShrinking: height < shape.height || width < shape.width)
  }
}

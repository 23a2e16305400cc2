/// A crop of a drawn size that is resized to a fixed one.
protocol ResizedCrop: Resizing where Drawn == Rectangle {
  var size: ImageSize { get set }
}

extension ResizedCrop {
  package static var defaultProbability: Double { 1 }

  package func fixed(at drawn: Rectangle) -> PipelineNode? {
    var resize = Resize()
    (resize.height, resize.width, resize.resampling) = (size.height, size.width, resampling)
    resize.areaForDownscale = areaForDownscale
    if areaForDownscale == .imageAndMask { resize.resampling.maskInterpolation = .area }
    return .crop(drawn, then: resize)
  }

  /// Albumentations takes the mean of areas for masks even where they grow.
  package func operation(_ drawn: Rectangle, for shape: ImageShape) -> Operation {
    let isShrinking = drawn.height > size.height || drawn.width > size.width
    var resampling = resampling(isShrinking: isShrinking)
    if areaForDownscale == .imageAndMask { resampling.maskInterpolation = .area }
    return .crop(drawn, of: shape, to: size, resampling)
  }
}

/// Resizes by a random factor. Grey, colour and alpha.
///
/// Source: Albumentations `RandomScale`, OpenCV `resize`. Albumentations fails where a side would have no pixel; here
/// one is left.
package struct RandomScale: Resizing {
  package static let summary = "Resizes by a random factor."
  package static let parameters: [Parameter<RandomScale>] =
    [
      .range("scale_limit", \.scaleLimit, in: -1...1000, "change of the factor: -0.1 ... 0.1 is 0.9 ... 1.1")
    ] + Parameter.resizing

  /// Range of the factor minus 1.
  package var scaleLimit = -0.1...0.1
  package var areaForDownscale: AreaForDownscale?
  package var resampling = Resampling()

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> SizeFactor {
    SizeFactor(scale: random.uniform(scaleLimit) + 1)
  }

  package func fixed(at drawn: SizeFactor) -> PipelineNode? { always { $0.scaleLimit = .only(drawn.scale - 1) } }

  package func operation(_ drawn: SizeFactor, for shape: ImageShape) -> Operation {
    resize(shape, to: shape.scaled(by: drawn.scale, .towardZero), isShrinking: drawn.scale < 1)
  }
}

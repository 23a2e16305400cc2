/// Crops a part whose height is drawn, and resizes it to a fixed size. Grey, colour and alpha.
///
/// Source: Albumentations `RandomSizedCrop`, OpenCV `resize`. A crop larger than the image is cut to it. Albumentations
/// fails where a crop has no columns; here one is left.
package struct RandomSizedCrop: ResizedCrop {
  package static let summary = "Crops a part of random height at a random place, and resizes it to a fixed size."
  package static let parameters: [Parameter<RandomSizedCrop>] =
    [
      .integers("min_max_height", \.heights, in: 1...65_535, lowest: 1, "range of the crop's height").required,
      .size("size", \.size, "size of the result").required,
      .number("w2h_ratio", \.aspectRatio, in: 1e-6...1e6, "width of the crop as a multiple of its height"),
    ] + Parameter.resizing

  package var heights = 112...224
  package var size = ImageSize(width: 224, height: 224)
  /// Width by height.
  package var aspectRatio = 1.0
  package var areaForDownscale: AreaForDownscale?
  package var resampling = Resampling()

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Rectangle {
    let height = random.integer(heights)
    let width = max(1, Int(Double(height) * aspectRatio))
    return .part(ImageSize(width: width, height: height), of: context.shape, using: &random)
  }
}

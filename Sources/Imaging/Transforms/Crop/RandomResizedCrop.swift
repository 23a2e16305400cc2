internal import Glibc

/// Crops a part whose area and proportions are drawn, and resizes it to a fixed size. Grey, colour and alpha.
///
/// Source: Albumentations `RandomResizedCrop`, OpenCV `resize`. Albumentations fails where no part of the image has
/// legal proportions and a pixel; here one row or column is left.
package struct RandomResizedCrop: ResizedCrop {
  package static let summary = "Crops a part of random area and proportions, and resizes it to a fixed size."
  package static let parameters: [Parameter<RandomResizedCrop>] =
    [
      .size("size", \.size, "size of the result").required,
      .fixedOrRange("scale", \.scale, in: 0...1, "range of the crop's share of the area"),
      .fixedOrRange("ratio", \.ratio, in: 1e-6...1e6, "range of the crop's width by its height"),
    ] + Parameter.resizing

  package var size = ImageSize(width: 224, height: 224)
  package var scale = 0.08...1.0
  package var ratio = 0.75...1.3333333333333333
  package var areaForDownscale: AreaForDownscale?
  package var resampling = Resampling()

  package init() {}

  package func sample(for context: SampleContext, using random: inout RandomStream) -> Rectangle {
    let shape = context.shape
    let area = Double(shape.width * shape.height)
    for _ in 0..<10 {
      let target = random.uniform(scale.lowerBound * area...scale.upperBound * area)
      let proportion = exp(random.uniform(log(ratio.lowerBound)...log(ratio.upperBound)))
      let width = (target * proportion).squareRoot().rounded(.toNearestOrEven)
      let height = (target / proportion).squareRoot().rounded(.toNearestOrEven)
      guard width > 0, height > 0, width <= Double(shape.width), height <= Double(shape.height) else { continue }
      return .part(ImageSize(width: Int(width), height: Int(height)), of: shape, using: &random)
    }
    return .middle(largest(in: shape), of: shape)
  }

  /// The largest size of legal proportions in an image of `shape`.
  private func largest(in shape: ImageShape) -> ImageSize {
    let (width, height) = (Double(shape.width), Double(shape.height))
    var size = shape.size
    if width < ratio.lowerBound * height { size.height = side(width / ratio.lowerBound, of: shape.height) }
    if width > ratio.upperBound * height { size.width = side(height * ratio.upperBound, of: shape.width) }
    return size
  }

  private func side(_ length: Double, of limit: Int) -> Int {
    Int(min(max(1, length.rounded(.toNearestOrEven)), Double(max(1, limit))))
  }
}

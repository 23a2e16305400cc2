/// Crops a random part that holds all boxes. Grey, colour and alpha.
///
/// Source: Albumentations `BBoxSafeRandomCrop`. It fails where the crop has no pixels; here one is left.
package struct BBoxSafeRandomCrop: BoxSafeCrop {
  package static let summary = "Crops a random part that holds all boxes; needs labels."
  package static let parameters: [Parameter<BBoxSafeRandomCrop>] = [.erosionRate]

  package var erosionRate = 0.0

  package init() {}

  package func fixed(at drawn: Rectangle) -> PipelineNode? { .crop(drawn) }

  package func operation(_ drawn: Rectangle, for shape: ImageShape) -> Operation { .crop(drawn, of: shape) }
}

/// Crops the centre; smaller images may be padded first. Grey, colour and alpha.
///
/// Source: Albumentations `CenterCrop`, OpenCV `copyMakeBorder`.
package struct CenterCrop: PaddedCrop {
  package static let summary = "Crops the centre; smaller images may be padded first."

  package var height = 224
  package var width = 224
  package var padIfNeeded = false
  package var padPosition = PadPosition.center
  package var resampling = Resampling()

  package init() {}

  func start(_ last: Int, using random: inout RandomStream) -> Int { last / 2 }

  package func fixed(at drawn: Rectangle) -> PipelineNode? {
    padIfNeeded && padPosition == .random ? .window(drawn, resampling) : always()
  }
}

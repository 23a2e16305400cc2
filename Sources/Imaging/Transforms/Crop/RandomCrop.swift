/// Crops a part of fixed size; smaller images may be padded first. Grey, colour and alpha.
///
/// Source: Albumentations `RandomCrop`, OpenCV `copyMakeBorder`.
package struct RandomCrop: PaddedCrop {
  package static let summary = "Crops a part of fixed size at a random place; smaller images may be padded first."

  package var height = 224
  package var width = 224
  package var padIfNeeded = false
  package var padPosition = PadPosition.center
  package var resampling = Resampling()

  package init() {}

  func start(_ last: Int, using random: inout RandomStream) -> Int { last == 0 ? 0 : random.integer(0...last) }
}

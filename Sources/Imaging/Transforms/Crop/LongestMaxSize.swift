/// Resizes so that the longer side has a given length, or by `max_size_hw` so that the image fits into a box. Grey, colour and alpha.
///
/// Source: Albumentations `LongestMaxSize`, OpenCV `resize`.
package struct LongestMaxSize: MaxSize {
  package static let summary = "Resizes so that the longer side has a given length."

  package var maxSize: [Int] = []
  package var sideLimits: SideLimits?
  package var areaForDownscale: AreaForDownscale?
  package var resampling = Resampling()

  package init() {}

  static func choose(_ first: Double, _ second: Double) -> Double { min(first, second) }
}

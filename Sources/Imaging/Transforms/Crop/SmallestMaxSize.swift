/// Resizes so that the shorter side has a given length, or by `max_size_hw` so that the image covers a box. Grey, colour and alpha.
///
/// Source: Albumentations `SmallestMaxSize`, OpenCV `resize`.
package struct SmallestMaxSize: MaxSize {
  package static let summary = "Resizes so that the shorter side has a given length."

  package var maxSize: [Int] = []
  package var sideLimits: SideLimits?
  package var areaForDownscale: AreaForDownscale?
  package var resampling = Resampling()

  package init() {}

  static func choose(_ first: Double, _ second: Double) -> Double { max(first, second) }
}

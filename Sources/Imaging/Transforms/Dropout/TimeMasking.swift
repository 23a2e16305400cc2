/// Blackens a stripe of the full height in half of the draws. Grey and colour.
///
/// Source: Albumentations `TimeMasking`.
package struct TimeMasking: StripeMasking {
  package static let summary = "Blackens a stripe of the full height in half of the draws."
  package static let identityProbability = 0.5
  package static let parameters: [Parameter<TimeMasking>] = [
    .integer("time_mask_param", \.timeMaskParam, in: 1...65_535, "largest width of the stripe in pixels")
  ]

  package var timeMaskParam = 40

  package init() {}

  var stripes: XYMasking {
    var stripes = XYMasking()
    (stripes.numMasksX, stripes.maskXLength, stripes.fillMask) = (0...1, 0...timeMaskParam, [0])
    return stripes
  }
}

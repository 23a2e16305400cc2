/// Blackens a stripe of the full width in half of the draws. Grey and colour.
///
/// Source: Albumentations `FrequencyMasking`.
package struct FrequencyMasking: StripeMasking {
  package static let summary = "Blackens a stripe of the full width in half of the draws."
  package static let identityProbability = 0.5
  package static let parameters: [Parameter<FrequencyMasking>] = [
    .integer("freq_mask_param", \.freqMaskParam, in: 1...65_535, "largest height of the stripe in pixels")
  ]

  package var freqMaskParam = 30

  package init() {}

  var stripes: XYMasking {
    var stripes = XYMasking()
    (stripes.numMasksY, stripes.maskYLength, stripes.fillMask) = (0...1, 0...freqMaskParam, [0])
    return stripes
  }
}

/// What `ReplayCompose` of Albumentations has recorded about a transform that ran, as a transform that always does the
/// same: its ranges cut to the values drawn.
enum RecordedDraw {
  /// One line of the table: a value drawn, and the range that it came from.
  struct Range: Sendable {
    /// Its names, which differ between versions.
    let drawn: [String]
    let key: String
    let value: @Sendable (Double) -> Double

    init(_ drawn: String..., from key: String, _ value: @escaping @Sendable (Double) -> Double = { $0 }) {
      (self.drawn, self.key, self.value) = (drawn, key, value)
    }
  }

  /// Transforms that draw nothing, or nothing that the image does not decide.
  static let certain: Set<String> = [
    "AutoContrast", "CenterCrop", "Crop", "Equalize", "HorizontalFlip", "InvertImg", "LongestMaxSize", "Morphological",
    "NoOp", "Pad", "PadIfNeeded", "Resize", "SmallestMaxSize", "TimeReverse", "ToGray", "ToRGB", "ToSepia", "Transpose",
    "VerticalFlip",
  ]

  static let ranges: [String: [Range]] = [
    "Blur": [Range("kernel", "ksize", from: "blur_limit")],
    "MedianBlur": [Range("kernel", "ksize", from: "blur_limit")],
    "CLAHE": [Range("clip_limit", from: "clip_limit")],
    "Defocus": [Range("radius", from: "radius"), Range("alias_blur", from: "alias_blur")],
    "Downscale": [Range("scale", from: "scale_range")],
    "HueSaturationValue": [
      Range("hue_shift", from: "hue_shift_limit"), Range("sat_shift", from: "sat_shift_limit"),
      Range("val_shift", from: "val_shift_limit"),
    ],
    "ImageCompression": [Range("quality", from: "quality_range")],
    "Posterize": [Range("num_bits", from: "num_bits")],
    "RGBShift": [
      Range("r_shift", from: "r_shift_limit"), Range("g_shift", from: "g_shift_limit"),
      Range("b_shift", from: "b_shift_limit"),
    ],
    "RandomBrightnessContrast": [
      Range("alpha", from: "contrast_limit") { $0 - 1 }, Range("beta", from: "brightness_limit"),
    ],
    "RandomGamma": [Range("gamma", from: "gamma_limit") { $0 * 100 }],
    "RandomScale": [Range("scale", from: "scale_limit") { $0 - 1 }],
    "RandomSnow": [Range("snow_point", from: "snow_point_range")],
    "Rotate": [Range("angle", from: "limit")],
    "ShiftScaleRotate": [
      Range("angle", from: "rotate_limit"), Range("scale", from: "scale_limit") { $0 - 1 },
      Range("dx", from: "shift_limit_x"),
      Range("dy", from: "shift_limit_y"),
    ],
    "Solarize": [Range("threshold", from: "threshold_range") { $0 > 1 ? $0 / 255 : $0 }],
  ]

  /// Crops at a place that was drawn; those with a size of their own are then resized.
  static let crops: Set<String> = [
    "AtLeastOneBBoxRandomCrop", "BBoxSafeRandomCrop", "CropNonEmptyMaskIfExists", "RandomCrop", "RandomCropFromBorders",
    "RandomCropNearBBox", "RandomResizedCrop", "RandomSizedBBoxSafeCrop", "RandomSizedCrop",
  ]
  static let sizedCrops: Set<String> = ["RandomResizedCrop", "RandomSizedBBoxSafeCrop", "RandomSizedCrop"]

  /// Mirrors and quarter turns as steps that draw nothing.
  static let turns = [
    "e": [], "r90": ["Transpose", "VerticalFlip"], "r180": ["HorizontalFlip", "VerticalFlip"],
    "r270": ["Transpose", "HorizontalFlip"], "v": ["VerticalFlip"], "h": ["HorizontalFlip"], "t": ["Transpose"],
    "hvt": ["HorizontalFlip", "VerticalFlip", "Transpose"],
  ]
}

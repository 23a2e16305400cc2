/// What Albumentations has under a name, in 2.0.8 or before: so that a file is never answered with a class of another
/// name, and the reason why something cannot run here is said.
enum LibraryClass {
  /// What a class is that cannot run here.
  enum Kind: Sendable {
    case transform, function, textOfCalls, volume
  }

  /// `nil`: Albumentations has no such class.
  static func kind(of name: String) -> Kind? {
    if name == "Lambda" { return .function }
    if name == "TextImage" { return .textOfCalls }
    if volumes.contains(name) { return .volume }
    return transforms.contains(name) || LegacyClass.named(name) != nil ? .transform : nil
  }

  private static let volumes: Set<String> = [
    "CenterCrop3D", "CoarseDropout3D", "CubicSymmetry", "Pad3D", "PadIfNeeded3D", "RandomCrop3D", "ToTensor3D",
  ]

  private static let transforms: Set<String> = [
    "AdditiveNoise", "AdvancedBlur", "Affine", "AtLeastOneBBoxRandomCrop", "AutoContrast", "BBoxSafeRandomCrop", "Blur",
    "CLAHE", "CenterCrop", "ChannelDropout", "ChannelShuffle", "ChromaticAberration", "CoarseDropout", "ColorJitter",
    "ConstrainedCoarseDropout", "Crop", "CropAndPad", "CropNonEmptyMaskIfExists", "D4", "Defocus", "Downscale",
    "ElasticTransform", "Emboss", "Equalize", "Erasing", "FDA", "FancyPCA", "Flip", "FrequencyMasking", "FromFloat",
    "GaussNoise", "GaussianBlur", "GlassBlur", "GridDistortion", "GridDropout", "GridElasticDeform", "HEStain",
    "HistogramMatching", "HorizontalFlip", "HueSaturationValue", "ISONoise", "Illumination", "ImageCompression",
    "InvertImg", "LongestMaxSize", "MaskDropout", "MedianBlur", "MixUp", "Morphological", "Mosaic", "MotionBlur",
    "MultiplicativeNoise", "NoOp", "Normalize", "OpticalDistortion", "OverlayElements", "Pad", "PadIfNeeded",
    "Perspective", "PiecewiseAffine", "PixelDistributionAdaptation", "PixelDropout", "PlanckianJitter",
    "PlasmaBrightnessContrast", "PlasmaShadow", "Posterize", "RGBShift", "RandomBrightnessContrast", "RandomCrop",
    "RandomCropFromBorders", "RandomCropNearBBox", "RandomFog", "RandomGamma", "RandomGravel", "RandomGridShuffle",
    "RandomRain", "RandomResizedCrop", "RandomRotate90", "RandomScale", "RandomShadow", "RandomSizedBBoxSafeCrop",
    "RandomSizedCrop", "RandomSnow", "RandomSunFlare", "RandomToneCurve", "Resize", "RingingOvershoot", "Rotate",
    "SafeRotate", "SaltAndPepper", "Sharpen", "ShiftScaleRotate", "ShotNoise", "SmallestMaxSize", "Solarize", "Spatter",
    "SquareSymmetry", "Superpixels", "TemplateTransform", "ThinPlateSpline", "TimeMasking", "TimeReverse",
    "ToFloat", "ToGray", "ToRGB", "ToSepia", "ToTensorV2", "Transpose", "UnsharpMask", "VerticalFlip", "XYMasking",
    "ZoomBlur",
  ]
}

/// Keys that 2.0.8 writes for a class without their having an effect there.
enum RedundantParameter {
  static func names(of name: String) -> [String] { table[name] ?? [] }

  private static let table = [
    "RGBShift": ["noise_type", "spatial_mode", "noise_params", "approximation"],
    "PadIfNeeded": ["padding"],
    "Equalize": ["mask", "mask_params"],
    "SafeRotate": [
      "scale", "balanced_scale", "translate_percent", "translate_px", "keep_ratio", "rotate", "shear", "fit_output",
    ],
    "TimeMasking": stripes,
    "FrequencyMasking": stripes,
  ]
  private static let stripes = ["mask_x_length", "mask_y_length", "num_masks_x", "num_masks_y", "fill", "fill_mask"]
}

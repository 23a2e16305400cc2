/// The transforms available in pipeline files.
package enum TransformCatalog {
  /// Every transform, grouped by family.
  package static let all = families.flatMap(\.transforms)

  package static let families: [TransformFamily] = [
    TransformFamily("Crop", crop, everything), TransformFamily("Geometric", geometric, everything),
    TransformFamily("Color", color), TransformFamily("Blur", blur), TransformFamily("Noise", noise),
    TransformFamily("Dropout", dropout, "the image; masks where fill_mask is given; labels lose what is covered"),
    TransformFamily("Weather", weather), TransformFamily("Mixing", mixing),
  ]

  private static let everything = "the image with its transparency, masks, boxes, polygons and keypoints"

  private static let crop: [any Transform.Type] = [
    Resize.self,
    RandomCrop.self,
    RandomResizedCrop.self,
    PadIfNeeded.self,
    LongestMaxSize.self,
    RandomSizedCrop.self,
    SmallestMaxSize.self,
    RandomScale.self,
    CenterCrop.self,
    RandomSizedBBoxSafeCrop.self,
    CropNonEmptyMaskIfExists.self,
    BBoxSafeRandomCrop.self,
    AtLeastOneBBoxRandomCrop.self,
    Crop.self,
    Pad.self,
    RandomCropFromBorders.self,
    CropAndPad.self,
    RandomCropNearBBox.self,
  ]

  private static let geometric: [any Transform.Type] = [
    HorizontalFlip.self,
    VerticalFlip.self,
    Transpose.self,
    RandomRotate90.self,
    D4.self,
    SquareSymmetry.self,
    TimeReverse.self,
    ShiftScaleRotate.self,
    Rotate.self,
    SafeRotate.self,
    Affine.self,
    Perspective.self,
    ElasticTransform.self,
    GridDistortion.self,
    OpticalDistortion.self,
    PiecewiseAffine.self,
    ThinPlateSpline.self,
    GridElasticDeform.self,
    RandomGridShuffle.self,
    Morphological.self,
  ]

  private static let color: [any Transform.Type] = [
    RandomBrightnessContrast.self,
    HueSaturationValue.self,
    CLAHE.self,
    RandomGamma.self,
    ChannelShuffle.self,
    Posterize.self,
    InvertImg.self,
    Solarize.self,
    ColorJitter.self,
    RGBShift.self,
    ToGray.self,
    Equalize.self,
    FancyPCA.self,
    ChannelDropout.self,
    RandomToneCurve.self,
    ToSepia.self,
    AutoContrast.self,
    ToRGB.self,
    PlanckianJitter.self,
    Illumination.self,
    PlasmaBrightnessContrast.self,
    PlasmaShadow.self,
    HEStain.self,
    Superpixels.self,
    ChromaticAberration.self,
  ]

  private static let blur: [any Transform.Type] = [
    GaussianBlur.self,
    Sharpen.self,
    MotionBlur.self,
    ImageCompression.self,
    MedianBlur.self,
    Blur.self,
    Emboss.self,
    Downscale.self,
    GlassBlur.self,
    ZoomBlur.self,
    Defocus.self,
    UnsharpMask.self,
    RingingOvershoot.self,
    AdvancedBlur.self,
  ]

  private static let noise: [any Transform.Type] = [
    GaussNoise.self,
    ISONoise.self,
    MultiplicativeNoise.self,
    AdditiveNoise.self,
    ShotNoise.self,
    SaltAndPepper.self,
  ]

  private static let dropout: [any Transform.Type] = [
    CoarseDropout.self,
    GridDropout.self,
    PixelDropout.self,
    MaskDropout.self,
    Erasing.self,
    ConstrainedCoarseDropout.self,
    XYMasking.self,
    TimeMasking.self,
    FrequencyMasking.self,
  ]

  private static let weather: [any Transform.Type] = [
    RandomShadow.self,
    RandomFog.self,
    RandomRain.self,
    RandomSnow.self,
    RandomGravel.self,
    RandomSunFlare.self,
    Spatter.self,
  ]

  private static let mixing: [any Transform.Type] = [
    Mosaic.self,
    MixUp.self,
    HistogramMatching.self,
    PixelDistributionAdaptation.self,
    FDA.self,
    OverlayElements.self,
    TemplateTransform.self,
  ]

  package static func type(named name: String) -> (any Transform.Type)? { all.first { $0.name == name } }
}

/// Transforms of one kind, in the folder of this name.
package struct TransformFamily: Sendable {
  package let name: String
  package let transforms: [any Transform.Type]
  /// What they change.
  package let targets: String

  fileprivate init(_ name: String, _ transforms: [any Transform.Type], _ targets: String = "the image") {
    (self.name, self.transforms, self.targets) = (name, transforms, targets)
  }
}
